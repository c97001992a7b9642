import { readFile } from 'node:fs/promises';
import { BenchError } from '../errors.js';
import { command } from './command.js';

/** A Debian release and where this machine gets it from. */
export interface Archive {
  /** Code name, for example `bookworm`. */
  readonly suite: string;
  /** Lines of sources.list(5), from the machine's own configuration. */
  readonly sources: readonly string[];
  /** apt.conf(5) settings that reaching the archive needs here: proxies, checks that were turned off. */
  readonly settings: readonly string[];
}

const FORMAT = '$(ORIGIN)\t$(CODENAME)\t$(REPO_URI)\t$(RELEASE)\t$(COMPONENT)';
const SETTINGS = ['Acquire::http::Proxy', 'Acquire::https::Proxy', 'Acquire::Check-Valid-Until', 'Acquire::Check-Date'];

/**
 * What apt itself makes of its sources, in either format; only what the Debian project signed as its own (Origin) and
 * only of the release that this machine runs.
 */
export async function debianArchive(report: (line: string) => void): Promise<Archive> {
  const suite = readCodename(await readFile('/etc/os-release', 'utf8'));
  let sources = await ownSources(suite);
  if (sources.length === 0) {
    // The origin is known only once the indexes are there, and images of containers come without them.
    report('apt has no indexes: apt-get update');
    await command(['apt-get', '-o', 'DPkg::Lock::Timeout=300', 'update']);
    sources = await ownSources(suite);
  }
  if (sources.length === 0) {
    throw new BenchError({
      stage: 'prepare',
      message: `apt on this machine has no source of Debian ${suite}`,
      expected: 'at least one enabled entry of the Debian archive in /etc/apt/sources.list.d',
      found: 'none with Origin: Debian',
    });
  }
  const settings = await command(['apt-config', 'dump', '--format', '%F "%v";%n', ...SETTINGS]);
  return { suite, sources, settings: settings.split('\n').filter((line) => line !== '' && !line.endsWith(' "";')) };
}

async function ownSources(suite: string): Promise<readonly string[]> {
  return readSources(await command(['apt-get', 'indextargets', '--format', FORMAT, 'Created-By: Packages']), suite);
}

/** `VERSION_CODENAME` of os-release(5). */
export function readCodename(osRelease: string): string {
  const name = /^VERSION_CODENAME=["']?([a-z]+)["']?$/m.exec(osRelease)?.[1];
  if (name === undefined || !/^ID=["']?debian["']?$/m.test(osRelease)) {
    throw new BenchError({
      stage: 'prepare',
      message: 'the lab makes its root file systems from the Debian archive that this machine uses',
      expected: 'a Debian release with a code name in /etc/os-release',
      found: /^PRETTY_NAME=(.*)$/m.exec(osRelease)?.[1] ?? 'another system',
    });
  }
  return name;
}

/** Reads the lines that `apt-get indextargets --format` printed, see `FORMAT`; one source line a repository. */
export function readSources(targets: string, suite: string): readonly string[] {
  const components = new Map<string, Set<string>>();
  for (const line of targets.split('\n')) {
    const [origin, codename = '', uri = '', release = '', component = ''] = line.split('\t');
    if (origin !== 'Debian' || !(codename === suite || codename.startsWith(`${suite}-`))) continue;
    const repository = `${uri} ${release}`;
    components.set(repository, (components.get(repository) ?? new Set()).add(component));
  }
  return [...components].map(([repository, names]) => `deb ${repository} ${[...names].join(' ')}`);
}
