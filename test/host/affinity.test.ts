import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { connectLocal } from '../../harness/connect/local.js';
import { fakeConnection } from '../../harness/connect/fake.js';
import { keepOff } from '../../harness/host/affinity.js';

const status = (cpus: string) => ({
  when: ['cat', '/proc/7/status'],
  answer: { stdout: `Cpus_allowed_list:\t${cpus}\n` },
});

describe('keepOff', () => {
  it('leaves the CPUs and reports which are left', async () => {
    const machine = fakeConnection([status('0-3'), { when: ['taskset'], answer: {} }]);
    expect(await keepOff([1, 2], machine, 7)).toBe('bench keeps to CPUs 0,3, off CPUs 1-2');
    expect(machine.commands.at(-1)?.argv).toEqual(['taskset', '-a', '-p', '-c', '0,3', '7']);
  });

  it.each([
    ['when it is off them already', '0', [1], /runs on CPUs 0, off CPUs 1/],
    ['when there are no others', '0-1', [0, 1], /there are no others/],
    ['when it cannot see', 'nonsense', [0], /are unknown/],
  ])('changes nothing %s', async (_, allowed, cpus, sentence) => {
    const machine = fakeConnection([status(allowed)]);
    expect(await keepOff(cpus, machine, 7)).toMatch(sentence);
    expect(machine.commands).toHaveLength(1);
  });

  it('reports a failure', async () => {
    const machine = fakeConnection([status('0-1'), { when: ['taskset'], answer: { code: 1 } }]);
    expect(await keepOff([1], machine, 7)).toMatch(/could not be moved/);
  });
});

describe.skipIf(process.platform !== 'linux' || availableParallelism() < 2)(
  'keepOff on a real process with threads (skipped without Linux and two CPUs)',
  () => {
    let child: ChildProcess | undefined;
    afterEach(() => child?.kill('SIGKILL'));

    it('moves every thread', async () => {
      child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); console.log("up")'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await new Promise((resolve) => child?.stdout?.once('data', resolve));
      const pid = child.pid ?? 0;
      const own = await readFile('/proc/self/status', 'utf8');
      await keepOff([0], connectLocal(), pid);
      const { stdout } = await connectLocal().exec({
        argv: ['sh', '-c', 'grep -h Cpus_allowed_list /proc/"$1"/task/*/status', 'sh', String(pid)],
      });
      const threads = stdout.trim().split('\n');
      expect(threads.length).toBeGreaterThan(1);
      for (const thread of threads) expect(thread).not.toMatch(/\t0(,|-|$)/);
      const cpus = (text: string): string | undefined => /^Cpus_allowed_list:.*$/m.exec(text)?.[0];
      expect(cpus(await readFile('/proc/self/status', 'utf8'))).toBe(cpus(own));
    });
  },
);
