import { mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectLocal } from '../../harness/connect/local.js';
import { BenchError } from '../../harness/errors.js';
import { thisProcess } from '../../harness/process-identity.js';
import { acquireLock } from '../../harness/host/lock.js';
import {
  extended,
  lockText,
  newLock,
  readLockView,
  staleness,
  type Holder,
  type LockRecord,
} from '../../harness/host/lock-record.js';
import type { Executor } from '../../harness/types.js';

const here = connectLocal();
let workDir: string;
const host = (executor: Executor = here): { id: string; executor: Executor; workDir: string } => ({
  id: 'alpha',
  executor,
  workDir,
});
beforeEach(async () => {
  workDir = await mkdtemp(join(tmpdir(), 'bench-lock-test-'));
});
afterEach(() => rm(workDir, { recursive: true, force: true }));

/** This process, which lives. */
async function me(more: Partial<Holder> = {}): Promise<Holder> {
  return { who: 'ada@desk', run: 'run-1', machine: hostname(), ...(await thisProcess()), ...more };
}

const elsewhere = (more: Partial<Holder> = {}): Holder => ({
  who: 'bob@lab',
  run: 'run-2',
  machine: 'another-machine',
  scope: 'm2-b2-4026531836',
  pid: 77,
  pidStart: '1',
  ...more,
});

const content = (): Promise<string> => readFile(join(workDir, 'lock'), 'utf8');

/** Rewrites the lock as if it had been written otherwise. */
async function rewrite(change: (record: LockRecord) => object): Promise<void> {
  await writeFile(join(workDir, 'lock'), JSON.stringify(change(JSON.parse(await content()) as LockRecord)));
}

describe('a lock', () => {
  it('holds a host from acquiring to release, and leaves nothing then', async () => {
    const lock = await acquireLock(host(), await me(), 60);
    expect(lock.tookOver).toBeUndefined();
    await expect(acquireLock(host(), elsewhere(), 60)).rejects.toThrow(BenchError);
    await lock.release();
    await lock.release();
    expect((await readdir(workDir)).filter((name) => name !== 'bin')).toEqual([]);
    await (await acquireLock(host(), elsewhere(), 60)).release();
  });

  it('shows others who has it, from where, since when, until when, and what to do', async () => {
    await acquireLock(host(), elsewhere(), 3600);
    const error = await acquireLock(host(), await me(), 60).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ problem: { stage: 'lock', host: 'alpha' } });
    expect(String(error)).toMatch(
      /local is in use by bob@lab on another-machine \(process 77, run run-2\) since \d{4}-\S+Z, until \d{4}-\S+Z at most .*--break-lock/,
    );
    const { since, until } = JSON.parse(await content()) as LockRecord;
    expect(Date.parse(until) - Date.parse(since)).toBe(3600_000);
  });

  it('is refused to a second run of the process that has it: two names of one host', async () => {
    const lock = await acquireLock(host(), await me(), 60);
    await expect(acquireLock(host(), await me(), 60)).rejects.toThrow('is in use by ada@desk');
    await lock.release();
  });

  it('is extended, from now on', async () => {
    const lock = await acquireLock(host(), elsewhere(), 10);
    const first = JSON.parse(await content()) as LockRecord;
    await lock.extend(5000);
    const second = JSON.parse(await content()) as LockRecord;
    expect(second.leaseEnd - first.leaseEnd).toBeGreaterThan(4900);
    expect({ ...second, leaseEnd: 0, until: '' }).toEqual({ ...first, leaseEnd: 0, until: '' });
  });

  it('is taken with breakLock, and the loser notices it at its next step and cannot release it', async () => {
    const loser = await acquireLock(host(), elsewhere(), 60);
    const winner = await acquireLock(host(), await me(), 60, { breakLock: true });
    expect(winner.tookOver).toBe('it was broken');
    expect(await loser.whyLost()).toMatch(/^the lock of local was lost: it is now held by ada@desk/);
    expect(await winner.whyLost()).toBeUndefined();
    await expect(loser.extend(60)).rejects.toThrow(
      /stage lock: the lock of local was lost: it is now held by ada@desk/,
    );
    await loser.release();
    await winner.extend(60);
    await winner.release();
    await expect(winner.extend(60)).rejects.toThrow('the lock file is none');
  });

  it('goes to one of many that request it at the same moment, every time', async () => {
    for (let round = 0; round < 12; round += 1) {
      const asked = Array.from({ length: 5 }, (_, index) =>
        acquireLock(host(), elsewhere({ run: `r${index}`, scope: `m${index}-b-1` }), 60),
      );
      const answers = await Promise.allSettled(asked);
      const won = answers.filter((answer) => answer.status === 'fulfilled');
      const reasons = answers.flatMap((answer) => (answer.status === 'rejected' ? [String(answer.reason)] : []));
      expect(won).toHaveLength(1);
      expect(reasons.filter((reason) => reason.includes('is in use by bob@lab'))).toHaveLength(4);
      await won[0]?.value.release();
    }
  });

  it.each(['before', 'after'] as const)('is got once when the connection is lost %s the change', async (when) => {
    let lost = false;
    const flaky: Executor = {
      ...here,
      exec: async (command) => {
        const hit = !lost && command.argv.includes('swap');
        if (hit) lost = true;
        const error = new BenchError({ stage: 'connect', message: 'lost' }, { transport: true });
        if (hit && when === 'before') throw error;
        const result = await here.exec(command);
        if (hit) throw error;
        return result;
      },
    };
    const lock = await acquireLock(host(flaky), await me(), 60);
    expect(lost).toBe(true);
    await lock.extend(60);
    await lock.release();
  });

  it('follows no link that somebody else put there', async () => {
    const precious = join(workDir, 'precious');
    await writeFile(precious, 'as it was');
    await symlink(precious, join(workDir, 'lock.new'));
    await (await acquireLock(host(), await me(), 60)).release();
    await symlink(precious, join(workDir, 'lock'));
    const error = await acquireLock(host(), await me(), 60).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain(`${workDir}/lock is no regular file: look at it and remove it`);
    expect(await readFile(precious, 'utf8')).toBe('as it was');
  });

  it('cannot be had where nothing can be written, in the words of the system', async () => {
    const full: Executor = {
      ...here,
      exec: (command) =>
        command.argv.includes('swap')
          ? here.exec({ ...command, argv: ['sh', '-c', 'echo No space left >&2; exit 1'] })
          : here.exec(command),
    };
    await expect(acquireLock(host(full), await me(), 60)).rejects.toThrow(
      /could not be used \(found exit code 1 No space left\)/,
    );
  });
});

describe('a stale lock', () => {
  it.each<[string, (record: LockRecord, mine: Holder) => object, string]>([
    ['of a boot that is over', (record) => ({ ...record, bootId: '0000' }), 'the host was restarted since'],
    ['whose lease is over', (record) => ({ ...record, leaseEnd: 1 }), 'its lease is over'],
    [
      'of a process here that has ended',
      (record, { scope }) => ({ ...record, scope, pid: 2 ** 22 + 1 }),
      'its process has ended',
    ],
    [
      'of a recycled process id',
      (record, { scope }) => ({ ...record, scope, pid: process.pid, pidStart: '1' }),
      'its process has ended',
    ],
    ['that was cut short', () => ({ format: 'bench-lock/1', token: 'x' }), 'it is damaged'],
  ])('%s is taken over', async (_, change, reason) => {
    const old = await acquireLock(host(), elsewhere(), 3600);
    const mine = await me();
    await rewrite((record) => change(record, mine));
    const lock = await acquireLock(host(), mine, 60);
    expect(lock.tookOver).toBe(reason);
    expect(await old.whyLost()).toMatch(/^the lock of local was lost: it is now held by ada@desk/);
    expect(await lock.whyLost()).toBeUndefined();
    await expect(old.extend(60)).rejects.toThrow('was lost');
    await lock.release();
  });

  it.each([
    ['half a record', Buffer.from('{"format":"bench-lock/1","tok')],
    ['bytes', Buffer.from([0, 255, 254, 0, 10, 13, 192, 128])],
    ['nothing but a line', Buffer.from('\n')],
    ['a megabyte', Buffer.alloc(2 ** 20, 'x')],
    ['JSON of something else', Buffer.from('[1,2]')],
  ])('file of %s is taken over', async (_, bytes) => {
    await writeFile(join(workDir, 'lock'), bytes);
    const lock = await acquireLock(host(), await me(), 60);
    expect(lock.tookOver).toBe('it is damaged');
    await lock.extend(60);
    await lock.release();
  });

  const ended = 2 ** 22 + 1;
  it.each<[string, (mine: Holder) => Partial<LockRecord>]>([
    ['of another machine, although no such process is here', () => ({ pid: ended })],
    ['of another machine with the same name', () => ({ pid: ended, machine: hostname() })],
    ['of another boot', ({ scope }) => ({ pid: ended, scope: scope.replace(/-.*-/, '-b00t-') })],
    ['of another container on this machine', ({ scope }) => ({ pid: ended, scope: scope.replace(/\d+$/, '1') })],
    ['of an earlier version of bench', () => ({ pid: ended, machine: hostname(), scope: '' })],
    ['of a run of the same name, begun elsewhere', () => ({ run: 'run-1' })],
  ])('is not one %s', async (_, change) => {
    const mine = await me();
    await acquireLock(host(), elsewhere(), 3600);
    await rewrite((record) => ({ ...record, ...change(mine) }));
    await expect(acquireLock(host(), mine, 60)).rejects.toThrow('is in use');
  });

  it('is one of the run that is resumed here, unless a live process of this machine has it', async () => {
    const mine = await me();
    await acquireLock(host(), elsewhere({ run: 'run-1' }), 3600);
    const lock = await acquireLock(host(), mine, 60, { resumes: true });
    expect(lock).toMatchObject({
      tookOver: 'it is of the same run',
      previous: expect.stringMatching(/^bob@lab on another-machine/) as string,
    });
    await expect(acquireLock(host(), mine, 60, { resumes: true })).rejects.toThrow('is in use');
    await lock.release();
  });
});

describe('what a host prints', () => {
  const lines = ['b0-1', '1000.5', '2026-01-02T03:04:05Z', '4294967295 0'];

  it('is read into a view', () => {
    const view = readLockView(`${lines.join('\n')}\n`);
    expect(view).toMatchObject({ uptimeSeconds: 1000.5, checksum: '4294967295 0', lock: 'none' });
  });

  it.each([
    ['', 'nothing'],
    ['sh: 1: read: not found\n', 'an error'],
    [['../boot', ...lines.slice(1)].join('\n'), 'another boot id'],
    [[...lines.slice(0, 3), 'x; rm'].join('\n'), 'another checksum'],
    [['b00t', 'soon', ...lines.slice(2)].join('\n'), 'another uptime'],
  ])('is refused when it is %j: %s', (output) => {
    expect(() => readLockView(output)).toThrow('lock.sh printed');
  });

  it('does not reach a terminal as it is', () => {
    const bare = readLockView('b0-1\n1000.5\n2026-01-02T03:04:05Z\n1 0\n'.replace('b0-1', 'b0-1'));
    const text = lockText(newLock(bare, elsewhere({ who: 'eve\u001b[2J\n' }), 't', 10));
    const view = readLockView(`b0-1\n1000.5\n2026-01-02T03:04:05Z\n1 0\n${text.replace('run-2', 'a\\u0007b')}`);
    expect(view.lock).toMatchObject({ who: 'eve?[2J?', run: 'a?b' });
  });

  it('is respected after a restart that its holder announced, until the announced time and by its own extension', () => {
    const view = readLockView('b0-1\n1000.5\n2026-01-02T03:04:05Z\n1 0\n');
    const lock = extended(newLock(view, elsewhere(), 't', 10), view, 600, true);
    const other = elsewhere({ run: 'x' });
    const lives = { processGone: false, resumes: false };
    const after = { ...readLockView(`b0-2\n3.5\n2026-01-02T03:09:00Z\n1 0\n${lockText(lock)}`) };
    expect(staleness(after, other, lives)).toBeUndefined();
    expect(staleness({ ...after, utc: '2026-01-02T03:14:06Z' }, other, lives)).toBe('the host was restarted since');
    expect(staleness(after, other, { ...lives, processGone: true })).toBe('its process has ended');
    const again = extended(lock, after, 60);
    expect(again).toEqual({ ...newLock(after, elsewhere(), 't', 60), since: lock.since });
    expect(staleness({ ...after, bootId: 'b0-3', lock: again }, other, lives)).toBe('the host was restarted since');
  });

  it('is judged by the host’s own uptime: a clock step moves no lease', () => {
    const view = readLockView('b0-1\n1000.5\n2026-01-02T03:04:05Z\n1 0\n');
    const lock = newLock(view, elsewhere(), 't', 10);
    const later = { ...view, lock, utc: '2031-01-01T00:00:00Z' };
    const lives = { processGone: false, resumes: false };
    expect(staleness({ ...later, uptimeSeconds: 1010 }, elsewhere({ run: 'x' }), lives)).toBeUndefined();
    expect(staleness({ ...later, uptimeSeconds: 1010.5 }, elsewhere({ run: 'x' }), lives)).toBe('its lease is over');
  });
});
