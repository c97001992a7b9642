import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf } from '../errors.js';
import { MAX_RAW_BYTES } from '../trial/raw-file.js';
import type { Artifact, RawFiles, TrialRecord } from '../types.js';
import { sha256 } from './canonical.js';
import { checksumRegular, readRegularNow } from './files.js';

/** Raw files checked at once: enough to keep a disk busy, well below the limit of open files. */
const CHECKS_AT_ONCE = 32;

/**
 * The files of these records that are as they were stored, and what is wrong with the others. Every file is read once here,
 * in pieces; its bytes are read again, and compared again, when they are used: a run takes no more memory than a trial.
 */
export async function findRawFiles(
  directory: string,
  records: readonly TrialRecord[],
): Promise<{ readonly raw: RawFiles; readonly damage: readonly string[] }> {
  const wanted = records.flatMap((record) => (record.outcome.status === 'skipped' ? [] : record.outcome.artifacts));
  const problems: (string | undefined)[] = [];
  const queue = wanted.entries();
  const worker = async (): Promise<void> => {
    for (const [index, artifact] of queue) problems[index] = await problemOf(directory, artifact);
  };
  await Promise.all(Array.from({ length: CHECKS_AT_ONCE }, worker));
  const damage = wanted.flatMap(({ path }, index) => {
    const problem = problems[index];
    return problem === undefined ? [] : [`${path}: ${problem}`];
  });
  const intact = wanted.filter((_, index) => problems[index] === undefined);
  return { raw: readWhenUsed(directory, intact), damage };
}

/** A file that changed since it was checked is undefined. */
function readWhenUsed(directory: string, artifacts: readonly Artifact[]): RawFiles {
  const known = new Map(artifacts.map((artifact) => [artifact.path, artifact]));
  const get = (path: string): Uint8Array | undefined => {
    const artifact = known.get(path);
    if (artifact === undefined) return undefined;
    const { bytes } = readRegularNow(join(directory, path), limitOf(artifact));
    return bytes !== undefined && sha256(bytes) === artifact.sha256 ? bytes : undefined;
  };
  function* entries(): Generator<readonly [string, Uint8Array]> {
    for (const path of known.keys()) {
      const bytes = get(path);
      if (bytes !== undefined) yield [path, bytes];
    }
  }
  function* values(): Generator<Uint8Array> {
    for (const [, bytes] of entries()) yield bytes;
  }
  return { size: known.size, get, values, [Symbol.iterator]: entries };
}

/** Why the bytes of an artifact cannot be trusted; undefined when they can. */
async function problemOf(directory: string, artifact: Artifact): Promise<string | undefined> {
  try {
    const path = join(directory, artifact.path);
    // No folder on the way may be a link, either.
    const folder = await realpath(dirname(path));
    if (folder !== join(await realpath(directory), dirname(artifact.path))) return 'is behind a link';
    const found = await checksumRegular(path, limitOf(artifact));
    if (found.why !== undefined) return found.why;
    if (found.length !== artifact.bytes) return `has ${found.length} bytes, not ${artifact.bytes} as stored`;
    return found.sha256 === artifact.sha256 ? undefined : 'is not what was stored (its checksum differs)';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'is missing';
    return `cannot be read: ${messageOf(error)}`;
  }
}

const limitOf = ({ bytes }: Artifact): number => Math.min(bytes, MAX_RAW_BYTES);
