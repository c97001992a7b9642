import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Installation, ProfileId, RawTrial, Step, StepContext, Suite } from '../../harness/types.js';
import { readRawFile } from '../../harness/trial/raw-trial.js';
import { here, openBench, runTrial, spec, type Ended } from '../agent/fixture.js';

/** A suite that is installed on this machine as on a guest, in a directory of its own. */
export interface Installed {
  readonly installation: Installation;
  /** A whole trial under the agent; `stepsOf` gives its steps. */
  run(stepsOf: (context: StepContext) => readonly Step[], profile?: ProfileId): Promise<Ended & { trial: RawTrial }>;
  /** Where the next trial's scratch directory will be. */
  scratch(): string;
  remove(): Promise<void>;
}

/** Installs a suite here with its files in one folder. Throws what its `install` throws. */
export async function installHere(suite: Suite): Promise<Installed> {
  const bench = await openBench();
  const dir = join(bench.dir, 'suite');
  await mkdir(dir);
  for (const { name, source } of suite.needs.files) {
    await here.put({ path: join(dir, basename(name)), content: await readFile(source) });
  }
  const installation = await suite.install({ executor: here, dir, cpus: [0], toolDirs: [] });
  let trials = 0;
  const scratch = (): string => `${bench.trial(`t${trials}`)}/scratch`;
  return {
    installation,
    scratch,
    run: async (stepsOf, profile = 'quick') => {
      const steps = stepsOf({ profile, installation, scratch: scratch(), dir, cpus: [0] });
      const ended = await runTrial(bench, spec(bench.trial(`t${trials}`), steps));
      trials += 1;
      return { ...ended, trial: readRawFile('raw/t0001.1.txt', ended.raw, { profile, installation }) };
    },
    remove: () => bench.remove(),
  };
}

/** Why a suite cannot run here, as an addition to a test's title; empty when it can. */
export async function lacking(suite: Suite): Promise<string> {
  try {
    await (await installHere(suite)).remove();
    return '';
  } catch (error) {
    return `: needs what is not here (${error instanceof Error ? error.message : String(error)})`;
  }
}
