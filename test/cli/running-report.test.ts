import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeRunningReport } from '../../harness/cli/running-report.js';
import { BenchError } from '../../harness/errors.js';
import { makePlan } from '../../harness/run/plan/plan.js';
import { createRun } from '../../harness/store/index.js';
import { dummySuite } from '../run/dummy-suite.js';
import { printerOn } from './captured-printer.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bench-running-report-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** The id of a run in which nothing has been measured yet. */
async function begun(): Promise<string> {
  const target = { id: 'linux-up', host: 'alpha', platform: 'native', shape: { cpus: [1] }, options: {} } as const;
  const plan = makePlan({ seed: 3, profile: 'quick', trials: 2, suites: [dummySuite()], targets: [target] });
  const run = await createRun(join(folder, 'runs'), plan, new Date('2026-01-02T03:04:05.000Z'));
  await run.close();
  return run.id;
}

it('is written after a block, and when the last one is a minute old; whole, and marked as partial', async () => {
  const run = await begun();
  const { printer } = printerOn(false);
  let now = 0;
  const file = join(folder, 'out', 'r.md');
  const report = makeRunningReport(printer, () => now, file, join(folder, 'runs'));
  const isThere = async (): Promise<boolean> => {
    const names = await readdir(join(folder, 'out')).catch(() => []);
    await rm(join(folder, 'out'), { recursive: true, force: true });
    return names.length === 1 && names[0] === 'r.md';
  };
  await report.betweenTrials(run, { blockEnded: false });
  expect(await isThere()).toBe(false);
  await report.betweenTrials(run, { blockEnded: true });
  expect(await readFile(file, 'utf8')).toContain('**Partial.** 0 of 2 trials have been run.');
  expect(await isThere()).toBe(true);
  now = 59_999;
  await report.betweenTrials(run, { blockEnded: false });
  expect(await isThere()).toBe(false);
  now = 60_000;
  await report.betweenTrials(run, { blockEnded: false });
  expect(await isThere()).toBe(true);
});

it('never stops a run: what cannot be written is a line', async () => {
  const { printer, stderr } = printerOn(false);
  const report = makeRunningReport(printer, () => 0, join(folder, 'r.html'), join(folder, 'runs'));
  await report.write('20260102-030405-dummy-000000');
  expect(stderr.text()).toMatch(/^cannot write the report: .*there is no run/);
});

it('refuses a file whose extension names no format', () => {
  const make = () => makeRunningReport(printerOn(false).printer, () => 0, 'r.pdf', 'runs');
  expect(make).toThrow(BenchError);
  expect(make).toThrow(/ends in .*\.html.*found r\.pdf/);
});
