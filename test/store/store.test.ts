import { execFile } from 'node:child_process';
import {
  appendFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  canonicalJson,
  checkResumable,
  createRun,
  listRuns,
  loadRun,
  planHash,
  reopenRun,
} from '../../harness/store/index.js';
import { BenchError } from '../../harness/errors.js';
import type { JournalEntry, TrialRecord } from '../../harness/types.js';
import { created, plan, record } from './stored-run.js';

const claimsIn = async (directory: string): Promise<string[]> =>
  (await readdir(directory)).filter((name) => name.startsWith('claim'));

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
    // Sources are not built: there is no commit.
    const bench = { version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string };
    expect(loaded.stored).toEqual({ run: run.id, created: created.toISOString(), hash: planHash(plan), bench, plan });
    expect(loaded.records).toEqual([record('t0001', [artifact])]);
    expect(loaded.journal).toHaveLength(1);
    expect(loaded.raw.get('raw/t0001.1.txt')).toEqual(Buffer.from(bytes));
    expect(run.id).toMatch(/^20260102-030405-dummy-[0-9a-f]{10}$/);
    expect(await listRuns(runsDir)).toEqual([run.id]);
  });

  it('gives two runs of the same plan in the same second names of their own', async () => {
    const first = await createRun(runsDir, plan, created);
    const second = await createRun(runsDir, plan, created);
    expect(second.id).toBe(`${first.id}-2`);
    await first.close();
    await second.close();
  });

  it('keeps other bytes of the same name under a name of their own, and the same bytes once', async () => {
    const run = await createRun(runsDir, plan, created);
    const one = await run.keep('t0001.1.txt', Buffer.from('one'));
    const two = await run.keep('t0001.1.txt', Buffer.from('two'));
    const again = await run.keep('t0001.1.txt', Buffer.from('one'));
    await run.close();
    expect(two.path).toBe('raw/t0001.1-2.txt');
    expect(again).toEqual(one);
    expect(await readdir(join(run.directory, 'raw'))).toHaveLength(2);
  });

  it('survives a crash at any byte of the last line: earlier lines are read, the torn one is named, later ones are whole', async () => {
    const run = await createRun(runsDir, plan, created);
    await run.record(record('t0001', []));
    await run.record(record('t0002', []));
    await run.close();
    const path = join(run.directory, 'records.jsonl');
    const whole = await readFile(path);
    const firstLine = whole.indexOf('\n') + 1;
    for (let cut = firstLine; cut < whole.length; cut += 7) {
      await writeFile(path, whole.subarray(0, cut));
      const reopened = await reopenRun(runsDir, run.stored);
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

  it('names files that no record names, but not those of an attempt that has none yet', async () => {
    const run = await createRun(runsDir, plan, created);
    await run.record(record('t0001', [await run.keep('t0001.1.txt', Buffer.from('one'))]));
    const launched = {
      at: created.toISOString(),
      event: 'launched',
      trial: 't0002',
      attempt: 1,
      guest: 'g',
      dir: '/d',
    };
    const more = { installation: { env: {}, tools: {}, data: {} }, expects: [], findings: [], limitSeconds: 1 };
    await run.journal({ ...launched, ...more } as JournalEntry);
    await run.keep('t0002.1.vitals-before-20260102.json', Buffer.from('{}'));
    await run.keep('t0001.1.vitals-before-20260102.json', Buffer.from('{}'));
    await writeFile(join(run.directory, 'raw', 'extra\u001b.txt'), 'x');
    await writeFile(join(run.directory, 'notes'), 'x');
    expect((await loadRun(runsDir, run.id)).damage).toEqual([
      'notes: is in no record',
      'raw/extra\\u001b.txt: is in no record',
      'raw/t0001.1.vitals-before-20260102.json: is in no record',
    ]);
    const second = record('t0002', await run.keptOf('t0002', 1));
    await run.record(second);
    expect(second.outcome).toMatchObject({
      artifacts: [{ path: 'raw/t0002.1.vitals-before-20260102.json', bytes: 2 }],
    });
    await run.close();
    expect((await loadRun(runsDir, run.id)).damage).toHaveLength(3);
  });

  it('lists twenty files of a folder of thousands', async () => {
    const run = await createRun(runsDir, plan, created);
    await run.close();
    for (let index = 0; index < 30; index += 1) await writeFile(join(run.directory, 'raw', `${index}`), '');
    const { damage } = await loadRun(runsDir, run.id);
    expect(damage).toHaveLength(21);
    expect(damage.at(-1)).toBe('10 other files are in no record');
  });

  it('forgets a file whose writing was cut short, when it is opened again', async () => {
    const run = await createRun(runsDir, plan, created);
    await run.close();
    await writeFile(join(run.directory, 'raw', 't0001.1.txt.tmp'), 'ha');
    await (await reopenRun(runsDir, run.stored)).close();
    expect(await readdir(join(run.directory, 'raw'))).toEqual([]);
  });

  it('names a changed or missing artifact, a changed plan and a foreign line as damage', async () => {
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

  it('is written by one process at a time', async () => {
    const run = await createRun(runsDir, plan, created);
    await expect(reopenRun(runsDir, run.stored)).rejects.toThrow(/is being written by process/);
    await run.close();
    expect(await claimsIn(run.directory)).toEqual([]);
  });

  it.each([
    ['of a dead process', 'claim.999999999.12345'],
    ['without a start time', `claim.${process.pid}.`],
    ['of a dead process without a start time', 'claim.999999999.'],
    ['of a process that had this id before', `claim.${process.pid}.1`],
    ['without an owner', 'claim'],
  ])('a claim %s is taken over', async (_what, claim) => {
    const run = await createRun(runsDir, plan, created);
    await run.close();
    await writeFile(join(run.directory, claim), '');
    const reopened = await reopenRun(runsDir, run.stored);
    await expect(reopenRun(runsDir, run.stored)).rejects.toThrow(/is being written by process/);
    await reopened.close();
    expect(await claimsIn(run.directory)).toEqual([]);
  });

  it('the claim of another living process is left alone, and so is one that came later', async () => {
    const run = await createRun(runsDir, plan, created);
    const stat = await readFile('/proc/1/stat', 'utf8');
    const other = `claim.1.${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
    await writeFile(join(run.directory, other), '');
    await run.close();
    await expect(reopenRun(runsDir, run.stored)).rejects.toThrow(/is being written by process 1 on this machine/);
    expect(await claimsIn(run.directory)).toEqual([other]);
  });

  const OTHER_BOOT = '0'.repeat(32);
  it.each<[string, (mine: string) => string]>([
    ['another machine', () => `0123456789abcdef-${OTHER_BOOT}-4026531836`],
    ['another container of this machine', (mine) => mine.replace(/\d+$/, '1')],
    ['a machine without an id', (mine) => mine.replace(/^[^-]*-[^-]*/, `-${OTHER_BOOT}`)],
    // As of a copy of this machine: the claim was made after this machine booted.
    ['another boot of a machine of this name', (mine) => mine.replace(/-.*-/, `-${OTHER_BOOT}-`)],
  ])('the claim of %s is broken only on demand, and its owner then writes no record', async (_what, scopeOf) => {
    const first = await createRun(runsDir, plan, created);
    const [mine = ''] = await claimsIn(first.directory);
    const foreign = `claim.${scopeOf(mine.split('.')[1] ?? '')}.77.1234`;
    await rename(join(first.directory, mine), join(first.directory, foreign));
    await expect(reopenRun(runsDir, first.stored)).rejects.toThrow(
      /is claimed since \S+Z by process 77 of another machine or container.*--break-lock/,
    );
    expect(await claimsIn(first.directory)).toEqual([foreign]);
    const second = await reopenRun(runsDir, first.stored, { breakLock: true });
    expect(await claimsIn(first.directory)).toEqual([mine]);
    await second.close();
    await expect(first.record(record('t0001', []))).rejects.toThrow(/another process took over the run/);
    await first.close();
    expect((await loadRun(runsDir, first.id)).records).toEqual([]);
  });

  it('a claim from before this machine was restarted is taken over', async () => {
    const run = await createRun(runsDir, plan, created);
    const [mine = ''] = await claimsIn(run.directory);
    await run.close();
    const earlier = join(run.directory, mine.replace(/-.*-/, `-${OTHER_BOOT}-`));
    await writeFile(earlier, '');
    await utimes(earlier, 1, 1);
    const reopened = await reopenRun(runsDir, run.stored);
    expect(await claimsIn(run.directory)).toEqual([mine]);
    await reopened.close();
  });

  it('that cannot be opened is not left claimed', async () => {
    const run = await createRun(runsDir, plan, created);
    await run.close();
    await rm(join(run.directory, 'journal.jsonl'));
    await symlink('/dev/null', join(run.directory, 'journal.jsonl'));
    await expect(reopenRun(runsDir, run.stored)).rejects.toThrow(/cannot write to/);
    expect(await claimsIn(run.directory)).toEqual([]);
  });

  it('counts an attempt that was recorded twice once, the first time', async () => {
    const run = await createRun(runsDir, plan, created);
    await run.record(record('t0001', []));
    await run.record({ ...record('t0001', []), outcome: { status: 'void', reason: 'again', artifacts: [] } });
    await run.record({ ...record('t0001', []), attempt: 2 });
    await run.close();
    const { records, damage } = await loadRun(runsDir, run.id);
    expect(records).toEqual([record('t0001', []), { ...record('t0001', []), attempt: 2 }]);
    expect(damage).toEqual(['records.jsonl:2: attempt t0001.1 is recorded already, the first record counts']);
  });

  it.each(['copied', 'renamed'])('that was %s can be read, not resumed', async (how) => {
    const run = await createRun(runsDir, plan, created);
    await run.close();
    expect(checkResumable(await loadRun(runsDir, run.id))).toEqual([]);
    const other = join(runsDir, 'other');
    await (how === 'copied' ? cp(run.directory, other, { recursive: true }) : rename(run.directory, other));
    const loaded = await loadRun(runsDir, 'other');
    expect(loaded.damage).toEqual([`plan.json: is of run ${run.id}: the directory was copied or renamed`]);
    expect(() => checkResumable(loaded)).toThrow(/run other cannot be resumed: its directory was copied or renamed/);
  });

  it('whose plan was changed cannot be resumed, a usage error; with other damage it can', async () => {
    const run = await createRun(runsDir, plan, created);
    await run.close();
    await appendFile(join(run.directory, 'records.jsonl'), 'nonsense\n');
    expect(checkResumable(await loadRun(runsDir, run.id))).toEqual(['records.jsonl:1: is not JSON']);
    const path = join(run.directory, 'plan.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('"seed": 1', '"seed": 2'));
    const loaded = await loadRun(runsDir, run.id);
    const check = (): unknown => checkResumable(loaded);
    expect(check).toThrow(/its plan was changed/);
    expect(check).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ stage: 'config' }) as unknown }),
    );
    expect(check).toThrow(BenchError);
  });

  it('cannot be made where the kernel makes no directories, and reports that instead of trying forever', async () => {
    await expect(createRun('/proc/bench/runs', plan, created)).rejects.toThrow(
      /cannot write to \/proc\/bench\/runs: ENOENT/,
    );
    await writeFile(join(runsDir, 'file'), '');
    await expect(createRun(join(runsDir, 'file', 'runs'), plan, created)).rejects.toThrow(
      /expected a folder, found a file/,
    );
    const deep = join(runsDir, 'a', 'b', 'c');
    const run = await createRun(deep, plan, created);
    await run.close();
    expect(await listRuns(deep)).toEqual([run.id]);
  });

  it('names a run that does not exist, and refuses names that leave the folder', async () => {
    await expect(loadRun(runsDir, 'nothing')).rejects.toThrow(/there is no run nothing/);
    await expect(loadRun(runsDir, '../etc')).rejects.toThrow(/no name of a run/);
    expect(await listRuns(join(runsDir, 'absent'))).toEqual([]);
  });
});

describe('a run of another version of bench', () => {
  const rewrite = async (path: string, change: (text: string) => string): Promise<void> =>
    writeFile(path, change(await readFile(path, 'utf8')));

  it.each([
    ['plan.json', 'bench-plan/2', 'bench-plan/1'],
    ['plan.json', 'bench-plan/2', 'bench-plan/13'],
    ['records.jsonl', 'bench-record/2', 'bench-record/1'],
  ])('is refused in one line that names both formats: %s, %s -> %s', async (file, ours, theirs) => {
    const run = await createRun(runsDir, plan, created);
    await run.record(record('t0001', []));
    await run.close();
    await rewrite(join(run.directory, file), (text) => text.replace(ours, theirs));
    const refusal = await loadRun(runsDir, run.id).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(BenchError);
    const { message } = refusal as BenchError;
    expect(message).toBe(
      `stage config: run ${run.id} is in format ${theirs}; this version of bench reads ${ours}; ` +
        'read it with the version of bench that wrote it, or measure again',
    );
  });

  it('is not assumed where the format is no format: the plan is refused as no plan, the record is damage', async () => {
    const run = await createRun(runsDir, plan, created);
    await run.record(record('t0001', []));
    await run.close();
    await rewrite(join(run.directory, 'records.jsonl'), (text) => text.replace('bench-record/2', 'bench-record/2\\n'));
    const { damage } = await loadRun(runsDir, run.id);
    expect(damage).toEqual([expect.stringMatching(/^records\.jsonl:1: schema: /)]);
    await rewrite(join(run.directory, 'plan.json'), (text) => text.replace('bench-plan/2', 'plan/1'));
    await expect(loadRun(runsDir, run.id)).rejects.toThrow(/plan\.json is no plan: plan\.schema: /);
  });

  it('may have members that this version does not know: they are read and kept, at every depth', async () => {
    const more = { colour: 'green', nested: { list: [1, null] } };
    const finding = { check: 'CPUs', expected: '1', found: '1', verdict: 'ok', ...more };
    const outcome = { status: 'collected', artifacts: [], ...more };
    const extended = { ...record('t0001', []), findings: [finding], outcome, ...more };
    const entry = { at: created.toISOString(), event: 'closed', by: 'somebody', ...more };
    const extendedPlan = { ...plan, ...more, targets: plan.targets.map((target) => ({ ...target, ...more })) };
    const run = await createRun(runsDir, extendedPlan, created);
    await run.record(extended as TrialRecord);
    await run.journal(entry as JournalEntry);
    await run.close();
    const loaded = await loadRun(runsDir, run.id);
    // Without these members the plan would not have the hash that it was stored with.
    expect(loaded.damage).toEqual([]);
    expect(loaded.stored.plan).toEqual(extendedPlan);
    expect(loaded.records).toEqual([extended]);
    expect(loaded.journal).toEqual([entry]);
  });

  it('may name platforms and gates that this version does not have', async () => {
    const [target] = plan.targets;
    const targets = target === undefined ? [] : [{ ...target, platform: 'zone' }];
    const run = await createRun(runsDir, { ...plan, targets, gates: { humidity: 40 } }, created);
    const gates = [{ gate: 'humidity', value: 30, limit: 40, verdict: 'ok', detail: '30 %' } as const];
    await run.record({ ...record('t0001', []), gates });
    await run.close();
    const { damage, stored, records } = await loadRun(runsDir, run.id);
    expect({ damage, platform: stored.plan.targets[0]?.platform, gates: records[0]?.gates }).toEqual({
      damage: [],
      platform: 'zone',
      gates,
    });
  });
});

describe('a run directory of a stranger', () => {
  const fifo = (path: string): Promise<unknown> => promisify(execFile)('mkfifo', [path]);
  const OBSTACLES: readonly (readonly [string, (path: string) => unknown, RegExp])[] = [
    ['a FIFO', fifo, /^is no regular file$/],
    ['a link to an endless device', (path) => symlink('/dev/zero', path), /^is no regular file$/],
    ['a link to a file elsewhere', (path) => symlink('/etc/passwd', path), /^is no regular file$/],
    ['a directory', (path) => mkdir(path), /^is no regular file$/],
  ];

  it.each([
    ...OBSTACLES,
    ['a longer file', (path: string) => writeFile(path, 'aa'), /bytes/] as const,
    ['a shorter file', (path: string) => writeFile(path, ''), /bytes/] as const,
  ])('%s in the place of raw output is damage, and never read', async (_what, put, why) => {
    const run = await createRun(runsDir, plan, created);
    const artifact = await run.keep('a.txt', Buffer.from('a'));
    await run.record(record('t0001', [artifact]));
    const path = join(run.directory, 'raw/a.txt');
    await rm(path);
    await put(path);
    const { damage, raw } = await loadRun(runsDir, run.id);
    expect(damage.map((line) => line.replace('raw/a.txt: ', ''))).toEqual([expect.stringMatching(why)]);
    expect(raw.size).toBe(0);
    expect(await run.keep('a.txt', Buffer.from('a'))).toMatchObject({ path: 'raw/a-2.txt' });
    await run.close();
  });

  it('raw output behind a linked folder is damage', async () => {
    const run = await createRun(runsDir, plan, created);
    const artifact = await run.keep('a.txt', Buffer.from('a'));
    await run.record(record('t0001', [artifact]));
    await run.close();
    await rename(join(run.directory, 'raw'), join(runsDir, 'elsewhere'));
    await symlink('../elsewhere', join(run.directory, 'raw'));
    const { damage, raw } = await loadRun(runsDir, run.id);
    expect({ damage, raw: raw.size }).toEqual({ damage: ['raw/a.txt: is behind a link'], raw: 0 });
    await expect(reopenRun(runsDir, run.stored)).rejects.toThrow(/raw is no directory/);
  });

  it.each(OBSTACLES)('%s in the place of records, journal, plan or claim does not hang', async (_what, put, why) => {
    const run = await createRun(runsDir, plan, created);
    await run.close();
    for (const file of ['records.jsonl', 'journal.jsonl']) {
      await rm(join(run.directory, file));
      await put(join(run.directory, file));
      const { damage } = await loadRun(runsDir, run.id);
      expect(damage.at(-1)?.replace(`${file}: `, '')).toMatch(why);
      await expect(reopenRun(runsDir, run.stored)).rejects.toThrow(/cannot write to/);
    }
    await rm(join(run.directory, 'plan.json'));
    await put(join(run.directory, 'plan.json'));
    expect(await listRuns(runsDir)).toEqual([]);
    await expect(loadRun(runsDir, run.id)).rejects.toThrow(/plan\.json is no regular file/);
  });

  it('a FIFO or link in the place of a claim is removed, not read', async () => {
    const run = await createRun(runsDir, plan, created);
    await run.close();
    for (const put of [fifo, (path: string) => symlink('/dev/zero', path)]) {
      await put(join(run.directory, 'claim.999999999.1'));
      const reopened = await reopenRun(runsDir, run.stored);
      await reopened.close();
      expect(await claimsIn(run.directory)).toEqual([]);
    }
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
