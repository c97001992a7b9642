import { dirname } from 'node:path';
import type { Archive } from './archive.js';
import { command } from './command.js';

/** Documentation and translations are a third of the files and no program needs them. */
const EXCLUDED = ['/usr/share/man/*', '/usr/share/doc/*', '/usr/share/locale/*', '/usr/share/info/*'];

/** Makes a Debian root file system with these packages at `path`; temporary files are beside it. */
export async function bootstrap(
  path: string,
  packages: readonly string[],
  archive: Archive,
  options: { readonly report: (line: string) => void; readonly env?: Readonly<Record<string, string>> },
): Promise<void> {
  const lines = archive.sources.map((line) => `${line}\n`).join('');
  await command(
    [
      // If this process is killed, so is everything below: a pid namespace ends with its first process, and its mounts
      // are in a namespace of their own.
      'setpriv',
      ...['--pdeathsig', 'KILL'],
      ...['unshare', '--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc'],
      ...['mmdebstrap', '--mode=root', '--variant=minbase', `--include=${packages.join(',')}`],
      ...archive.settings.map((setting) => `--aptopt=${setting}`),
      ...EXCLUDED.map((pattern) => `--dpkgopt=path-exclude=${pattern}`),
      ...[archive.suite, path, '-'],
    ],
    {
      input: lines,
      env: { ...options.env, TMPDIR: dirname(path), DEBIAN_FRONTEND: 'noninteractive' },
      onErrorLine: (line) => {
        if (line.startsWith('I: ')) options.report(`  ${line.slice(3)}`);
      },
    },
  );
}
