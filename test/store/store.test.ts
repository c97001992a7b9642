import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makePlan } from '../../harness/run/plan.js';
import { canonicalJson, createRun, listRuns, loadRun, planHash, reopenRun } from '../../harness/store/index.js';
import type { Artifact, TrialRecord } from '../../harness/types.js';
import { dummySuite } from '../run/dummy-suite.js';

const created = new Date('2026-01-02T03:04:05.678Z');
const plan = makePlan({
  seed: 1,
  profile: 'quick',
  suites: [dummySuite()],
  targets: [{ id: 'linux-up', host: 'alpha', platform: 'native', shape: { cpus: [1] }, options: {} }],
});

const record = (trial: string, artifacts: readonly Artifact[]): TrialRecord => ({
  schema: 'bench-record/1',
  trial,
  attempt: 1,
  block: 1,
  target: 'linux-up',
  suite: 'dummy',
  profile: 'quick',
  origin: 'measured',
  started: created.toISOString(),
  ended: created.toISOString(),
  expects: ['answer'],
  findings: [],
  outcome: { status: 'collected', artifacts },
});

let runsDir: string;
beforeEach(async () => {
  runsDir = await mkdtemp(join(tmpdir(), 'bench-store-'));
});
afterEach(() => rm(runsDir, { recursive: true, force: true }));

describe('a run directory', () => {
  it('gives back what was stored, byte for byte', async () => {
    const run = await createRun(runsDir, plan, created);
    const bytes = new Uint8Array([0, 255, 10, 13, 226, 130]);
    const artifact = await run.keep('t0001.1.txt', bytes);
    await run.record(record('t0001', [artifact]));
    await run.journal({ at: created.toISOString(), event: 'closed', by: 'somebody@somewhere' });
    await run.close();

    const loaded = await loadRun(runsDir, run.id);
    expect(loaded.damage).toEqual([]);
    expect(loaded.plan).toEqual({ run: run.id, created: created.toISOString(), hash: planHash(plan), plan });
    expect(loaded.records).toEqual([record('t0001', [artifact])]);
    expect(loaded.journal).toHaveLength(1);
    expect(loaded.raw.get('raw/t0001.1.txt')).toEqual(Buffer.from(bytes));
    expect(run.id).toMatch(/^20260102-030405-dummy-[0-9a-f]{6}$/);
    expect(await listRuns(runsDir)).toEqual([run.id]);
  });

  it('gives two runs of the same plan in the same second names of their own', async () => {
    const first = await createRun(runsDir, plan, created);
    const second = await createRun(runsDir, plan, created);
    expect(second.id).toBe(`${first.id}-2`);
    await first.close();
    await second.close();
  });

  it('keeps other bytes of the same name beside the first, and the same bytes once', async () => {
    const run = await createRun(runsDir, plan, created);
    const one = await run.keep('t0001.1.txt', Buffer.from('one'));
    const two = await run.keep('t0001.1.txt', Buffer.from('two'));
    const again = await run.keep('t0001.1.txt', Buffer.from('one'));
    await run.close();
    expect(two.path).toBe('raw/t0001.1-2.txt');
    expect(again).toEqual(one);
    expect(await readdir(join(run.directory, 'raw'))).toHaveLength(2);
  });

  it('survives a crash at any byte of the last line: earlier lines stand, the torn one is named, later ones are whole', async () => {
    const run = await createRun(runsDir, plan, created);
    await run.record(record('t0001', []));
    await run.record(record('t0002', []));
    await run.close();
    const path = join(run.directory, 'records.jsonl');
    const whole = await readFile(path);
    const firstLine = whole.indexOf('\n') + 1;
    for (let cut = firstLine; cut < whole.length; cut += 7) {
      await writeFile(path, whole.subarray(0, cut));
      const reopened = await reopenRun(runsDir, run.plan);
      await reopened.record(record('t0003', []));
      await reopened.close();
      const loaded = await loadRun(runsDir, run.id);
      const trials = loaded.records.map(({ trial }) => trial);
      // Cut just before the line feed, the record was whole already.
      const kept = cut === whole.length - 1 ? ['t0001', 't0002', 't0003'] : ['t0001', 't0003'];
      expect(trials).toEqual(kept);
      expect(loaded.damage).toHaveLength(kept.length === 2 && cut > firstLine ? 1 : 0);
    }
  });

  it('names a changed or missing artifact, a changed plan and a foreign line instead of believing them', async () => {
    const run = await createRun(runsDir, plan, created);
    const changed = await run.keep('a.txt', Buffer.from('a'));
    const missing = await run.keep('b.txt', Buffer.from('b'));
    await run.record(record('t0001', [changed, missing]));
    await run.close();
    await writeFile(join(run.directory, 'raw/a.txt'), 'A');
    await rm(join(run.directory, 'raw/b.txt'));
    const planPath = join(run.directory, 'plan.json');
    await writeFile(planPath, (await readFile(planPath, 'utf8')).replace('"seed": 1', '"seed": 2'));
    const evil = {
      ...record('t0002', []),
      outcome: { status: 'collected', artifacts: [{ ...changed, path: '../../x' }] },
    };
    await appendFile(join(run.directory, 'records.jsonl'), `${JSON.stringify(evil)}\n`);
    const { damage, records, raw } = await loadRun(runsDir, run.id);
    expect(damage).toEqual([
      'plan.json: the plan is not the one that was hashed',
      'records.jsonl:2: outcome.artifacts.0.path: is no path inside the run',
      expect.stringMatching(/^raw\/a\.txt: is not what was stored/),
      'raw/b.txt: is missing',
    ]);
    expect(records).toHaveLength(1);
    expect(raw.size).toBe(0);
  });

  it('is written by one process at a time; a claim left by a dead one is taken over', async () => {
    const run = await createRun(runsDir, plan, created);
    await expect(reopenRun(runsDir, run.plan)).rejects.toThrow(/is being written by process/);
    await run.close();
    await writeFile(join(run.directory, 'claim'), '999999999 12345');
    const reopened = await reopenRun(runsDir, run.plan);
    await reopened.close();
    expect((await readdir(run.directory)).filter((name) => name.startsWith('claim'))).toEqual([]);
  });

  it('says which run does not exist, and refuses names that leave the folder', async () => {
    await expect(loadRun(runsDir, 'nothing')).rejects.toThrow(/there is no run nothing/);
    await expect(loadRun(runsDir, '../etc')).rejects.toThrow(/no name of a run/);
    expect(await listRuns(join(runsDir, 'absent'))).toEqual([]);
  });
});

describe('canonicalJson', () => {
  it('is JSON, and does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
