import { join } from 'node:path';
import { BenchError } from '../errors.js';
import { listRuns, loadRun, readRecords, sha256 } from '../store/index.js';
import type { RunId, TargetId } from '../types.js';
import type { ForeignFile } from './foreign-files.js';

/** A file of an import that a run has already, under this path. */
export interface KnownFile {
  readonly file: ForeignFile;
  readonly run: RunId;
  readonly path: string;
}

/** Below this two measurements may print the same bytes: `67.108864 138` is all that lat_mmap prints. */
const MIN_TELLING_BYTES = 200;

/**
 * The files that an import of this suite has already put into a run of the folder, whatever their names and whichever files
 * were with them: the same bytes are one measurement. Throws a `BenchError` of stage `config` where that was of another
 * target, unless the file is so short that both may have printed it. Runs that are damaged do not count.
 */
export async function knownFiles(
  runsDir: string,
  files: readonly ForeignFile[],
  { suite, target }: { readonly suite: string; readonly target: TargetId },
): Promise<readonly KnownFile[]> {
  const wanted = new Map(files.map((file) => [sha256(file.bytes), file]));
  const known = new Map<ForeignFile, KnownFile>();
  for (const run of await listRuns(runsDir)) {
    const found = (await readRecords(join(runsDir, run), [])).flatMap((record) =>
      record.origin !== 'imported' || record.benchmark !== suite || record.outcome.status !== 'collected'
        ? []
        : record.outcome.artifacts.flatMap((artifact) => {
            const file = wanted.get(artifact.sha256);
            return file === undefined ? [] : [{ file, path: artifact.path, target: record.target }];
          }),
    );
    if (found.length === 0 || (await loadRun(runsDir, run)).damage.length > 0) continue;
    for (const one of found) {
      if (one.target === target) known.set(one.file, { file: one.file, run, path: one.path });
      else if (one.file.bytes.length >= MIN_TELLING_BYTES) throw otherTarget(one, run, target);
    }
  }
  return [...known.values()];
}

function otherTarget(
  { file, path, target }: { readonly file: ForeignFile; readonly path: string; readonly target: TargetId },
  run: RunId,
  requested: TargetId,
): BenchError {
  return new BenchError({
    stage: 'config',
    message: `${file.path} is the same output as ${path} of run ${run}`,
    expected: `output of target ${requested}`,
    found: `that of target ${target}`,
    hint: `one of the two imports names the wrong target: remove run ${run} if it is that one; nothing was written`,
  });
}
