import { writeCpuList, readCpuList } from '../../host/cpu-list.js';
import { CHECK, judgeLimit, limitsOf, type Limit } from '../../host/limits.js';
import { BenchError } from '../../errors.js';
import { printed } from '../../host/printed.js';
import type { Command, ExecResult, Executor, Finding, PutFile, Shape } from '../../types.js';
import { pageBytes } from '../guest/kernel.js';
import { bucketOf, judgeBucket, readBuckets, RESERVATION_CHECK, vschedArgv } from './bucket.js';
import type { GuestPaths } from './paths.js';

/** The file systems, mounted where the tools look, that decide how guests are limited to their CPUs. */
export interface Mounts {
  /** The control groups of util-vserver on kernels that have them. */
  readonly cgroup: boolean;
  /** The CPU sets of kernels before control groups, with the memory nodes that a set of them must name. */
  readonly cpusetMems: string | undefined;
}

const LOOK =
  'while read -r _ mount type _; do case $type:$mount in cgroup:/dev/cgroup) echo cgroup ;; cpuset:/dev/cpuset) echo "cpuset $(cat /dev/cpuset/mems)" ;; esac; done </proc/mounts';

export async function viewMounts(host: Executor): Promise<Mounts> {
  const text = (await printed(host, ['sh', '-c', LOOK])) ?? '';
  return { cgroup: /^cgroup$/m.test(text), cpusetMems: /^cpuset ([0-9,-]+)$/m.exec(text)?.[1] };
}

/** The kernel's files of version 1 control groups, all in one hierarchy. */
export function groupLimits(shape: Shape): readonly Limit[] {
  return limitsOf(shape, () => 1).map((limit) =>
    // The only file of a CPU set that these kernels were seen to have.
    limit.controller === 'cpuset' ? { ...limit, reads: ['cpuset.cpus'] } : limit,
  );
}

/**
 * Files of the guest's configuration that its next start puts in force: `cgroup/<file>` on kernels with control groups,
 * `cpuset/{name,cpus,mems}` before. Never a `sched/` directory: where the scheduler has no token bucket, a guest with
 * one does not start; the bucket is set after the start instead.
 */
export function startFiles(paths: GuestPaths, shape: Shape, { cgroup, cpusetMems }: Mounts): readonly PutFile[] {
  const groupFiles = groupLimits(shape).flatMap(({ writes }) => writes);
  const setFiles = [
    ['name', paths.name],
    ['cpus', writeCpuList(shape.cpus)],
    ['mems', cpusetMems ?? ''],
  ] as const;
  return [
    ...(cgroup ? groupFiles.map(([file, value]) => [`cgroup/${file}`, value] as const) : []),
    ...(cpusetMems === undefined ? [] : setFiles.map(([file, value]) => [`cpuset/${file}`, value] as const)),
  ].map(([file, value]) => ({ path: `${paths.config}/${file}`, content: `${value}\n` }));
}

/**
 * Sets what only a running guest can be given, on a kernel with token buckets. The answer to `vsched`
 * shows which kernel it is: the tools' own list of features has it on both.
 */
export async function setBucket(host: Executor, context: number, shape: Shape): Promise<void> {
  const bucket = bucketOf(shape);
  const set = await host.exec({ argv: vschedArgv(context, bucket) });
  if (!succeeded(set)) {
    if (set.stderr.includes('Function not implemented')) return;
    throw refused('vsched', set);
  }
  const id = ['--xid', String(context)] as const;
  if (bucket.hard) await require(host, ['vattribute', '--set', ...id, '--flag', 'sched_hard']);
  if (shape.memoryBytes === undefined) return;
  const pages = Math.max(1, Math.floor(shape.memoryBytes / (await pageBytes(host))));
  await require(host, ['vlimit', ...id, '-H', '-S', '--rss', String(pages)]);
}

/** The limits in force, as the kernel's own files have them: its tools have exited 0 without effect. */
export async function readLimits(
  host: Executor,
  paths: GuestPaths,
  context: number,
  shape: Shape,
): Promise<readonly Finding[]> {
  const read = (path: string) => printed(host, ['cat', path]);
  const sched = await read(`/proc/virtual/${context}/sched`);
  if (sched === undefined) {
    throw new BenchError({ stage: 'verify', message: `${paths.name} on ${host.where} has no context: is it running?` });
  }
  const disk = shape.diskBytes === undefined ? [] : [noDiskLimit(shape.diskBytes)];
  if (readBuckets(sched).size === 0) {
    const limits = groupLimits(shape);
    const contents = new Map<string, string | undefined>();
    for (const file of limits.flatMap(({ reads }) => reads)) contents.set(file, await read(`${paths.cgroup}/${file}`));
    const held = limits.map((limit) =>
      withHint(
        judgeLimit(
          limit,
          limit.reads.map((file) => contents.get(file)),
        ),
      ),
    );
    return [...held, ...(shape.cpuReservation === undefined ? [] : [noReservation(shape.cpuReservation)]), ...disk];
  }
  const status = (await read(`/proc/virtual/${context}/status`)) ?? '';
  const memory =
    shape.memoryBytes === undefined
      ? []
      : [judgeMemory(shape.memoryBytes, (await read(`/proc/virtual/${context}/limit`)) ?? '', await pageBytes(host))];
  const cpus = judgeCpuSet(shape.cpus, await read(`${paths.cpuset}/cpus`));
  return [cpus, ...judgeBucket(shape, sched, status), ...memory, ...disk];
}

/** The resident set's hard limit in `/proc/virtual/<context>/limit`, in pages; -1 is none. */
export function judgeMemory(wanted: number, limit: string, page: number): Finding {
  const pages = Number(/^RSS:\s.*\s(-?\d+)\/\s*(-?\d+)\s+\d+$/m.exec(limit)?.[2] ?? -1);
  const found = pages < 0 ? 'none' : `${pages * page} B`;
  const ok = pages > 0 && pages * page <= wanted && wanted - pages * page < page;
  return { check: CHECK.memory, expected: `${wanted} B`, found, verdict: ok ? 'ok' : 'differs' };
}

function judgeCpuSet(wanted: readonly number[], text: string | undefined): Finding {
  const expected = writeCpuList(wanted);
  const found = text === undefined ? [] : (readCpuList(text) ?? []);
  if (found.length > 0 && writeCpuList(found) === expected) {
    return { check: CHECK.cpus, expected, found: expected, verdict: 'ok' };
  }
  const hint = 'CPU sets must be mounted before the guest starts: mount -n -t cpuset none /dev/cpuset';
  const shown = found.length === 0 ? 'no CPU set of its own' : writeCpuList(found);
  return { check: CHECK.cpus, expected, found: shown, verdict: 'differs', hint };
}

function withHint(finding: Finding): Finding {
  if (finding.verdict !== 'differs') return finding;
  const hint =
    'the control groups must be mounted on /dev/cgroup before the guest starts: /etc/init.d/util-vserver start';
  return { ...finding, hint };
}

function noReservation(reservation: number): Finding {
  const hint = 'this kernel has no token buckets: control groups have weights and caps only';
  const expected = `${reservation} CPUs`;
  return { check: RESERVATION_CHECK, expected, found: 'not enforced', verdict: 'unavailable', hint };
}

function noDiskLimit(bytes: number): Finding {
  const hint = "a guest's disk is a directory of the host's file system, which this driver sets no limit on";
  return { check: CHECK.disk, expected: `${bytes} B`, found: 'not enforced', verdict: 'unavailable', hint };
}

async function require(host: Executor, argv: Command['argv']): Promise<void> {
  const result = await host.exec({ argv });
  if (!succeeded(result)) throw refused(argv[0], result);
}

function succeeded({ exit }: ExecResult): boolean {
  return exit.kind === 'code' && exit.code === 0;
}

function refused(tool: string, { stderr }: ExecResult): BenchError {
  return new BenchError({ stage: 'start', message: `${tool} failed: ${stderr.trim()}` });
}
