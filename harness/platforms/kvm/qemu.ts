import { createHash } from 'node:crypto';
import { BenchError } from '../../errors.js';
import { printable } from '../../connect/failure.js';
import { viewCgroups, type CgroupView } from '../../host/cgroup.js';
import { readCpuList, writeCpuList } from '../../host/cpu-list.js';
import { CHECK, limitsOf } from '../../host/limits.js';
import { printed } from '../../host/printed.js';
import type { CpuSeconds, Executor, Finding, Shape, Stage } from '../../types.js';
import { cutAtGuest, noGroups, readCpuTime, readLimits, settleLimits, versionIn } from '../container/groups.js';
import { runScript, scriptAt } from '../guest/script.js';
import { consoleIn, type Machine } from '../vm/machine.js';
import type { Place } from '../vm/place.js';
import type { Identity } from '../vm/seed.js';
import { diskFinding, EMULATED, memoryFinding } from './findings.js';
import type { Choices } from './options.js';
import { qemuArgv } from './qemu-argv.js';

/** The parent of the guests' control groups. No dash: systemd reads one in a slice's name as a level of its own. */
export const groupOf = ({ root }: Pick<Place, 'root'>): string =>
  `bench_${createHash('sha256').update(root).digest('hex').slice(0, 8)}`;

/** The guest's network interface on the host: at most 15 characters. */
const tapOf = ({ uuid }: Place): string => `bn-${uuid.slice(0, 8)}`;

/** What `qemu.sh look` prints: the machine's process, and where each virtual CPU may run. */
export interface Seen {
  readonly pid: number;
  readonly virtual: readonly { readonly cpu: number; readonly allowed: readonly number[] }[];
}

/** A guest whose QEMU the harness starts itself, in a control group of its own. */
export function qemuMachine(host: Executor, place: Place, shape: Shape, choices: Choices): Machine {
  return {
    isRunning: async () => (await look(host, place)) !== undefined,
    console: () => consoleIn(host, place.console),
    readBack: () => readBack(host, place, shape, choices),
    destroy: () => endQemu(host, place),
  };
}

/** Ends a guest's QEMU at once, and takes away what it holds on the host but for its files. */
export async function endQemu(host: Executor, place: Place): Promise<void> {
  await runQemuScript(host, 'stop', ['end', place.dir, place.uuid, groupOf(place), place.name, tapOf(place)]);
}

/** Starts QEMU on a guest's disk, with its limits and its pinning. */
export async function startQemu(
  host: Executor,
  place: Place,
  shape: Shape,
  choices: Choices,
  identity: Identity,
): Promise<void> {
  const view = await viewCgroups(host, 'self');
  const limits = limitsOf(heldByGroup(shape), (controller) => versionIn(view, controller) ?? 1);
  const tap = choices.network === undefined ? '' : tapOf(place);
  const script = await scriptAt(new URL('./qemu.sh', import.meta.url));
  const argv = [
    ...['start', place.dir, groupOf(place), place.name, tap, choices.network?.bridge ?? ''],
    ...limits.flatMap(({ writes }) => writes.flat()),
    '--',
    ...qemuArgv(place, shape, choices, identity, tap),
  ];
  const log = `${place.dir}/qemu.log`;
  const launch = ['sh', '-c', LAUNCH, 'sh', log, ...ON_ANY_CPU, 'sh', '-c', script, 'sh', ...argv] as const;
  const { exit } = await host.exec({ argv: launch, timeoutMs: 120_000 });
  if (exit.kind !== 'code' || exit.code !== 0) {
    const said = printable((await printed(host, ['tail', '-n', '5', '--', log])) ?? '', 400);
    throw new BenchError({
      stage: 'start',
      message: `QEMU of ${place.name} on ${host.where} did not start: ${said === '' ? 'it left no reason' : said}`,
      hint: `the whole log is ${log} on the host`,
    });
  }
  if (choices.pinning === 'each') {
    await runQemuScript(host, 'start', ['pin', place.dir, place.uuid, ...shape.cpus.map(String)]);
  }
  const group = await groupView(host, place, 'start');
  await settleLimits(host, group, heldByGroup(shape));
}

/** Standard streams closed: the machine stays, and would hold the connection's channel open for ever. */
const LAUNCH = 'log=$1; shift; exec "$@" </dev/null >"$log" 2>&1';
/** An affinity that a process asked for goes on to its children: the harness's own is not the guest's. */
const ON_ANY_CPU = ['taskset', '-c', '0-8191'] as const;

/** CPU seconds of a guest's whole QEMU by its control group: its virtual CPUs, and the threads that emulate devices. */
export async function qemuSeconds(host: Executor, place: Place): Promise<CpuSeconds> {
  const time = await readCpuTime(host, await groupView(host, place, 'measure'), place.name);
  return { ...time, source: `${time.source}: all threads of its QEMU, those that emulate devices too` };
}

/** Removes what the guests of a root share on the host. */
export async function sweepQemu(host: Executor, root: string): Promise<void> {
  await runQemuScript(host, 'stop', ['sweep', groupOf({ root })]);
}

/** Memory is what QEMU was given; its own needs beyond that would have to be guessed to limit the process. */
function heldByGroup({ cpus, cpuWeight, cpuCap }: Shape): Shape {
  return {
    cpus,
    ...(cpuWeight === undefined ? {} : { cpuWeight }),
    ...(cpuCap === undefined ? {} : { cpuCap }),
  };
}

async function look(host: Executor, place: Place): Promise<Seen | undefined> {
  const script = await scriptAt(new URL('./qemu.sh', import.meta.url));
  const text = await printed(host, ['sh', '-c', script, 'sh', 'look', place.dir, place.uuid]);
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

async function groupView(host: Executor, place: Place, stage: Stage): Promise<CgroupView> {
  const seen = await look(host, place);
  const view = seen === undefined ? undefined : await viewCgroups(host, seen.pid);
  const group = view === undefined ? undefined : cutAtGuest(view, groupOf(place));
  if (group === undefined) throw noGroups(host, place.name, stage);
  return group;
}

async function readBack(host: Executor, place: Place, shape: Shape, choices: Choices): Promise<readonly Finding[]> {
  const seen = await look(host, place);
  const limits = await readLimits(host, await groupView(host, place, 'verify'), heldByGroup(shape));
  return [
    ...limits.filter(({ check }) => check !== CHECK.cpus),
    judgeThreads(shape.cpus, choices.pinning, seen?.virtual ?? []),
    ...(await memoryFinding(host, seen?.pid, shape)),
    ...(await diskFinding(host, place, shape)),
    ...(choices.accel === 'tcg' ? [EMULATED] : []),
  ];
}

/** Where the threads of the virtual CPUs may run, against the shape. */
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
  const script = await scriptAt(new URL('./qemu.sh', import.meta.url));
  return runScript(host, script, argv, { stage, message: `QEMU on ${host.where} could not be managed` });
}
