import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { list } from '../../harness/cli/list.js';
import { loadRuns } from '../../harness/cli/runs.js';
import { makePlan } from '../../harness/run/plan/plan.js';
import { createRun, summarizeRuns } from '../../harness/store/index.js';
import type { TrialRecord } from '../../harness/types.js';
import { printerOn } from '../cli/captured-printer.js';
import { dummySuite } from '../run/dummy-suite.js';
import { created, plan, record } from './stored-run.js';

let runsDir = '';
beforeEach(async () => {
  runsDir = await mkdtemp(join(tmpdir(), 'bench-summary-'));
});
afterEach(() => rm(runsDir, { recursive: true, force: true }));

const ids = plan.trials.map(({ id }) => id);

/** Stores a run with these records, and returns its id. */
async function store(records: readonly TrialRecord[], of = plan): Promise<string> {
  const run = await createRun(runsDir, of, created);
  for (const one of records) await run.record(one);
  await run.close();
  return run.id;
}

const collected = (trial: string): TrialRecord => record(trial, []);
const voided = (trial: string, attempt: number): TrialRecord => ({
  ...record(trial, []),
  attempt,
  outcome: { status: 'void', reason: 'foreign load', artifacts: [] },
});
const failed = (trial: string): TrialRecord => ({
  ...record(trial, []),
  outcome: { status: 'failed', problem: { stage: 'measure', message: 'it ended with 1' }, artifacts: [] },
});
const unneeded = (trial: string): TrialRecord => ({
  ...record(trial, []),
  outcome: { status: 'skipped', reason: 'precise enough' },
});

const precise = makePlan({
  seed: 1,
  profile: 'quick',
  suites: [dummySuite()],
  targets: plan.targets,
  precision: { ciWidth: 0.01, minTrials: 3, maxTrials: plan.trials.length },
});

const voidThenCollected = [voided('t0001', 1), ...ids.map((id) => ({ ...collected(id), attempt: 2 }))];
const enough = precise.trials.map(({ id }, index) => (index < 3 ? collected(id) : unneeded(id)));

it.each([
  { state: 'complete', what: 'every trial collected', records: ids.map(collected) },
  { state: 'complete', what: 'a trial void once and then collected', records: voidThenCollected },
  { state: 'complete', what: 'trials that were not needed', records: enough, of: precise },
  { state: 'partial', what: 'nothing yet', records: [] },
  { state: 'partial', what: 'one trial', records: [collected('t0001')] },
  { state: 'partial', what: 'a failed trial', records: [failed('t0001'), ...ids.slice(1).map(collected)] },
  { state: 'void', what: 'only void trials', records: ids.map((id) => voided(id, 1)) },
  { state: 'void', what: 'only failed trials', records: ids.map(failed) },
])('a run is $state: $what', async ({ state, records, of }) => {
  const id = await store(records, of);
  expect(await summarizeRuns(runsDir)).toMatchObject([{ id, state, targets: ['linux-up'], benchmarks: ['dummy'] }]);
});

it('counts each trial by its last attempt', async () => {
  await store([voided('t0001', 1), { ...collected('t0001'), attempt: 2 }, voided('t0002', 1)]);
  const [{ trials } = {}] = await summarizeRuns(runsDir);
  const pending = ids.length - 2;
  expect(trials).toEqual({ planned: ids.length, collected: 1, failed: 0, void: 1, skipped: 0, pending });
});

it('lists what cannot be read as such, and goes on', async () => {
  const whole = await store(ids.map(collected));
  await writeFile(join(runsDir, 'a-file'), '');
  for (const name of ['no-run', 'no-plan', 'no-json', 'older', 'cut']) await mkdir(join(runsDir, name));
  await writeFile(join(runsDir, 'no-plan/records.jsonl'), '');
  await writeFile(join(runsDir, 'no-json/plan.json'), '{');
  await writeFile(join(runsDir, 'older/plan.json'), '{"plan":{"schema":"bench-plan/1"}}');
  const cut = await store([]);
  await appendFile(join(runsDir, cut, 'records.jsonl'), '{"schema":"bench-rec');
  const listed = await summarizeRuns(runsDir);
  expect(Object.fromEntries(listed.map(({ id, state }) => [id, state]))).toEqual({
    [whole]: 'complete',
    [cut]: 'damaged',
    'no-plan': 'damaged',
    'no-json': 'damaged',
    older: 'other format',
  });
  for (const { state, problem } of listed) expect(problem === undefined).toBe(state === 'complete');
});

it('bench list runs prints a row for each, and JSON with their sizes', async () => {
  const id = await store(ids.map(collected));
  await writeFile(join(runsDir, id, 'raw', 'bytes'), Buffer.alloc(3 * 2 ** 20));
  const options = { runsDir, hosts: 'hosts.json', verbose: false };
  const text = printerOn(false);
  expect(await list({ printer: text.printer, process }, { ...options, json: false }, 'runs')).toBe(0);
  const n = ids.length;
  expect(text.stdout.text()).toMatch(
    new RegExp(`^${id}  2026-01-02 03:04  complete  ${n} of ${n} trials  linux-up  dummy \\(quick\\)  3\\.0 MiB\n$`),
  );
  const json = printerOn(false);
  await list({ printer: json.printer, process }, { ...options, json: true }, 'runs');
  const [first] = JSON.parse(json.stdout.text()) as { bytes: number }[];
  expect(first?.bytes).toBeGreaterThan(3 * 2 ** 20);
});

it('a report of the folder skips a run whose plan cannot be read, and refuses it by name', async () => {
  const whole = await store(ids.map(collected));
  await mkdir(join(runsDir, 'damaged'));
  await writeFile(join(runsDir, 'damaged/plan.json'), '{');
  const warnings: string[] = [];
  const loaded = await loadRuns(runsDir, [], (line) => warnings.push(line));
  expect(loaded.map(({ id }) => id)).toEqual([whole]);
  expect(warnings).toEqual([expect.stringMatching(/damaged\/plan\.json is no plan.*: skipped$/)]);
  await expect(loadRuns(runsDir, ['damaged'], () => undefined)).rejects.toThrow(/is no plan/);
});

it('a folder of runs that is a file is refused before a run is made in it', async () => {
  await writeFile(join(runsDir, 'file'), '');
  const into = createRun(join(runsDir, 'file'), plan, created);
  await expect(into).rejects.toThrow(/stage config: cannot read the runs in .*expected a folder, found a file/);
});
