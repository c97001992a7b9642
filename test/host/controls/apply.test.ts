import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { connectLocal } from '../../../harness/connect/local.js';
import { applyControls, type ApplyOptions, type AppliedControls } from '../../../harness/host/controls/apply.js';
import { controlFiles } from '../../../harness/host/controls/control-files.js';
import { dropPageCache } from '../../../harness/host/controls/page-cache.js';
import { restoreControls } from '../../../harness/host/controls/restore.js';
import { PAGE_CACHE, controlMistakes, wantedControls } from '../../../harness/host/controls/wanted.js';
import type { Executor, HostConfig, Json } from '../../../harness/types.js';
import { kernelOf, under, type Kernel } from './kernel.js';
import { journalOf, makeMachine, recorded, type Machine } from './machine.js';

const isRoot = process.getuid?.() === 0;
const machines: Machine[] = [];
afterEach(async () => {
  for (const machine of machines.splice(0)) await machine.remove();
});

async function machineOf(name: string, executor?: Executor): Promise<Machine> {
  const machine = await makeMachine(recorded(name), executor);
  machines.push(machine);
  return machine;
}

const remote: HostConfig['connect'] = { via: 'ssh', destination: 'alpha' };
const wanting = (controls: Record<string, Json> = {}) => wantedControls({ id: 'alpha', connect: remote, controls });

function apply(
  { host, root }: Machine,
  controls: Record<string, Json> = {},
  options: Partial<ApplyOptions> = {},
): Promise<AppliedControls> {
  const about = { run: 'run-1', who: 'ada@desk', pinned: [1], since: '2026-01-02T03:04:05Z' };
  return applyControls(host, wanting(controls), { ...about, root, ...options });
}

const finding = ({ findings }: Pick<AppliedControls, 'findings'>, id: string) =>
  findings.find(({ check }) => check === `control ${id}`);

describe('controls of a host', () => {
  it('are set, read back, reported, and restored; the journal is there meanwhile and gone then', async () => {
    const machine = await machineOf('kvm-guest');
    const before = await machine.files();
    const applied = await apply(machine, { thp: 'never', swap: 1 });
    expect(finding(applied, 'watchdogs')).toEqual({
      check: 'control watchdogs',
      expected: 'off',
      found: 'off (was soft_watchdog)',
      verdict: 'ok',
    });
    expect(finding(applied, 'thp')).toMatchObject({ found: 'never (was madvise)', verdict: 'ok' });
    expect(finding(applied, 'swap')).toMatchObject({ expected: '1', found: '1 (was 60)', verdict: 'ok' });
    expect(finding(applied, 'aslr')).toMatchObject({ expected: 'as it is', found: '2', verdict: 'ok' });
    expect(finding(applied, 'smt')).toMatchObject({ expected: 'off', found: 'not available', verdict: 'unavailable' });
    expect(finding(applied, 'irq-affinity')).toMatchObject({ found: '19 on CPUs 0 (was 19 on CPUs 0-1)' });
    const during = await machine.files();
    expect(during['/proc/sys/vm/swappiness']).toBe('1');
    expect(during['/proc/irq/default_smp_affinity']).toBe('1');
    const journal = await journalOf(machine);
    expect(journal).toMatch(/^bench-controls\/1 [0-9a-f-]{36} b001\n\{"run":"run-1","who":"ada@desk"/);
    expect(journal).toContain('"original":"madvise"');
    expect(await applied.drift()).toEqual([]);
    expect(await applied.restore()).toEqual([]);
    expect(await journalOf(machine)).toBeUndefined();
    expect(await machine.files()).toEqual({
      ...before,
      '/sys/kernel/mm/transparent_hugepage/enabled': 'madvise',
    });
    expect(await readdir(join(machine.workDir, 'controls'))).toEqual([]);
  });

  it('leave no journal, and write nothing, where nothing is to be changed', async () => {
    const machine = await machineOf('riscv-pioneer');
    const before = await machine.files();
    const applied = await apply(machine);
    expect(await readdir(machine.workDir)).toEqual([]);
    expect(await applied.restore()).toEqual([]);
    expect(await machine.files()).toEqual(before);
  });

  it('are written in one command, and read in one', async () => {
    const verbs: string[] = [];
    const local = connectLocal();
    const watched: Executor = {
      ...local,
      exec: (command) => {
        verbs.push(command.argv[6] ?? '');
        return local.exec(command);
      },
    };
    const applied = await apply(await machineOf('intel-i7-1165g7', watched));
    expect(verbs).toEqual(['look', 'begin', 'write', 'look']);
    await applied.drift();
    expect(verbs.slice(4)).toEqual(['look']);
    await applied.restore();
    expect(verbs.slice(5)).toEqual(['begin', 'look', 'write', 'look', 'end']);
  });

  it('that drift are found, set ones and left ones; what moves by itself is none', async () => {
    const machine = await machineOf('intel-i7-1165g7');
    await machine.set('/proc/irq/7/smp_affinity_list', '2');
    const applied = await apply(machine, { 'irq-affinity': 'leave', 'c-states': 'leave' });
    await machine.set('/sys/devices/system/cpu/cpufreq/policy3/scaling_governor', 'powersave');
    await machine.set('/sys/devices/system/cpu/cpu3/cpuidle/state3/disable', '1');
    await machine.set('/proc/irq/7/smp_affinity_list', '1');
    expect(await applied.drift()).toEqual([
      {
        check: 'control governor',
        expected: 'performance',
        found: 'performance, powersave',
        verdict: 'differs',
        hint: 'it had been set; a daemon such as tuned or power-profiles-daemon may set it',
      },
    ]);
    for (let cpu = 0; cpu < 8; cpu += 1) {
      await machine.set(`/sys/devices/system/cpu/cpu${cpu}/cpuidle/state3/disable`, '1');
    }
    expect((await applied.drift()).map(({ check, expected, found }) => [check, expected, found])).toEqual([
      ['control governor', 'performance', 'performance, powersave'],
      ['control c-states', 'POLL, C1_ACPI, C2_ACPI, C3_ACPI', 'POLL, C1_ACPI, C2_ACPI'],
    ]);
    await applied.restore();
    expect((await machine.files())['/sys/devices/system/cpu/cpufreq/policy3/scaling_governor']).toBe('powersave');
  });

  it('of a host that was restarted have drifted as a whole', async () => {
    const machine = await machineOf('amd-epyc-7451');
    const applied = await apply(machine);
    await machine.reboot(recorded('amd-epyc-7451'));
    expect(await applied.drift()).toMatchObject([{ found: 'restarted', verdict: 'differs' }]);
    const before = await machine.files();
    expect(await applied.restore()).toEqual([]);
    expect(await machine.files()).toEqual(before);
    expect(await journalOf(machine)).toBeUndefined();
  });

  it('that would take the CPU of a target are refused, and others set', async () => {
    const applied = await apply(await machineOf('intel-i7-1165g7'), {}, { pinned: [5] });
    expect(finding(applied, 'smt')).toMatchObject({ verdict: 'unavailable', found: 'on' });
    expect(finding(applied, 'governor')).toMatchObject({ verdict: 'ok', found: 'performance (was powersave)' });
  });
});

describe('controls that take CPUs away', () => {
  async function machineWithKernel(smtOnline: boolean): Promise<Machine> {
    const kernels: Kernel[] = [];
    const machine = await machineOf('intel-i7-1165g7', under(kernels, connectLocal()));
    await machine.set('/sys/fs/cgroup/cpuset/lab/cpuset.cpus', '0-7');
    await machine.set('/sys/fs/cgroup/cpuset/lab/one/cpuset.cpus', '3-5');
    kernels.push(kernelOf(machine, (path) => rm(join(machine.root, path)), { smtOnline }));
    return machine;
  }

  it.each([true, false])('bring back with them what went with them (SMT brings CPUs online: %s)', async (smtOnline) => {
    const machine = await machineWithKernel(smtOnline);
    const before = await machine.files();
    const applied = await apply(machine);
    expect(finding(applied, 'smt')).toMatchObject({ found: 'off (was on)', verdict: 'ok' });
    const during = await machine.files();
    expect(during['/sys/devices/system/cpu/online']).toBe('0-3');
    expect(during['/sys/devices/system/cpu/cpufreq/policy5/scaling_governor']).toBeUndefined();
    expect(during['/sys/fs/cgroup/cpuset/lab/one/cpuset.cpus']).toBe('3');
    expect(await applied.drift()).toEqual([]);
    expect(await applied.restore()).toEqual([]);
    expect(await machine.files()).toEqual(before);
  });

  it('stay away for a run that goes on, and come back at its end', async () => {
    const machine = await machineWithKernel(true);
    const before = await machine.files();
    await apply(machine, { 'cpus-online': '0-2,4-6', thp: 'leave' });
    const during = await machine.files();
    expect(during['/sys/devices/system/cpu/online']).toBe('0-2');
    const again = await apply(machine, { 'cpus-online': '0-2,4-6' });
    expect(await machine.files()).toEqual(during);
    expect(finding(again, 'smt')).toMatchObject({ found: 'off (was on)', verdict: 'ok' });
    expect(finding(again, 'governor')).toMatchObject({ found: 'performance (was powersave)', verdict: 'ok' });
    expect(await again.drift()).toEqual([]);
    expect(await again.restore()).toEqual([]);
    expect(await machine.files()).toEqual(before);
  });

  it('leave threads offline that were, though the kernel brings all of them back with SMT', async () => {
    const machine = await machineWithKernel(true);
    await machine.host.executor.exec({ argv: ['true'] });
    await machine.set('/sys/devices/system/cpu/cpu5/online', '0');
    await machine.host.executor.exec({ argv: ['true'] });
    const before = await machine.files();
    expect(before['/sys/devices/system/cpu/cpu5/topology/thread_siblings_list']).toBeUndefined();
    const applied = await apply(machine);
    expect(finding(applied, 'smt')).toMatchObject({ found: 'off (was on)', verdict: 'ok' });
    expect(await applied.restore()).toEqual([]);
    expect(await machine.files()).toEqual(before);
  });

  it('keep what belongs to a CPU that does not come back, until it does', async () => {
    const kernels: Kernel[] = [];
    let stuck = false;
    const real = under(kernels, connectLocal());
    const held: Executor = {
      ...real,
      exec: (command) => {
        const holds = stuck && command.argv[6] === 'write';
        const stdin = String(command.stdin).replaceAll(/.*(?:smt\/control|cpu\d+\/online)\n.*\n/g, '');
        return real.exec(holds ? { ...command, stdin } : command);
      },
    };
    const machine = await machineOf('intel-i7-1165g7', held);
    kernels.push(kernelOf(machine, (path) => rm(join(machine.root, path)), { smtOnline: true }));
    await real.exec({ argv: ['true'] });
    const before = await machine.files();
    await apply(machine, {}, { run: 'dead' });
    stuck = true;
    const second = await apply(machine, { smt: 'leave' }, { run: 'next' });
    expect((await second.restore()).length).toBeGreaterThan(0);
    stuck = false;
    expect((await restoreControls(machine.host, { root: machine.root })).left).toEqual([]);
    expect(await machine.files()).toEqual(before);
  });

  it('bring back the CPUs of groups whose names systemd has escaped', async () => {
    const machine = await machineWithKernel(true);
    await machine.set('/sys/fs/cgroup/cpuset/machine.slice/machine-qemu\\x2d1.scope/cpuset.cpus', '0-7');
    const before = await machine.files();
    const applied = await apply(machine);
    expect(finding(applied, 'smt')).toMatchObject({ found: 'off (was on)', verdict: 'ok' });
    expect(await applied.restore()).toEqual([]);
    expect(await machine.files()).toEqual(before);
  });

  it('UP by hotplug: one CPU is left', async () => {
    const machine = await machineWithKernel(true);
    const before = await machine.files();
    const applied = await apply(machine, { 'cpus-online': '0' }, { pinned: [0] });
    expect((await machine.files())['/sys/devices/system/cpu/online']).toBe('0');
    expect(finding(applied, 'cpus-online')).toMatchObject({ found: '0 (was 0-7)', verdict: 'ok' });
    expect(finding(applied, 'irq-affinity')).toMatchObject({ verdict: 'unavailable' });
    await applied.restore();
    expect(await machine.files()).toEqual(before);
  });
});

describe('an earlier run', () => {
  it('that died is restored before anything is read: its values are never taken for originals', async () => {
    const machine = await machineOf('amd-epyc-7451');
    const before = await machine.files();
    await apply(machine, {}, { run: 'dead' });
    expect(await machine.files()).not.toEqual(before);
    const second = await apply(machine, { 'c-states': 'leave' }, { run: 'next' });
    expect(finding(second, 'turbo')).toMatchObject({ found: 'off (was on)' });
    expect(finding(second, 'c-states')).toMatchObject({ expected: 'as it is', found: 'POLL, C1, C2' });
    expect(second.findings.filter(({ check }) => check.startsWith('restored c-states')).length).toBe(4);
    await second.restore();
    expect(await machine.files()).toEqual(before);
  });

  it('of another boot is forgotten, and its originals are written nowhere', async () => {
    const machine = await machineOf('amd-epyc-7451');
    await apply(machine, {}, { run: 'dead' });
    const otherwise = new Map([...recorded('amd-epyc-7451'), ['/sys/devices/system/cpu/cpufreq/boost', '0'] as const]);
    await machine.reboot(otherwise);
    const before = await machine.files();
    const second = await apply(machine, {}, { run: 'next' });
    expect(second.findings[0]).toMatchObject({ check: 'settings of the host', verdict: 'ok' });
    expect(second.findings[0]?.found).toMatch(/^restarted since .* run dead set them$/);
    expect(finding(second, 'turbo')).toMatchObject({ found: 'off' });
    await second.restore();
    expect(await machine.files()).toEqual(before);
  });

  it('whose files cannot all be restored leaves their originals to the next journal', async () => {
    let stuck = false;
    const local = connectLocal();
    const stubborn: Executor = {
      ...local,
      exec: (command) =>
        local.exec(
          stuck && command.argv[6] === 'write'
            ? { ...command, stdin: String(command.stdin).replaceAll(/.*boost\n1\n/g, '') }
            : command,
        ),
    };
    const machine = await machineOf('amd-epyc-7451', stubborn);
    const before = await machine.files();
    await apply(machine, {}, { run: 'dead' });
    stuck = true;
    const { findings, left } = await restoreControls(machine.host, { root: machine.root });
    expect(left.map(({ path }) => path)).toEqual(['/sys/devices/system/cpu/cpufreq/boost']);
    expect(findings.find(({ verdict }) => verdict === 'differs')).toMatchObject({
      check: 'restored turbo: /sys/devices/system/cpu/cpufreq/boost',
      expected: '1',
      found: '0',
    });
    const second = await apply(machine, {}, { run: 'next' });
    expect(finding(second, 'turbo')).toMatchObject({ found: 'off (was on)' });
    stuck = false;
    expect(await second.restore()).toEqual([]);
    expect(await machine.files()).toEqual(before);
  });

  it('is left alone by `keep` when it is the run itself that goes on', async () => {
    const machine = await machineOf('amd-epyc-7451');
    await apply(machine);
    const during = await machine.files();
    expect(await restoreControls(machine.host, { root: machine.root, keep: 'run-1' })).toEqual({
      findings: [],
      left: [],
    });
    expect(await machine.files()).toEqual(during);
    const restored = await restoreControls(machine.host, { root: machine.root, keep: 'run-2' });
    expect(restored.journal?.run).toBe('run-1');
    expect(restored.findings.every(({ verdict }) => verdict === 'ok')).toBe(true);
    expect(await restoreControls(machine.host, { root: machine.root })).toEqual({ findings: [], left: [] });
  });

  it('that is still writing behind a cut connection is waited for', async () => {
    const machine = await machineOf('kvm-guest');
    const before = await machine.files();
    const slow = connectLocal();
    // A script that holds the same lock while it writes, as one whose bench has gone.
    await apply(machine, { swap: 1 }, { run: 'dead' });
    const behind = slow.exec({
      argv: [
        'sh',
        '-c',
        'exec 9<"$1/controls"; flock 9; : >"$1/held"; sleep 0.5; echo 77 >"$2/proc/sys/vm/swappiness"',
        'sh',
        machine.workDir,
        machine.root,
      ],
    });
    while (!(await readdir(machine.workDir)).includes('held')) await new Promise((done) => setTimeout(done, 10));
    await restoreControls(machine.host, { root: machine.root });
    await behind;
    expect(await machine.files()).toEqual(before);
  });
});

describe('watchdogs', () => {
  const path = (name: string): string => `/proc/sys/kernel/${name}`;

  /** As kernel/watchdog.c: reading a file sets it to what is in force, and nothing is where `watchdog` is 0. */
  const detectorsOf = (machine: () => Machine): Kernel => ({
    async settle() {
      const files = await machine().files();
      const force = files[path('watchdog')] === '1' && files[path('soft_watchdog')] === '1' ? '1' : '0';
      for (const name of ['soft_watchdog', 'watchdog']) await machine().set(path(name), force);
    },
  });

  it('are turned on again where the kernel has turned off what both belong to', async () => {
    const box: { machine?: Machine } = {};
    const kernel = detectorsOf(() => box.machine as Machine);
    const machine = await machineOf('kvm-guest', under([kernel], connectLocal()));
    box.machine = machine;
    const before = await machine.files();
    const applied = await apply(machine);
    expect(finding(applied, 'watchdogs')).toMatchObject({ found: 'off (was soft_watchdog)', verdict: 'ok' });
    expect((await machine.files())[path('watchdog')]).toBe('0');
    expect(await applied.restore()).toEqual([]);
    expect(await machine.files()).toEqual(before);
    expect(await journalOf(machine)).toBeUndefined();
  });
});

describe('what cannot be set', () => {
  it.skipIf(!isRoot)(
    'a file that looks writable and is not is found by the message of the system (needs root)',
    async () => {
      const machine = await machineOf('kvm-guest');
      const { applied } = await withReadOnly(machine, '/proc/sys/kernel/soft_watchdog');
      const found = finding(applied, 'watchdogs');
      expect(found).toMatchObject({ expected: 'off', found: 'soft_watchdog', verdict: 'unavailable' });
      expect(found?.hint).toMatch(/soft_watchdog: .*(Read-only file system|Operation not permitted|Permission denied)/);
    },
  );

  it('a write that changes nothing is found by reading back', async () => {
    const machine = await machineOf('kvm-guest');
    const path = join(machine.root, '/proc/sys/kernel/soft_watchdog');
    const local = connectLocal();
    const host = {
      ...machine.host,
      executor: {
        ...local,
        exec: async (command: Parameters<Executor['exec']>[0]) => {
          const result = await local.exec(command);
          if (command.argv[6] === 'write') await writeFile(path, '1\n');
          return result;
        },
      },
    };
    const applied = await apply({ ...machine, host });
    expect(finding(applied, 'watchdogs')).toMatchObject({
      found: 'soft_watchdog',
      verdict: 'differs',
      hint: 'it was written, and another value is read back',
    });
  });

  it('smt/control of this very machine refuses with ENODEV where it reads notsupported', async ({ skip }) => {
    const control = '/sys/devices/system/cpu/smt/control';
    const state = await readFile(control, 'utf8').catch(() => 'absent');
    if (!state.startsWith('notsupported')) return skip(`smt/control reads ${state.trim()} here`);
    const workDir = (await machineOf('riscv-pioneer')).workDir;
    const host = { id: 'here', executor: connectLocal(), workDir };
    // What the kernel refuses changes nothing, so it may be asked for on this machine: through the script, as in a run.
    const files = controlFiles(host);
    const { boot } = await files.look([]);
    const about = { run: 'r', who: 'w', since: 's', token: 'abc', boot };
    expect(await files.begin(undefined, { ...about, lines: [] })).toBe(true);
    expect(await files.write('abc', [{ path: control, value: 'off' }])).toEqual([
      { path: control, ok: false, message: 'No such device' },
    ]);
    await files.end('abc');
  });

  it('nothing is written when the journal cannot be', async () => {
    const machine = await machineOf('kvm-guest');
    const before = await machine.files();
    await writeFile(join(machine.workDir, 'controls'), 'in the way');
    await expect(apply(machine)).rejects.toMatchObject({ problem: { stage: 'prepare', host: 'alpha' } });
    expect(await machine.files()).toEqual(before);
  });

  it('a journal of another version is over once the host was restarted', async () => {
    const machine = await machineOf('kvm-guest');
    await apply(machine, {}, { run: 'dead' });
    const file = join(machine.workDir, 'controls', 'journal');
    await writeFile(file, ((await journalOf(machine)) ?? '').replace('controls/1', 'controls/2'));
    await expect(apply(machine)).rejects.toThrow('cannot be read');
    await machine.reboot(recorded('kvm-guest'));
    const before = await machine.files();
    const applied = await apply(machine);
    expect(finding(applied, 'watchdogs')).toMatchObject({ found: 'off (was soft_watchdog)' });
    expect(await applied.restore()).toEqual([]);
    expect(await machine.files()).toEqual(before);
  });

  it('nothing is touched under a journal that nobody can read', async () => {
    const machine = await machineOf('kvm-guest');
    const before = await machine.files();
    await mkdir(join(machine.workDir, 'controls'));
    await writeFile(join(machine.workDir, 'controls', 'journal'), 'bench-controls/2 x y\n\u001b[2J\n');
    await expect(apply(machine)).rejects.toThrow(
      /cannot be read \(expected what this version of bench writes, found bench-controls\/2 x y \| \\u\{1b\}/,
    );
    await expect(restoreControls(machine.host, { root: machine.root })).rejects.toThrow('cannot be read');
    expect(await machine.files()).toEqual(before);
  });
});

/** Applies with one file on a read-only mount of its own, in a private mount namespace; as root only. */
async function withReadOnly(machine: Machine, path: string): Promise<{ applied: AppliedControls }> {
  const file = join(machine.root, path);
  const local = connectLocal();
  const inside: Executor = {
    ...local,
    exec: (command) =>
      local.exec({
        ...command,
        argv: [
          'unshare',
          '-m',
          'sh',
          '-c',
          'f=$1; shift; mount --bind "$f" "$f" && mount -o remount,bind,ro "$f" && exec "$@"',
          'sh',
          file,
          ...command.argv,
        ],
      }),
  };
  await chmod(file, 0o644);
  return { applied: await apply({ ...machine, host: { ...machine.host, executor: inside } }) };
}

describe('wanted settings', () => {
  it.each<readonly [Record<string, Json>, string]>([
    [{ smt: 'of' }, 'hosts.alpha.controls.smt (expected "leave", or "on" or "off")'],
    [
      { goverNor: 'performance' },
      'hosts.alpha.controls.goverNor (expected the name of a control); did you mean "governor"?',
    ],
    [{ swap: 201 }, 'expected "leave", or a whole number, 0 to 200'],
    [{ 'cpus-online': '3-1' }, 'expected "leave", or a list of CPUs, such as "0" or "0-3,8"'],
    [{ 'dirty-limits': { percent: 5 } }, 'expected "leave", or an object with "percent" and "backgroundPercent"'],
    [{ 'tcp-congestion': 'x; reboot' }, 'expected "leave", or a word'],
    [{ [PAGE_CACHE]: true }, 'expected "drop" or "leave"'],
    [{ nothing: 'leave' }, 'expected the name of a control'],
  ])('%j is refused', (asked, message) => {
    expect(() => wanting(asked)).toThrow(message);
    expect(controlMistakes(asked)).toHaveLength(1);
  });

  it('by default nothing global is changed on a machine that is shared, and all that is requested is', async () => {
    for (const shared of [{ connect: { via: 'local' } }, { connect: remote, lab: 'namespace' }] as const) {
      const machine = await machineOf('kvm-guest');
      const wanted = wantedControls({ id: 'here', ...shared, controls: { 'tcp-congestion': 'reno' } });
      const before = await machine.files();
      const about = { run: 'run-1', who: 'ada@desk', pinned: [1], since: 'now', root: machine.root };
      const applied = await applyControls(machine.host, wanted, about);
      const path = '/proc/sys/net/ipv4/tcp_congestion_control';
      expect(await machine.files()).toEqual({ ...before, [path]: 'reno' });
      expect(finding(applied, 'watchdogs')).toEqual({
        check: 'control watchdogs',
        expected: 'off',
        found: 'soft_watchdog',
        verdict: 'unavailable',
        hint: 'shared machine: only what the hosts file requests is set',
      });
      expect(await applied.beforeTrial()).toEqual([]);
      expect(await applied.restore()).toEqual([]);
      expect(await machine.files()).toEqual(before);
    }
  });

  it('an emulated machine has a kernel of its own: defaults are set there', () => {
    const wanted = wantedControls({ id: 'vm', connect: remote, lab: 'emulated' });
    expect(wanted.byControl.get('watchdogs')).toEqual({ kind: 'set', value: 'off' });
  });
});

describe('the page cache', () => {
  it('is dropped before each trial where that is requested', async () => {
    const machine = await machineOf('kvm-guest');
    await machine.set('/proc/sys/vm/drop_caches', '0');
    const applied = await apply(machine, { [PAGE_CACHE]: 'drop' });
    expect(await applied.beforeTrial()).toEqual([
      { check: 'page cache', expected: 'dropped', found: 'dropped', verdict: 'ok' },
    ]);
    expect((await machine.files())['/proc/sys/vm/drop_caches']).toBe('3');
  });

  it('is kept where the host does not allow it, in the words of the system', async () => {
    expect(await dropPageCache(connectLocal(), '/nonexistent')).toMatchObject({ verdict: 'unavailable' });
  });
});

describe('a real kernel', () => {
  it.skipIf(!isRoot)('TCP congestion control of a network namespace of its own (needs root)', async () => {
    const machine = await machineOf('riscv-pioneer');
    const local = connectLocal();
    const name = `k-controls-${process.pid}`;
    execFileSync('ip', ['netns', 'add', name]);
    try {
      const argv = ['nsenter', `--net=/run/netns/${name}`] as const;
      const inside: Executor = {
        ...local,
        exec: (command) => local.exec({ ...command, argv: [...argv, ...command.argv] }),
      };
      const host = { id: 'ns', executor: inside, workDir: machine.workDir };
      const path = '/proc/sys/net/ipv4/tcp_congestion_control';
      const now = async (): Promise<string> => (await inside.exec({ argv: ['cat', path] })).stdout.trim();
      const original = await now();
      const other = original === 'reno' ? 'cubic' : 'reno';
      const wanted = wantedControls({ id: 'ns', connect: { via: 'local' }, controls: { 'tcp-congestion': other } });
      const about = { run: 'run-1', who: 'ada@desk', pinned: [0], since: 'now' };
      const found = `${other} (was ${original})`;
      const applied = await applyControls(host, wanted, about);
      expect(finding(applied, 'tcp-congestion')).toMatchObject({ found, verdict: 'ok' });
      expect(await now()).toBe(other);
      const second = await applyControls(host, wanted, { ...about, run: 'run-2' });
      expect(finding(second, 'tcp-congestion')).toMatchObject({ found });
      expect(await second.restore()).toEqual([]);
      expect(await now()).toBe(original);
    } finally {
      execFileSync('ip', ['netns', 'del', name]);
    }
  });
});

describe('files that somebody else planted', () => {
  it('are not written or read through a link', async () => {
    const machine = await machineOf('kvm-guest');
    const controls = join(machine.workDir, 'controls');
    const precious = join(machine.workDir, 'precious');
    await mkdir(controls);
    await writeFile(precious, 'as it was');
    await symlink(precious, join(controls, 'journal.new'));
    await apply(machine, { swap: 1 });
    await restoreControls(machine.host, { root: machine.root });
    await symlink(precious, join(controls, 'journal'));
    await expect(apply(machine, { swap: 1 })).rejects.toThrow(`${controls}/journal is no regular file`);
    expect(await readFile(precious, 'utf8')).toBe('as it was');
  });

  it.runIf(isRoot)('are not obeyed: the journal of another user sets nothing', async () => {
    const machine = await machineOf('kvm-guest');
    await apply(machine, { swap: 1 });
    await chown(join(machine.workDir, 'controls', 'journal'), 54_321, 54_321);
    await expect(restoreControls(machine.host, { root: machine.root })).rejects.toThrow(
      'journal belongs to another user',
    );
    expect((await machine.files())['/proc/sys/vm/swappiness']).toBe('1');
  });
});
