import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectLocal } from '../../../harness/connect/local.js';
import { BenchError } from '../../../harness/errors.js';
import { applyControls } from '../../../harness/host/controls/apply.js';
import { restoreControls } from '../../../harness/host/controls/restore.js';
import { wantedControls, type WantedControls } from '../../../harness/host/controls/wanted.js';
import type { Command, Executor, Json } from '../../../harness/types.js';
import { journalOf, makeMachine, type Machine } from './machine.js';

// Whatever is killed, and whenever: the next run, or `bench restore`, puts back the true originals, and no run ever takes
// a value that another one has set for the original.

const CPU = '/sys/devices/system/cpu';
const ORIGINAL: ReadonlyMap<string, string> = new Map([
  [`${CPU}/cpufreq/policy0/scaling_governor`, 'powersave'],
  [`${CPU}/cpufreq/policy1/scaling_governor`, 'schedutil'],
  [`${CPU}/intel_pstate/no_turbo`, '0'],
  ['/sys/kernel/mm/transparent_hugepage/enabled', 'madvise'],
  ['/proc/sys/vm/swappiness', '60'],
]);
const WANTED = { governor: 'performance', turbo: 'off', swap: 7 } as const;
const NAMES = ['governor', 'turbo', 'swap'] as const;

const wanting = (controls: Record<string, Json>): WantedControls =>
  wantedControls({ id: 'alpha', connect: { via: 'ssh', destination: 'alpha' }, controls });

// Many short commands, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000 });

const machines: Machine[] = [];
afterEach(async () => {
  for (const machine of machines.splice(0)) await machine.remove();
});

async function newMachine(files = ORIGINAL): Promise<Machine> {
  const machine = await makeMachine(files);
  machines.push(machine);
  return machine;
}

const lost = (): BenchError => new BenchError({ stage: 'connect', message: 'lost' }, { transport: true });

/** Where the connection is cut: after a command, or when so many bytes of its input have arrived. */
type Cut = 'after' | number;

/** Everything works until command number `at`, 0 being none; from then on nothing reaches the host. */
function cutAt(at: number, cut: Cut): { executor: Executor; reached: () => boolean } {
  const local = connectLocal();
  let count = 0;
  const exec = async (command: Command): ReturnType<Executor['exec']> => {
    count += 1;
    if (count > at) throw lost();
    if (count < at) return local.exec(command);
    await local.exec(cut === 'after' ? command : { ...command, stdin: String(command.stdin).slice(0, cut) });
    throw lost();
  };
  return { executor: { ...local, exec }, reached: () => count >= Math.max(1, at) };
}

/** Everything works until command number `at`, which reaches the host only when it is called to arrive. */
function commandThatIsCutOff(at: number): { executor: Executor; arrive: () => Promise<unknown> } {
  const local = connectLocal();
  let count = 0;
  let kept: Command | undefined;
  const exec = async (command: Command): ReturnType<Executor['exec']> => {
    count += 1;
    if (count < at) return local.exec(command);
    if (count === at) kept = command;
    throw lost();
  };
  const arrive = async (): Promise<unknown> => (kept === undefined ? undefined : local.exec(kept));
  return { executor: { ...local, exec }, arrive };
}

/** One run from beginning to end; false when it was cut short. */
async function run(machine: Machine, executor: Executor, name: string, wanted = wanting(WANTED)): Promise<boolean> {
  const about = { run: name, who: 'ada@desk', pinned: [0], since: 'now', root: machine.root };
  try {
    const applied = await applyControls({ ...machine.host, executor }, wanted, about);
    await applied.drift();
    await applied.restore();
    return true;
  } catch (error) {
    if (error instanceof BenchError && error.transport) return false;
    throw error;
  }
}

/** What another run finds: it must see the originals, set its own, and leave the machine as it was in the beginning. */
async function recoversByNextRun(machine: Machine): Promise<void> {
  const about = { run: 'next', who: 'bob@lab', pinned: [0], since: 'now', root: machine.root };
  const applied = await applyControls(machine.host, wanting(WANTED), about);
  const found = NAMES.map((name) => applied.findings.find(({ check }) => check === `control ${name}`)?.found);
  expect(found).toEqual(['performance (was powersave, schedutil)', 'off (was on)', '7 (was 60)']);
  await applied.restore();
  await isAsInTheBeginning(machine);
}

async function recoversByRestore(machine: Machine): Promise<void> {
  const { left } = await restoreControls(machine.host, { root: machine.root });
  expect(left).toEqual([]);
  await isAsInTheBeginning(machine);
}

async function isAsInTheBeginning(machine: Machine): Promise<void> {
  expect(await machine.files()).toEqual(Object.fromEntries(ORIGINAL));
  expect(await journalOf(machine)).toBeUndefined();
}

/** look, begin, write, look; look (drift); begin, look, write, look, end. */
const VERBS = ['look', 'begin', 'write', 'look', 'look', 'begin', 'look', 'write', 'look', 'end'];

const recoveries = [
  ['the next run', recoversByNextRun],
  ['restore', recoversByRestore],
] as const;

describe.each(recoveries)('the originals come back by %s', (_, recover) => {
  it('when the connection is cut after a command, for every command', async () => {
    for (let at = 0; at <= VERBS.length; at += 1) {
      // A look changes nothing: after it, one way of recovering is enough.
      if (VERBS[at - 1] === 'look' && (at % 2 === 0) !== (recover === recoversByRestore)) continue;
      const machine = await newMachine();
      const { executor, reached } = cutAt(at, 'after');
      expect(await run(machine, executor, 'cut')).toBe(false);
      expect(reached()).toBe(true);
      await recover(machine);
    }
    const { executor, reached } = cutAt(VERBS.length + 1, 'after');
    expect(await run(await newMachine(), executor, 'whole')).toBe(true);
    expect(reached()).toBe(false);
  });

  it('when a command that was cut off is carried out late, before any command of the recovery', async () => {
    for (let before = 1, recovered = false; !recovered; before += 1) {
      const machine = await newMachine();
      const late = commandThatIsCutOff(3);
      expect(await run(machine, late.executor, 'cut')).toBe(false);
      let count = 0;
      const { executor } = machine.host;
      const exec = async (command: Command): ReturnType<Executor['exec']> => {
        count += 1;
        if (count === before) await late.arrive();
        return executor.exec(command);
      };
      await recover({ ...machine, host: { ...machine.host, executor: { ...executor, exec } } });
      recovered = count < before;
    }
  });

  // What a command reads otherwise is only what it looks at, and nobody gets to know.
  const changing = VERBS.flatMap((verb, index) => (verb === 'begin' || verb === 'write' ? [index + 1] : []));
  it.each(changing)('when parts of the input of command %i have arrived', async (at) => {
    for (const bytes of [1, 75, 130]) {
      const machine = await newMachine();
      await run(machine, cutAt(at, bytes).executor, 'cut');
      await recover(machine);
    }
  });
});

it('the originals come back when a second run is cut while it restores what the first one left', async () => {
  for (let at = 1; ; at += 1) {
    const machine = await newMachine();
    await run(machine, cutAt(4, 'after').executor, 'first');
    const { executor, reached } = cutAt(at, 'after');
    await run(machine, executor, 'second', wanting({ ...WANTED, thp: 'never' }));
    await (at % 2 === 0 ? recoversByNextRun(machine) : recoversByRestore(machine));
    if (!reached()) break;
    expect(at).toBeLessThan(30);
  }
});

describe('kill -9 of everything that runs on the host', () => {
  let shims = '';
  beforeAll(async () => {
    // Programs of the scripts that count, and at one count kill the group of processes that they belong to.
    shims = mkdtempSync(join(tmpdir(), 'bench-shims-'));
    for (const program of ['cat', 'head', 'mkdir', 'flock', 'wc', 'sync', 'mv', 'rm', 'tr', 'grep']) {
      const shim = join(shims, program);
      const lines = [
        '#!/bin/sh',
        'count=0; [ ! -f "$SHIM_COUNT" ] || read -r count <"$SHIM_COUNT"; count=$((count + 1)); echo $count >"$SHIM_COUNT"',
        '[ "$count" != "$SHIM_KILL" ] || kill -9 0',
        `PATH=\${PATH#*:}; exec ${program} "$@"`,
      ];
      await writeFile(shim, `${lines.join('\n')}\n`);
      await chmod(shim, 0o755);
    }
  });
  afterAll(() => rmSync(shims, { recursive: true, force: true }));

  it('at every program that a script starts: the originals come back', async () => {
    const path = `${shims}${delimiter}${process.env['PATH'] ?? ''}`;
    let killed = 0;
    for (let at = 1; ; at += 1) {
      const machine = await newMachine();
      const env = { PATH: path, SHIM_COUNT: join(machine.workDir, '..', 'count'), SHIM_KILL: String(at) };
      const local = connectLocal();
      const host = { dead: false };
      const exec = async (command: Command): ReturnType<Executor['exec']> => {
        if (host.dead) throw lost();
        // Whatever is killed while it looks has changed nothing: that is the connection cut before it.
        const result = await local.exec(command.argv[6] === 'look' ? command : { ...command, env });
        host.dead = result.exit.kind === 'signal';
        if (host.dead) throw lost();
        return result;
      };
      await run(machine, { ...local, exec }, 'killed');
      await (at % 2 === 0 ? recoversByNextRun(machine) : recoversByRestore(machine));
      if (!host.dead) break;
      killed += 1;
      await machine.remove();
    }
    expect(killed).toBeGreaterThan(14);
  });
});

// A program that sets and restores, and kills itself when command number N has been started, which then goes on.
const KILLED = fileURLToPath(new URL('./killed.mjs', import.meta.url));

it('kill -9 of the orchestrator at every command, which goes on: the originals come back', async () => {
  for (let at = 1; at <= VERBS.length + 1; at += 1) {
    const machine = await newMachine();
    const args = [KILLED, machine.workDir, machine.root, String(at), JSON.stringify(WANTED)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
    await (at % 2 === 0 ? recoversByNextRun(machine) : recoversByRestore(machine));
    expect([code, signal]).toEqual(at > VERBS.length ? [0, null] : [null, 'SIGKILL']);
  }
});

describe('property', () => {
  const governors = fc.constantFrom('powersave', 'schedutil', 'performance', 'ondemand');
  const originals = fc.record({
    governor0: governors,
    governor1: governors,
    noTurbo: fc.constantFrom('0', '1'),
    thp: fc.constantFrom('always', 'madvise', 'never'),
    swappiness: fc.integer({ min: 0, max: 200 }),
    bytes: fc.constantFrom('0', '4096'),
  });
  const wanted = fc.record(
    {
      governor: fc.constantFrom('leave', 'performance', 'ondemand'),
      turbo: fc.constantFrom('leave', 'on', 'off'),
      thp: fc.constantFrom('leave', 'always', 'never'),
      swap: fc.oneof(fc.constant('leave'), fc.integer({ min: 0, max: 200 })),
      'dirty-limits': fc.constantFrom<Json>('leave', { percent: 10, backgroundPercent: 5 }),
    },
    { requiredKeys: [] },
  );
  const cut = fc.oneof(fc.constant<Cut>('after'), fc.integer({ min: 0, max: 500 }));
  const attempt = fc.record({ name: fc.constantFrom('a', 'b'), wanted, at: fc.integer({ min: 0, max: 12 }), cut });

  it('for any originals, wishes and crashes, one after the other, the machine ends as it began', async () => {
    await fc.assert(
      fc.asyncProperty(originals, fc.array(attempt, { minLength: 1, maxLength: 3 }), async (start, attempts) => {
        const files = new Map([
          [`${CPU}/cpufreq/policy0/scaling_governor`, start.governor0],
          [`${CPU}/cpufreq/policy1/scaling_governor`, start.governor1],
          [`${CPU}/intel_pstate/no_turbo`, start.noTurbo],
          ['/sys/kernel/mm/transparent_hugepage/enabled', start.thp],
          ['/proc/sys/vm/swappiness', String(start.swappiness)],
          ['/proc/sys/vm/dirty_ratio', '20'],
          ['/proc/sys/vm/dirty_background_ratio', '10'],
          ['/proc/sys/vm/dirty_bytes', start.bytes],
        ]);
        const machine = await makeMachine(files);
        try {
          for (const { name, wanted: wishes, at, cut: where } of attempts) {
            await run(machine, cutAt(at, where).executor, name, wanting(wishes));
          }
          const { left } = await restoreControls(machine.host, { root: machine.root });
          expect(left).toEqual([]);
          expect(await machine.files()).toEqual(Object.fromEntries(files));
          expect(await journalOf(machine)).toBeUndefined();
        } finally {
          await machine.remove();
        }
      }),
      { numRuns: 8 },
    );
  });
});

it('a restart at any moment leaves the settings that booting made, and the next run knows', async () => {
  for (let at = 1; at <= 9; at += 1) {
    const machine = await newMachine();
    await run(machine, cutAt(at, 'after').executor, 'cut');
    const booted = new Map([...ORIGINAL, ['/proc/sys/vm/swappiness', '42'] as const]);
    await machine.reboot(booted);
    const about = { run: 'next', who: 'bob@lab', pinned: [0], since: 'now', root: machine.root };
    const applied = await applyControls(machine.host, wanting(WANTED), about);
    expect(applied.findings.find(({ check }) => check === 'control swap')?.found).toBe('7 (was 42)');
    await applied.restore();
    expect(await machine.files()).toEqual(Object.fromEntries(booted));
  }
});

it('a restart while a run goes on: its own restoring writes nothing of the boot before', async () => {
  const machine = await newMachine();
  const about = { run: 'run', who: 'ada@desk', pinned: [0], since: 'now', root: machine.root };
  const applied = await applyControls(machine.host, wanting(WANTED), about);
  await machine.reboot(new Map([...ORIGINAL, ['/proc/sys/vm/swappiness', '42'] as const]));
  await applied.restore();
  expect((await machine.files())['/proc/sys/vm/swappiness']).toBe('42');
  // A journal of the boot before, found again: a late command of its run must not write.
  const again = await applyControls(machine.host, wanting(WANTED), { ...about, run: 'again' });
  const journal = (await journalOf(machine)) ?? '';
  await machine.reboot(ORIGINAL);
  await rm(join(machine.workDir, 'controls'), { recursive: true });
  await mkdir(join(machine.workDir, 'controls'));
  await writeFile(join(machine.workDir, 'controls', 'journal'), journal);
  await again.restore();
  await isAsInTheBeginning(machine);
  expect(await readFile(join(machine.root, 'proc/sys/vm/swappiness'), 'utf8')).toBe('60\n');
});
