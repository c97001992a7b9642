import { describe, expect, it } from 'vitest';
import { fakeConnection, type FakeConnection, type FakeRule } from '../../harness/connect/fake.js';
import { ensureBoot, lookAtBoot, type BootOptions } from '../../harness/host/boot.js';
import { BenchError } from '../../harness/errors.js';
import type { BootProfile, HostConfig } from '../../harness/types.js';

const XEN_UP: BootProfile = { select: { grub: 'xen-up' }, limitSeconds: 60, expect: { hypervisor: 'xen', cpus: 1 } };
const printed = (id: string, type: string): string =>
  `boot ${id}\nrelease 6.1.0\nonline 1\ntype ${type}\ncmdline quiet\n`;
const config = (boots: Record<string, BootProfile> = { 'xen-up': XEN_UP }): HostConfig => ({
  id: 'alpha',
  connect: { via: 'ssh', destination: 'alpha' },
  boots,
});

/** A host that is looked at again and again: what it prints each time; `lost` is one that does not answer. */
function host(looks: readonly string[], rules: readonly FakeRule[] = []): FakeConnection {
  let next = 0;
  return fakeConnection([
    ...rules,
    {
      when: ({ argv }) => argv[2]?.includes('random/boot_id') === true,
      answer: () => {
        const answer = looks[Math.min(next, looks.length - 1)] ?? '';
        next += 1;
        return answer === 'lost' ? { lost: true } : { stdout: answer };
      },
    },
    { when: ({ argv }) => argv[2]?.includes('grub-reboot') === true, answer: {} },
    { when: ['reboot'], answer: { lost: true } },
  ]);
}

/** A clock that only waiting moves. */
function options(reported: string[] = [], more: Partial<BootOptions> = {}): BootOptions {
  let now = 0;
  return {
    here: fakeConnection([]),
    report: (what) => reported.push(what),
    now: () => now,
    pause: (ms) => {
      now += ms;
      return Promise.resolve();
    },
    ...more,
  };
}

const commands = ({ commands: all }: FakeConnection): string[] =>
  all.map(({ argv }) => (argv[0] === 'sh' ? (argv[4] ?? 'look') : argv.join(' ')));

const failure = async (promise: Promise<unknown>): Promise<BenchError> => {
  const thrown = await promise.catch((error: unknown) => error);
  if (thrown instanceof BenchError) return thrown;
  throw new Error('nothing was thrown');
};

describe('ensureBoot', () => {
  it('leaves a host alone that is in the right boot', async () => {
    const executor = host([printed('b1', 'xen')]);
    expect(await ensureBoot({ config: config(), executor }, 'xen-up', options())).toMatchObject({ rebooted: false });
    expect(commands(executor)).toEqual(['look']);
  });

  it('selects, restarts, waits for another boot id, and proves it', async () => {
    const executor = host([printed('b1', ''), 'lost', printed('b1', ''), 'lost', printed('b2', 'xen')]);
    const reported: string[] = [];
    const order: string[] = [];
    const beforeRestart = (seconds: number): Promise<void> => {
      order.push(`${seconds} s: ${commands(executor).join(', ')}`);
      return Promise.resolve();
    };
    const booted = await ensureBoot({ config: config(), executor }, 'xen-up', options(reported, { beforeRestart }));
    expect(booted).toMatchObject({ rebooted: true, state: { bootId: 'b2', hypervisor: 'xen' } });
    expect(order).toEqual(['60 s: look, xen-up']);
    expect(commands(executor)).toEqual(['look', 'xen-up', 'reboot', 'look', 'look', 'look', 'look']);
    expect(reported).toEqual(['host alpha: rebooting into xen-up, which may take 60 s']);
  });

  it("runs the user's commands, the reboot where bench runs when it is local", async () => {
    const profile: BootProfile = {
      ...XEN_UP,
      select: { command: ['efibootmgr', '-n', '3'] },
      reboot: { command: ['ipmitool', 'power', 'cycle'], local: true },
    };
    const executor = host([printed('b1', ''), printed('b2', 'xen')], [{ when: ['efibootmgr', '-n', '3'], answer: {} }]);
    const here = fakeConnection([{ when: ['ipmitool'], answer: {} }]);
    await ensureBoot({ config: config({ x: profile }), executor }, 'x', options([], { here }));
    expect(commands(executor)).toEqual(['look', 'efibootmgr -n 3', 'look']);
    expect(commands(here)).toEqual(['ipmitool power cycle']);
  });

  it('reports when the host comes back as another system', async () => {
    const executor = host([printed('b1', ''), printed('b2', '')]);
    const error = await failure(ensureBoot({ config: config(), executor }, 'xen-up', options()));
    expect(error.problem).toMatchObject({
      stage: 'prepare',
      host: 'alpha',
      expected: 'boot xen-up: hypervisor xen',
      found: 'none',
    });
    expect(error.transport).toBe(false);
  });

  it.each([
    ['does not come back', 'lost', 'lost by the script'],
    ['does not go down', printed('b1', ''), 'it still runs'],
  ])('ends when the limit is over and the host %s', async (_what, later, found) => {
    const executor = host([printed('b1', ''), later]);
    const error = await failure(ensureBoot({ config: config(), executor }, 'xen-up', options()));
    expect(error.problem.message).toBe('the host did not come back from its reboot within 60 s');
    expect(error.problem.found).toContain(found);
    expect(commands(executor).filter((command) => command === 'look')).toHaveLength(61);
  });

  it('restarts nothing when the next boot could not be selected', async () => {
    const broken = { when: ['efibootmgr'], answer: { code: 5, stderr: 'No BootOrder\u001b[31m' } };
    const executor = host([printed('b1', '')], [broken]);
    const profile: BootProfile = { ...XEN_UP, select: { command: ['efibootmgr'] } };
    const error = await failure(ensureBoot({ config: config({ x: profile }), executor }, 'x', options()));
    expect(error.problem.found).toMatch(/^exit code 5 No BootOrder/);
    expect(error.message).not.toContain('\u001b');
    expect(commands(executor)).not.toContain('reboot');
  });

  it('does not take a refused reboot for one that happened', async () => {
    const executor = host([printed('b1', '')], [{ when: ['reboot'], answer: { code: 1, stderr: 'must be root' } }]);
    const error = await failure(ensureBoot({ config: config(), executor }, 'xen-up', options()));
    expect(error.problem).toMatchObject({
      message: 'reboot failed: the host was not restarted',
      found: 'exit code 1 must be root',
    });
  });

  it('never restarts the machine that bench runs on', async () => {
    const executor = host([printed('b1', '')]);
    const local: HostConfig = { ...config(), connect: { via: 'local' } };
    const error = await failure(ensureBoot({ config: local, executor }, 'xen-up', options()));
    expect(error.problem.message).toContain('cannot be restarted by the bench that runs on it');
    expect(commands(executor)).toEqual(['look']);
  });

  it.each(['zen-up', 'constructor'])('knows no boot %s', async (name) => {
    const error = await failure(lookAtBoot({ config: config(), executor: host([]) }, name));
    expect(error.problem).toMatchObject({ stage: 'config', expected: 'xen-up' });
  });

  it('stops waiting when the run is interrupted', async () => {
    const executor = host([printed('b1', ''), 'lost']);
    const signal = AbortSignal.abort();
    await expect(ensureBoot({ config: config(), executor }, 'xen-up', options([], { signal }))).rejects.toThrow(
      /abort/i,
    );
  });
});
