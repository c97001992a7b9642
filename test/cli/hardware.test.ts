import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { faultyMachine, type FaultyMachine } from '../host/sysfs/faulty.js';
import { mountOptions, serve, type Served } from '../host/sysfs/fuse.js';
import { recorded } from '../host/controls/machine.js';
import { compileBench } from '../compiled.js';
import type { Ended } from './command-line.js';

// The whole command line on machines that are not here: their recorded files are served over FUSE in place of
// /sys/devices/system/cpu and /proc/irq, in a mount namespace of the command's own.

const CPU = '/sys/devices/system/cpu';
const IRQ = '/proc/irq';
const canMount = process.getuid?.() === 0 && existsSync('/dev/fuse');
const settings = { smt: 'off', governor: 'performance', turbo: 'off', 'c-states': 10, 'irq-affinity': 'off-pinned' };

let folder = '';
let cli = '';
const served: Served[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-hardware-'));
  cli = compileBench(folder);
  const hosts = { here: { connect: 'local', workDir: join(folder, 'work'), controls: settings } };
  const targets = { 'linux-up': { host: 'here', platform: 'native', shape: { cpus: [1] } } };
  writeFileSync(join(folder, 'hosts.json'), JSON.stringify({ hosts, targets }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  for (const each of served.splice(0)) each.close();
  rmSync(join(folder, 'runs'), { recursive: true, force: true });
});

/** Files that the recordings lack: interrupts, as of eight CPUs. */
const interrupts = new Map([
  [`${IRQ}/0/smp_affinity_list`, '0-7'],
  [`${IRQ}/24/smp_affinity_list`, '1'],
  [`${IRQ}/default_smp_affinity`, 'ff'],
]);

const machineOf = (name: string): FaultyMachine => faultyMachine(new Map([...interrupts, ...recorded(name)]));

/** Runs `bench` where the machine is. */
async function bench(machine: FaultyMachine, ...args: readonly string[]): Promise<Ended> {
  const mounts = [CPU, IRQ].map((path) => ({ path, ...serve(machine.below(path)) }));
  served.push(...mounts);
  const commands = mounts.map(({ path }, at) => `mount -i -t fuse -o ${mountOptions(3 + at)} recorded ${path}`);
  const script = `${commands.join(' && ')} && exec "$@" 3<&- 4<&-`;
  const words = ['--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', process.execPath, cli, ...args];
  const child = spawn('unshare', words, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe', ...mounts.map(({ fd }) => fd)],
    env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') },
    timeout: 170_000,
    killSignal: 'SIGKILL',
  });
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const measure = (machine: FaultyMachine, ...more: readonly string[]): Promise<Ended> =>
  bench(machine, 'run', '--suite', 'hourglass', '--target', 'linux-up', '--profile', 'quick', '--trials', '1', ...more);

interface Stated {
  readonly found: string;
  readonly verdict: string;
  readonly hint?: string;
}

/** What the run's journal states of the controls, by name. */
function stated(): Record<string, Stated> {
  const [run = ''] = readdirSync(join(folder, 'runs'));
  const lines = readFileSync(join(folder, 'runs', run, 'journal.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const facts = lines.map((line) => JSON.parse(line) as { event: string; of?: string; facts?: Record<string, Stated> });
  return facts.find(({ event, of }) => event === 'facts' && of === 'controls of host here')?.facts ?? {};
}

const verdicts = (): Record<string, string> =>
  Object.fromEntries(Object.entries(stated()).flatMap(([id, { verdict }]) => (id in settings ? [[id, verdict]] : [])));

const all = (verdict: string): Record<string, string> =>
  Object.fromEntries(Object.keys(settings).map((id) => [id, verdict]));

describe.skipIf(!canMount)('a run on recorded machines (needs root and /dev/fuse)', () => {
  it('sets what is there, measures, and restores it', async () => {
    const machine = machineOf('arm-snapdragon');
    const before = new Map(machine.tree());
    const ended = await measure(machine);
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    expect(verdicts()).toEqual({ ...all('ok'), smt: 'unavailable' });
    expect(machine.onlineSoFar).toEqual(['0-7']);
    expect(machine.writes.filter((write) => write.includes('failed'))).toEqual([]);
    expect(machine.tree()).toEqual(before);
  });

  it('states what a kernel refuses or ignores, sets the rest, and restores what it set', async () => {
    const machine = machineOf('intel-i7-1165g7');
    const before = new Map(machine.tree());
    machine.breaks([
      { on: /smt\/control$/, fails: 'EBUSY' },
      { on: /policy2\/scaling_governor$/, ignores: true },
      { on: /no_turbo$/, fails: 'EPERM' },
      { on: /cpu0\/cpuidle\/state3\/disable$/, fails: 'EIO' },
      { on: /irq\/24\//, fails: 'EIO' },
    ]);
    const ended = await measure(machine);
    expect(ended).toMatchObject({ code: 0 });
    expect(verdicts()).toEqual({
      smt: 'differs',
      governor: 'differs',
      turbo: 'unavailable',
      'c-states': 'differs',
      'irq-affinity': 'ok',
    });
    expect(ended.stderr).toContain(
      'control smt: expected off, found on; ' + `${CPU}/smt/control: Device or resource busy`,
    );
    expect(ended.stderr).toContain(
      'control governor: expected performance, found performance, powersave (was powersave); it was written, and another value is read back',
    );
    expect(ended.stderr).toContain(`${CPU}/cpu0/cpuidle/state3/disable: Input/output error`);
    expect(stated()['turbo']?.hint).toContain('Operation not permitted');
    expect(stated()['irq-affinity']?.found).toMatch(/^1 on CPUs 0,2-3, 1 on CPUs 1 /);
    expect(machine.tree()).toEqual(before);
  });

  it('voids a trial during which a setting changed, and sets it again for the next', async () => {
    const machine = machineOf('intel-i7-1165g7');
    const before = new Map(machine.tree());
    // Read when it has been set, for the facts of the host, before the trial, and after it.
    machine.breaks([{ on: /no_turbo$/, returnsAfterReads: 3 }]);
    // A shared machine, as this one is, only notes it by default.
    const ended = await measure(machine, '--gate', 'control-drift=0');
    expect(ended, ended.stderr).toMatchObject({ code: 0 });
    expect(verdicts()).toEqual(all('ok'));
    expect(machine.onlineSoFar).toContain('0-3');
    expect(ended.stderr).toMatch(/hourglass .*: void.*turbo/);
    expect(ended.stderr).toContain('control turbo: expected off, found on; it is set again');
    expect(ended.stderr.match(/: void/g)).toHaveLength(1);
    expect(machine.tree()).toEqual(before);
  });

  it('keeps the originals of what cannot be restored, until bench restore can', async () => {
    const machine = machineOf('amd-pstate');
    const before = new Map(machine.tree());
    machine.breaks([{ on: /smt\/control$/, fails: 'EBUSY', value: 'on' }]);
    const ended = await measure(machine);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(
      `not restored smt: ${CPU}/smt/control (expected on, found off); Device or resource busy`,
    );
    expect(machine.tree().get(`${CPU}/online`)).toBe('0-3');
    machine.breaks([]);
    const restored = await bench(machine, 'restore', '--host', 'here');
    expect(restored, restored.stderr).toMatchObject({ code: 0 });
    expect(machine.tree()).toEqual(before);
  });
});
