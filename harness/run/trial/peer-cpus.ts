import { readCpuList, writeCpuList } from '../../host/cpu-list.js';
import { printed } from '../../host/printed.js';
import type { Finding } from '../../types.js';

/** The CPUs that a peer's service is pinned to, empty for any, and the finding that the record keeps about them. */
export interface ServiceCpus {
  readonly cpus: readonly number[];
  readonly finding: Finding;
}

/** What a peer prints about itself: its boot, and the CPUs that a process of it may use. */
const LOOK = "cat /proc/sys/kernel/random/boot_id && sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status";

/**
 * Where a peer's service runs. A sender on a CPU under test would take time from the receiver: where both ends are one
 * machine (in one boot, or hosts of a lab, which have boot ids of their own), the service is kept off the CPUs of the target if there are others.
 */
export async function serviceCpus(
  peer: { readonly id: string; readonly executor: Parameters<typeof printed>[0] },
  target: { readonly isOneMachine: boolean; readonly boot: string | undefined; readonly cpus: readonly number[] },
): Promise<ServiceCpus> {
  const [boot = '', list = ''] = ((await printed(peer.executor, ['sh', '-c', LOOK])) ?? '').split('\n');
  const allowed = readCpuList(list.trim()) ?? [];
  const others = allowed.filter((cpu) => !target.cpus.includes(cpu));
  const finding = {
    check: `CPUs of the service on ${peer.id}`,
    expected: `none of CPUs ${writeCpuList(target.cpus)} of the target`,
  };
  const isOne = target.isOneMachine || (boot !== '' && boot === target.boot);
  if (!isOne && boot !== '' && target.boot !== undefined) {
    const found = `CPUs ${writeCpuList(allowed)} of another machine`;
    return { cpus: [], finding: { ...finding, found, verdict: 'ok', always: true } };
  }
  if (!isOne || allowed.length === 0) {
    const hint = 'the boot or the CPUs of one end cannot be read';
    return { cpus: [], finding: { ...finding, found: 'unknown', verdict: 'unavailable', hint } };
  }
  if (others.length > 0) {
    const found = `CPUs ${writeCpuList(others)} of the same machine`;
    return { cpus: others, finding: { ...finding, found, verdict: 'ok', always: true } };
  }
  const hint =
    'the machine has no other CPU: both ends share those under test, and throughput and CPU time include both';
  const found = `CPUs ${writeCpuList(allowed)} of the same machine`;
  return { cpus: [], finding: { ...finding, found, verdict: 'unavailable', hint } };
}
