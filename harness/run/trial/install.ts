import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { installAgent } from '../../agent/build.js';
import { putAll } from '../../connect/archive.js';
import { atStage } from '../../connect/stage.js';
import { BenchError, problemOf } from '../../errors.js';
import { freeBytes } from '../../host/prepare.js';
import type { Executor, Guest, Installation, ProfileId, Suite, Tool } from '../../types.js';
import type { HostSession } from '../session/session.js';

/** A suite ready to run in a guest. */
export interface InstalledSuite {
  readonly installation: Installation;
  /** Directory of the suite's own files in the guest. */
  readonly dir: string;
}

/** Puts the agent into a guest; returns its path there. */
export async function installAgentIn(session: HostSession, guest: Guest): Promise<string> {
  const { path } = await installAgent(guest.executor, guest.workDir, session.connection, session.agent);
  return path;
}

/**
 * Puts a suite's files into a guest, in a directory named after their content, and lets the suite find or build its
 * tools. Fast when it was done before. Throws a `BenchError` of stage `install`.
 */
export async function installSuite(session: HostSession, guest: Guest, suite: Suite): Promise<InstalledSuite> {
  const files = await Promise.all(
    suite.needs.files.map(async ({ name, source }) => ({ name, content: await readFile(source) })),
  );
  const executor = atStage(guest.executor, 'install');
  const dir = `${guest.workDir}/suites/${suite.id}-${contentHash(files)}`;
  try {
    await putOnce(executor, dir, files);
    const installation = await suite.install({
      executor,
      dir,
      cpus: guest.cpus,
      toolDirs: session.host.config.toolDirs?.[suite.id] ?? [],
    });
    return { installation, dir };
  } catch (error) {
    if (error instanceof BenchError) throw error;
    throw new BenchError({ ...problemOf(error, 'install') }, { cause: error });
  }
}

const MAX_NAMED_TOOLS = 5;

/** Pure: the tools of a suite by where they come from. */
export function describeTools({ tools }: Pick<Installation, 'tools'>): string {
  const from = (wanted: Tool['origin']): string[] => {
    const names = Object.entries(tools).flatMap(([name, { origin }]) => (origin === wanted ? [name] : []));
    if (names.length === 0) return [];
    const more = names.length - MAX_NAMED_TOOLS;
    const listed = more > 0 ? `${names.slice(0, MAX_NAMED_TOOLS).join(', ')} and ${more} more` : names.join(', ');
    return [`${wanted === 'target' ? 'found on the target' : 'built from this project'}: ${listed}`];
  };
  return [...from('project'), ...from('target')].join('; ');
}

/** Throws when the guest's work directory has less free space than the suite's profile needs. */
export async function checkScratch(guest: Guest, suite: Suite, profile: ProfileId): Promise<void> {
  const needed = suite.profiles[profile].scratchBytes;
  const free = await freeBytes(guest.executor, guest.workDir);
  if (free >= needed) return;
  throw new BenchError({
    stage: 'install',
    message: `not enough free space in ${guest.workDir} of ${guest.executor.where}`,
    expected: `${inWords(needed)} free`,
    found: inWords(free),
    hint: 'free disk space, or set workDir to a larger file system',
  });
}

const inWords = (bytes: number): string =>
  bytes < 2 ** 20 ? `${Math.floor(bytes / 2 ** 10)} KiB` : `${Math.floor(bytes / 2 ** 20)} MiB`;

type SuiteContent = readonly { readonly name: string; readonly content: Uint8Array }[];

async function putOnce(executor: Executor, dir: string, files: SuiteContent): Promise<void> {
  const complete = '.complete';
  const known = await executor.exec({ argv: ['test', '-f', `${dir}/${complete}`] });
  if (known.exit.kind === 'code' && known.exit.code === 0) return;
  const all = files.map(({ name, content }) => ({ name, content, mode: 0o755 }));
  await putAll(executor, dir, [...all, { name: complete, content: '', mode: 0o644 }]);
}

function contentHash(files: SuiteContent): string {
  const hash = createHash('sha256');
  for (const { name, content } of files) hash.update(`${name}\0${content.length}\0`).update(content);
  return hash.digest('hex').slice(0, 12);
}
