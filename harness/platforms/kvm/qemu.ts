import { createHash } from 'node:crypto';
import { BenchError } from '../../errors.js';
import { printable } from '../../connect/failure.js';
import { viewCgroups, type CgroupView } from '../../host/cgroup.js';
import { readCpuList, writeCpuList } from '../../host/cpu-list.js';
import { CHECK, limitsOf } from '../../host/limits.js';
import { printed } from '../../host/printed.js';
import type { CpuSeconds, Executor, Finding, Shape, Stage } from '../../types.js';
import { cutAtGuest, noGroups, readCpuTime, readLimits, settleLimits, versionIn } from '../container/groups.js';
import { cgroupsScript, runScript } from '../guest/script.js';
import { consoleIn, type Machine } from '../vm/machine.js';
import type { GuestPaths } from '../vm/paths.js';
import type { Identity } from '../vm/seed.js';
import { diskFinding, EMULATED, memoryFinding } from './findings.js';
import type { Choices } from './options.js';
import { qemuArgv } from './qemu-argv.js';

/** The parent of the guests' control groups. No dash: systemd reads one in a slice's name as a level of its own. */
export const groupOf = ({ root }: Pick<GuestPaths, 'root'>): string =>
  `bench_${createHash('sha256').update(root).digest('hex').slice(0, 8)}`;

/** The guest's network interface on the host: at most 15 characters. */
const tapOf = ({ uuid }: GuestPaths): string => `bn-${uuid.slice(0, 8)}`;

/** What `qemu.sh look` prints: the machine's process, and where each virtual CPU may run. */
export interface Seen {
  readonly pid: number;
  readonly virtual: readonly { readonly cpu: number; readonly allowed: readonly number[] }[];
}

/** A guest whose QEMU the harness starts itself, in a control group of its own. */
export function qemuMachine(host: Executor, paths: GuestPaths, shape: Shape, choices: Choices): Machine {
  return {
    isRunning: async () => (await look(host, paths)) !== undefined,
    console: () => consoleIn(host, paths.console),
    readBack: () => readBack(host, paths, shape, choices),
    destroy: () => endQemu(host, paths),
  };
}

/** Ends a guest's QEMU at once, and removes what it holds on the host except its files. */
export async function endQemu(host: Executor, paths: GuestPaths): Promise<void> {
  await runQemuScript(host, 'stop', ['end', paths.dir, paths.uuid, groupOf(paths), paths.name, tapOf(paths)]);
}

/** Starts QEMU on a guest's disk, with its limits and its pinning. */
export async function startQemu(
  host: Executor,
  paths: GuestPaths,
  shape: Shape,
  choices: Choices,
  identity: Identity,
): Promise<void> {
  const view = await viewCgroups(host, 'self');
  const limits = limitsOf(heldByGroup(shape), (controller) => versionIn(view, controller) ?? 1);
  const tap = choices.network === undefined ? '' : tapOf(paths);
  const script = await qemuScript();
  const argv = [
    ...['start', paths.dir, groupOf(paths), paths.name, tap, choices.network?.bridge ?? ''],
    ...limits.flatMap(({ writes }) => writes.flat()),
    '--',
    ...qemuArgv(paths, shape, choices, identity, tap),
  ];
  const log = `${paths.dir}/qemu.log`;
  const launch = ['sh', '-c', LAUNCH, 'sh', log, ...ON_ANY_CPU, 'sh', '-c', script, 'sh', ...argv] as const;
  const { exit } = await host.exec({ argv: launch, timeoutMs: 120_000 });
  if (exit.kind !== 'code' || exit.code !== 0) {
    const reason = printable((await printed(host, ['tail', '-n', '5', '--', log])) ?? '', 400);
    throw new BenchError({
      stage: 'start',
      message: `QEMU of ${paths.name} on ${host.where} did not start: ${reason === '' ? 'it left no reason' : reason}`,
      hint: `the whole log is ${log} on the host`,
    });
  }
  if (choices.pinning === 'each') {
    await runQemuScript(host, 'start', ['pin', paths.dir, paths.uuid, ...shape.cpus.map(String)]);
  }
  const group = await groupView(host, paths, 'start');
  await settleLimits(host, group, heldByGroup(shape));
}

/** Standard streams closed: the machine stays, and would keep the connection's channel open. */
const LAUNCH = 'log=$1; shift; exec "$@" </dev/null >"$log" 2>&1';
/** A process passes its affinity on to its children: the harness's own must not become the guest's. */
const ON_ANY_CPU = ['taskset', '-c', '0-8191'] as const;

/** CPU seconds of a guest's whole QEMU by its control group: its virtual CPUs, and the threads that emulate devices. */
export async function qemuSeconds(host: Executor, paths: GuestPaths): Promise<CpuSeconds> {
  const { seconds, source } = await readCpuTime(host, await groupView(host, paths, 'measure'), paths.name);
  const words = `${source.words}: all threads of its QEMU, those that emulate devices too`;
  return { seconds, source: { ...source, words } };
}

/** Removes what the guests of a root share on the host. */
export async function sweepQemu(host: Executor, root: string): Promise<void> {
  await runQemuScript(host, 'stop', ['sweep', groupOf({ root })]);
}

/** Memory is limited by QEMU's own argument: what the process needs beyond it is unknown. */
function heldByGroup({ cpus, cpuWeight, cpuCap }: Shape): Shape {
  return {
    cpus,
    ...(cpuWeight === undefined ? {} : { cpuWeight }),
    ...(cpuCap === undefined ? {} : { cpuCap }),
  };
}

async function look(host: Executor, paths: GuestPaths): Promise<Seen | undefined> {
  const script = await qemuScript();
  const text = await printed(host, ['sh', '-c', script, 'sh', 'look', paths.dir, paths.uuid]);
  return text === undefined ? undefined : readSeen(text);
}

/** Reads what `qemu.sh look` prints; `undefined` for anything else. */
export function readSeen(text: string): Seen | undefined {
  const [first = '', ...rest] = text.trimEnd().split('\n');
  const virtual = rest.flatMap((line) => {
    const [number = '', list = ''] = line.split(' ');
    const allowed = readCpuList(list);
    return /^\d+$/.test(number) && allowed !== undefined ? [{ cpu: Number(number), allowed }] : [];
  });
  return /^\d+$/.test(first) && virtual.length === rest.length ? { pid: Number(first), virtual } : undefined;
}

async function groupView(host: Executor, paths: GuestPaths, stage: Stage): Promise<CgroupView> {
  const seen = await look(host, paths);
  const view = seen === undefined ? undefined : await viewCgroups(host, seen.pid);
  const group = view === undefined ? undefined : cutAtGuest(view, groupOf(paths));
  if (group === undefined) throw noGroups(host, paths.name, stage);
  return group;
}

async function readBack(
  host: Executor,
  paths: GuestPaths,
  shape: Shape,
  choices: Choices,
): Promise<readonly Finding[]> {
  const seen = await look(host, paths);
  const limits = await readLimits(host, await groupView(host, paths, 'verify'), heldByGroup(shape));
  return [
    ...limits.filter(({ check }) => check !== CHECK.cpus),
    judgeThreads(shape.cpus, choices.pinning, seen?.virtual ?? []),
    ...(await memoryFinding(host, seen?.pid, shape)),
    ...(await diskFinding(host, paths, shape)),
    ...(choices.accel === 'tcg' ? [EMULATED] : []),
  ];
}

/** Compares where the threads of the virtual CPUs may run with the shape. */
export function judgeThreads(cpus: readonly number[], pinning: Choices['pinning'], virtual: Seen['virtual']): Finding {
  const expected = writeCpuList(cpus);
  const allowed = cpus.map((_, index) => virtual.find(({ cpu }) => cpu === index)?.allowed ?? []);
  const wanted = cpus.map((cpu) => (pinning === 'each' ? String(cpu) : expected));
  const ok = virtual.length === cpus.length && allowed.every((list, index) => writeCpuList(list) === wanted[index]);
  const found = allowed.map((list, index) => `${index} on ${list.length === 0 ? 'nothing' : writeCpuList(list)}`);
  return {
    check: CHECK.cpus,
    expected,
    found: ok ? expected : `virtual CPU ${found.join(', ')}`,
    verdict: ok ? 'ok' : 'differs',
  };
}

async function runQemuScript(host: Executor, stage: Stage, argv: readonly string[]): Promise<string> {
  const script = await qemuScript();
  return runScript(host, script, argv, { stage, message: `QEMU on ${host.where} could not be managed` });
}

function qemuScript(): Promise<string> {
  return cgroupsScript(new URL('./qemu.sh', import.meta.url));
}
