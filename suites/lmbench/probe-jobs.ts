import { pathOf, PROBE, PROBE_CHILD, type Job, type Setting } from './job.js';
import type { Name } from './metrics.js';
import { mmapSizes, ringKilobytes, ringProcesses, SIZES } from './sizes.js';

/** Arguments of `bench-probe` for each metric that it measures; `{child}` is the path of the tiny program. */
const CALLS: readonly (readonly [Name, ...string[]])[] = [
  ['null-call', 'syscall', 'null'],
  ['read', 'syscall', 'read'],
  ['write', 'syscall', 'write'],
  ['stat', 'syscall', 'stat', 'file-empty'],
  ['fstat', 'syscall', 'fstat', 'file-empty'],
  ['open-close', 'syscall', 'open', 'file-empty'],
  ['select-10', 'select', 'file', 'file-empty', '10'],
  ['select-100', 'select', 'file', 'file-empty', '100'],
  ['select-250', 'select', 'file', 'file-empty', '250'],
  ['select-500', 'select', 'file', 'file-empty', '500'],
  ['select-tcp-10', 'select', 'tcp', '10'],
  ['select-tcp-100', 'select', 'tcp', '100'],
  ['select-tcp-250', 'select', 'tcp', '250'],
  ['select-tcp-500', 'select', 'tcp', '500'],
  ['signal-install', 'signal', 'install'],
  ['signal-catch', 'signal', 'catch'],
  ['protection-fault', 'signal', 'prot', 'file-64m'],
  ['pipe', 'exchange', 'pipe'],
  ['af-unix', 'exchange', 'unix'],
  ['fork-process', 'process', 'fork'],
  ['exec-process', 'process', 'exec', '{child}'],
  ['sh-process', 'process', 'sh', '{child}'],
  ['page-fault', 'fault', 'read', 'file-64m'],
  ['page-fault-write', 'fault', 'write', 'file-64m'],
  ['page-fault-anonymous', 'fault', 'anonymous', '64'],
  ['mmap-64mb', 'mmap', '64', 'file-64m'],
  ['mmap-256mb', 'mmap', '256', 'file-256m'],
  ['udp', 'exchange', 'udp'],
  ['tcp', 'exchange', 'tcp'],
  ['tcp-connect', 'connect'],
  ['bw-tcp-10mb', 'stream', 'tcp'],
  ['bw-af-unix', 'stream', 'unix'],
  ['bw-pipe', 'stream', 'pipe'],
  ['bw-file-read-64mb', 'reread', '64', 'file-64m'],
  ['ctx-2p-0k', 'ctx', '2', '0'],
  ['ctx-16p-16k', 'ctx', '16', '16'],
  ['ctx-16p-64k', 'ctx', '16', '64'],
];

/** What the paper profile has beyond: every ring and every size of mapping that the files allow. */
function moreCalls(): (readonly [Name, ...string[]])[] {
  const rings = ringKilobytes.flatMap((kilobytes) =>
    ringProcesses.map((processes): readonly [Name, ...string[]] => [
      `ctx-${processes}p-${kilobytes}k`,
      'ctx',
      String(processes),
      String(kilobytes),
    ]),
  );
  const mappings = mmapSizes
    .filter((size) => SIZES[size] >= SIZES['1mb'] && SIZES[size] <= SIZES['256mb'])
    .map((size): readonly [Name, ...string[]] => {
      const mebibytes = SIZES[size] / 1048576;
      return [`mmap-${size}`, 'mmap', String(mebibytes), mebibytes > 64 ? 'file-256m' : 'file-64m'];
    });
  return [...mappings, ...rings];
}

/** One call of the project's own probe for each metric that it knows and `covered` does not hold. */
export function probeJobs({ installation, profile }: Setting, covered: ReadonlySet<Name>): Job[] {
  const probe = pathOf(installation, PROBE);
  const child = pathOf(installation, PROBE_CHILD);
  if (probe === undefined || child === undefined) return [];
  const seen = new Set(CALLS.map(([metric]) => metric));
  const calls = profile === 'paper' ? [...CALLS, ...moreCalls().filter(([metric]) => !seen.has(metric))] : CALLS;
  return calls
    .filter(([metric]) => !covered.has(metric))
    .map(([metric, ...args]): Job => ({
      step: {
        name: metric,
        phase: 'measure',
        argv: [probe, ...args.map((word) => (word === '{child}' ? child : word))],
        limitSeconds: 30,
        onFailure: 'continue',
        yields: [metric],
      },
      yields: [metric],
      tool: PROBE,
      reads: { format: 'probe' },
    }));
}
