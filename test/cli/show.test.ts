import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { show } from '../../harness/cli/show.js';
import { makePlan } from '../../harness/run/plan/plan.js';
import { createRun } from '../../harness/store/index.js';
import { dummySuite } from '../run/dummy-suite.js';
import { printerOn } from './captured-printer.js';

let runsDir = '';
beforeEach(async () => {
  runsDir = await mkdtemp(join(tmpdir(), 'bench-show-'));
});
afterEach(() => rm(runsDir, { recursive: true, force: true }));

it('a trial that has not run yet has no record to show, and the run is listed with it', async () => {
  const targets = [{ id: 'linux-up', host: 'alpha', platform: 'native', shape: { cpus: [1] }, options: {} }] as const;
  const plan = makePlan({ seed: 1, profile: 'quick', suites: [dummySuite()], targets, trials: 1 });
  await (await createRun(runsDir, plan, new Date(0))).close();
  const { printer, stdout } = printerOn(false);
  const options = { runsDir, json: false, verbose: false };
  await expect(show({ printer, process }, options, 'latest', 't0001')).rejects.toThrow(
    /trial t0001 has no record yet.*bench run --resume/,
  );
  await expect(show({ printer, process }, options, 'latest', undefined)).resolves.toBe(0);
  expect((stdout as unknown as { text: () => string }).text()).toMatch(/^t0001 .* pending$/m);
});
