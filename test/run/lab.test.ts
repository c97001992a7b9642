import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { labDown, labPower, labUp, type LabStatus } from '../../harness/lab/index.js';
import { loadRun } from '../../harness/store/index.js';
import type { LoadedRun } from '../../harness/types.js';
import { start, type Ended, type Started } from '../cli/command-line.js';
import { runHere } from '../cli/in-process.js';
import { compileBench } from '../compiled.js';
import { whyNoLab } from '../lab/traces.js';
import { killIfRunning } from '../processes.js';

// The whole way: the command line, real SSH, a real container, and what happens to machines in real life.

const reason = whyNoLab();
const lab = { name: `run-${process.pid}`, report: (): void => undefined };
const TARGETS = ['--target', 'linux-up', '--target', 'lxc-up'];
const CPU = ['--suite', 'cpu', '--trials', '2', '--hosts', 'hosts.lab.json'];

/** What happens to a trial is tested here, not what it measures: a second of load is enough. */
function shortenTrials(folder: string): void {
  const path = join(folder, 'dist/suites/cpu/index.js');
  const whole = readFileSync(path, 'utf8');
  const shorter = whole.replace('events: 4_000', 'events: 1_000');
  if (shorter === whole) throw new Error('the quick profile of cpu has another size now');
  writeFileSync(path, shorter);
}

type HostsJson = Record<'hosts' | 'targets', Record<string, Record<string, unknown>>>;

describe.skipIf(reason !== undefined)(`bench in a lab${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-lab-run-'));
  let cli = '';
  let status: LabStatus;
  const running = new Set<Started>();
  const bench = (...args: string[]): Started => {
    const started = start(cli, folder, args);
    running.add(started);
    const forget = (): void => void running.delete(started);
    started.ended.then(forget, forget);
    return started;
  };
  const finish = (...args: string[]): Promise<Ended> => bench(...args).ended;
  /** Only for what ends by itself: it cannot be killed. */
  const here = (...args: string[]): Promise<Ended> => runHere(cli, folder, args);
  const runOf = ({ stdout }: Ended): string => stdout.trim().split('/').at(-1) ?? '';
  const load = (run: string): Promise<LoadedRun> => loadRun(join(folder, 'runs'), run);
  const statuses = ({ records }: LoadedRun): string[] => records.map(({ outcome }) => outcome.status);
  const launches = ({ journal }: LoadedRun): number => journal.filter(({ event }) => event === 'launched').length;
  const latest = (): string => readdirSync(join(folder, 'runs')).sort().at(-1) ?? '';

  beforeAll(async () => {
    cli = compileBench(folder);
    shortenTrials(folder);
    status = await labUp({ ...lab, directory: folder });
  }, 600_000);
  // A test that fails in the middle leaves a `bench` and a trial behind: the next test must meet neither.
  afterEach(async ({ task }) => {
    for (const started of running) started.kill('SIGKILL');
    await Promise.allSettled([...running].map(({ ended }) => ended));
    if (task.result?.state === 'fail') await labPower('alpha', 'cycle', lab);
  });
  afterAll(async () => {
    await labDown(lab);
    rmSync(folder, { recursive: true, force: true });
  });

  const onAlpha = (command: string): string => {
    const args = ['-F', status.sshConfig ?? '', 'alpha', command];
    const { status: code, stdout, stderr } = spawnSync('ssh', args, { encoding: 'utf8' });
    if (code !== 0) throw new Error(`${command}: ${stderr}`);
    return stdout.trim();
  };
  const readHosts = (): HostsJson => JSON.parse(readFileSync(join(folder, 'hosts.lab.json'), 'utf8')) as HostsJson;

  /** Processes of a lab host, from outside, whose command line holds the text. */
  function processesWith(text: string, group = ''): number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => {
        const read = (file: string): string => {
          try {
            return readFileSync(`/proc/${pid}/${file}`, 'utf8');
          } catch {
            return '';
          }
        };
        if (!read('cmdline').includes(text)) return false;
        const groups = read('cgroup');
        return groups.includes(`bench-lab.${lab.name}/`) && groups.includes(group);
      })
      .map(Number);
  }

  async function untilMeasuring(group = ''): Promise<void> {
    // With its arguments: `sysbench --version` runs while the suite is installed.
    for (let tries = 0; processesWith('--cpu-max-prime', group).length === 0; tries += 1) {
      if (tries > 900) throw new Error('sysbench never ran');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** Stops what measures, so that a trial does not end before a slow machine has done something to it; or continues it. */
  function signalMeasuring(signal: 'SIGSTOP' | 'SIGCONT'): void {
    for (const pid of processesWith('--cpu-max-prime')) killIfRunning(pid, signal);
  }

  it('measures natively and in a container, and reports both', async () => {
    const ended = await finish('run', ...CPU, ...TARGETS);
    expect(ended.stderr).toMatch(/^4 collected, 0 failed, 0 void, 0 skipped$/m);
    expect(ended.code).toBe(0);
    const run = await load(runOf(ended));
    expect(statuses(run)).toEqual(Array(4).fill('collected'));
    const report = await here('report', runOf(ended), '--format', 'json', '--out', '-');
    const { cells } = JSON.parse(report.stdout) as { cells: { metric: string; target: string; state: string }[] };
    const mine = cells.filter(({ metric }) => metric === 'cpu/events').map(({ target, state }) => [target, state]);
    expect([...new Set(mine.map((cell) => cell.join(' ')))].sort()).toEqual(['linux-up value', 'lxc-up value']);
  });

  it('leaves no guest, no trial and no lock on the host', () => {
    expect(status.hosts.length).toBeGreaterThan(0);
    expect(processesWith('lxc-start')).toEqual([]);
    expect(processesWith('bench-agent')).toEqual([]);
    const kept = onAlpha('ls /var/lib/bench');
    expect(kept).not.toBe('');
    expect(kept).not.toMatch(/^lock$/m);
  });

  it('loses nothing when the connection is cut in the middle of a trial', async () => {
    const started = bench('run', ...CPU, '--target', 'lxc-up');
    await untilMeasuring();
    const daemons = processesWith('sshd');
    expect(daemons.length).toBeGreaterThan(0);
    // Killing the listening sshd can end those that serve connections.
    for (const pid of daemons) killIfRunning(pid);
    const ended = await started.ended;
    expect(ended.code).toBe(0);
    const run = await load(runOf(ended));
    expect(statuses(run)).toEqual(['collected', 'collected']);
    expect(launches(run)).toBe(2);
  });

  it('resumes a running trial after kill -9 of the orchestrator, and repeats none', async () => {
    const started = bench('run', ...CPU, '--target', 'lxc-up');
    await untilMeasuring();
    started.kill('SIGKILL');
    await started.ended;
    const id = latest();
    const ended = await finish('run', '--resume', id, '--hosts', 'hosts.lab.json');
    expect(ended.stderr).toContain('picking up trial t0001');
    expect(ended.code).toBe(0);
    const run = await load(id);
    expect(statuses(run)).toEqual(['collected', 'collected']);
    expect(launches(run)).toBe(2);
  });

  it('voids the trial whose host lost its power, repeats it, and continues', async () => {
    const started = bench('run', ...CPU, '--target', 'linux-up');
    await untilMeasuring();
    signalMeasuring('SIGSTOP');
    await labPower('alpha', 'cycle', lab);
    const ended = await started.ended;
    const run = await load(runOf(ended));
    expect(statuses(run)).toEqual(['void', 'collected', 'collected']);
    expect(run.records[0]?.outcome).toMatchObject({ reason: expect.stringMatching(/agent|is not running/) as string });
  });

  it('restores the settings of a host, whatever is killed in the middle of a trial', { timeout: 180_000 }, async () => {
    const set = (): string => onAlpha('cat /proc/sys/net/ipv4/tcp_congestion_control');
    const original = set();
    const asked = original === 'reno' ? 'cubic' : 'reno';
    const { hosts, ...rest } = readHosts();
    hosts['alpha'] = { ...hosts['alpha'], controls: { 'tcp-congestion': asked } };
    writeFileSync(join(folder, 'hosts.controls.json'), JSON.stringify({ ...rest, hosts }));
    const file = ['--hosts', 'hosts.controls.json'];
    const measuring = async (): Promise<Started> => {
      const started = bench('run', '--suite', 'cpu', '--trials', '1', '--target', 'linux-up', ...file);
      await untilMeasuring();
      signalMeasuring('SIGSTOP');
      expect(set()).toBe(asked);
      return started;
    };
    const drifts = ({ records }: LoadedRun): unknown[] =>
      records.map(({ gates = [] }) => gates.find(({ gate }) => gate === 'control-drift')?.value);

    const cut = await measuring();
    for (const pid of processesWith('sshd')) killIfRunning(pid);
    signalMeasuring('SIGCONT');
    expect(drifts(await load(runOf(await cut.ended)))).toEqual([0]);
    expect(set()).toBe(original);

    const unpowered = await measuring();
    await labPower('alpha', 'cycle', lab);
    expect(drifts(await load(runOf(await unpowered.ended)))).toEqual([undefined, 0]);
    expect(set()).toBe(original);

    const killed = await measuring();
    killed.kill('SIGKILL');
    await killed.ended;
    expect(set()).toBe(asked);
    signalMeasuring('SIGCONT');
    const run = latest();
    expect((await finish('run', '--resume', run, ...file)).code).toBe(0);
    expect(drifts(await load(run))).toEqual([0]);
    expect(set()).toBe(original);

    const gone = await measuring();
    gone.kill('SIGKILL');
    await gone.ended;
    // Its trial still measures under the settings that restore takes away: it is ended first.
    const restored = await finish('restore', '--host', 'alpha', '--break-lock', ...file);
    expect(restored.stdout).toMatch(new RegExp(`ok +restored tcp-congestion: .* ${original}$`, 'm'));
    expect(restored.code).toBe(0);
    expect(set()).toBe(original);
    // The trial was ended with it, and is repeated.
    const late = latest();
    await finish('run', '--resume', late, ...file);
    expect(drifts(await load(late))).toEqual([undefined, 0]);
    expect(set()).toBe(original);
  });

  it('voids the trial whose guest was killed, and no other', async () => {
    const started = bench('run', ...CPU, ...TARGETS);
    await untilMeasuring('-lxc-up-');
    const inits = processesWith('sleep 2147483647');
    expect(inits.length).toBeGreaterThan(0);
    for (const pid of inits) killIfRunning(pid);
    const run = await load(runOf(await started.ended));
    const voided = run.records.filter(({ outcome }) => outcome.status === 'void').map(({ target }) => target);
    expect(voided).toEqual(['lxc-up']);
    expect(run.records.filter(({ outcome }) => outcome.status === 'collected')).toHaveLength(4);
  });

  it('lets one bench use a host at a time, and reports who holds the lock', async () => {
    const first = bench('run', ...CPU, '--target', 'lxc-up');
    await untilMeasuring();
    // Stopped, so that it holds the lock however long the second takes to start.
    first.kill('SIGSTOP');
    const second = await here('run', ...CPU, '--target', 'linux-up');
    first.kill('SIGCONT');
    expect(second.code).toBe(3);
    expect(second.stderr).toMatch(/host alpha, stage lock: .*since/);
    expect((await first.ended).code).toBe(0);
  });

  const broken: readonly (readonly [string, (hosts: Record<string, Record<string, unknown>>) => void, RegExp])[] = [
    [
      'that refuses the connection',
      (hosts) => (hosts['alpha'] = { ssh: '127.0.0.1', port: 1 }),
      /stage connect: .*127\.0\.0\.1/,
    ],
    [
      'whose key is unknown',
      (hosts) => {
        writeFileSync(join(folder, 'nobody'), '');
        hosts['alpha'] = { ...hosts['alpha'], knownHostsFiles: [join(folder, 'nobody')] };
      },
      /stage connect: .*SHA256:/,
    ],
    [
      'that does not accept our key',
      (hosts) => {
        const key = join(folder, 'stranger');
        spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
        const config = readFileSync(String(hosts['alpha']?.['configFile']), 'utf8');
        writeFileSync(join(folder, 'stranger.config'), config.replace(/IdentityFile .*/g, `IdentityFile ${key}`));
        hosts['alpha'] = { ...hosts['alpha'], configFile: join(folder, 'stranger.config') };
      },
      /stage connect: .*stranger/,
    ],
  ];
  it.each(broken)('reports in one line a host %s, and exits with 3', async (_, change, message) => {
    const config = readHosts();
    change(config.hosts);
    writeFileSync(join(folder, 'hosts.broken.json'), JSON.stringify(config));
    const ended = await here('run', '--suite', 'cpu', '--target', 'linux-up', '--hosts', 'hosts.broken.json');
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr).not.toMatch(/^ +at /m);
    expect(ended.code).toBe(3);
  });

  it('reports a full disk of a host, and still runs every other trial', async () => {
    onAlpha('mount -t tmpfs -o size=64k full /mnt');
    onTestFinished(() => void onAlpha('umount /mnt'));
    const { hosts, targets, ...rest } = readHosts();
    hosts['alpha'] = { ...hosts['alpha'], workDir: '/mnt/bench' };
    targets['other'] = { host: 'peer', platform: 'native', shape: { cpus: [1] } };
    writeFileSync(join(folder, 'hosts.full.json'), JSON.stringify({ ...rest, hosts, targets }));
    const both = ['--target', 'linux-up', '--target', 'other'];
    const ended = await finish('run', '--suite', 'cpu', '--trials', '1', ...both, '--hosts', 'hosts.full.json');
    expect(ended.stderr).toMatch(/host alpha, .*No space left on device/);
    expect(ended.code).toBe(3);
    expect(statuses(await load(runOf(ended)))).toEqual(['collected']);
  });
});
