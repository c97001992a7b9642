import { writeCpuList } from '../../host/cpu-list.js';
import { printed } from '../../host/printed.js';
import type { Executor, Finding, TargetConfig } from '../../types.js';
import { optionsOf } from '../driver.js';
import { probeHost } from '../vm/probe.js';
import { xenOptions, type XenOptions } from './config.js';
import { readInfo } from './output.js';
import { SCHEDULERS } from './toolstack.js';

const TOOLS = ['xl', 'ssh', 'ssh-keygen', 'losetup', 'ip'];

/** Can Xen, or this target on Xen, run here? Read-only. */
export async function probeXen(host: Executor, target?: TargetConfig): Promise<readonly Finding[]> {
  const options = target === undefined ? undefined : optionsOf(xenOptions, target);
  const basics = await probeHost(host, TOOLS, options);
  const capabilities = await printed(host, ['cat', '/proc/xen/capabilities']);
  const type = await printed(host, ['cat', '/sys/hypervisor/type']);
  const hostVm = judgeHost(type, capabilities);
  if (hostVm.verdict === 'differs') return [...basics, hostVm];
  const info = readInfo((await printed(host, ['xl', 'info'])) ?? '');
  return [...basics, hostVm, ...judgeInfo(info, options, target)];
}

/** Whether this system is Xen's host VM, by what its kernel reports about the hypervisor and its own rights. */
export function judgeHost(type: string | undefined, capabilities: string | undefined): Finding {
  const check = 'host VM of Xen';
  const expected = 'a system that was booted by Xen, with control of it';
  if (type?.trim() !== 'xen') {
    const found = type === undefined ? 'no hypervisor is known to the kernel' : `the hypervisor ${type.trim()}`;
    return { check, expected, found, verdict: 'differs', hint: 'boot the host with a Xen entry of its boot menu' };
  }
  if (capabilities?.includes('control_d') === true) return { check, expected, found: expected, verdict: 'ok' };
  const found = capabilities === undefined ? '/proc/xen is not mounted' : 'a guest of Xen';
  return { check, expected, found, verdict: 'differs', hint: 'log in to the host VM (Dom0), with xenfs on /proc/xen' };
}

/** Compares what the hypervisor reports about itself with what a target needs. */
export function judgeInfo(
  info: ReadonlyMap<string, string>,
  options?: XenOptions,
  target?: TargetConfig,
): readonly Finding[] {
  const scheduler = info.get('xen_scheduler');
  const toolstack: Finding = {
    check: 'toolstack',
    expected: 'xl info answers',
    found:
      info.size === 0 ? 'it does not' : `Xen ${info.get('xen_version') ?? ''}, scheduler ${scheduler ?? 'unknown'}`,
    verdict: info.size === 0 ? 'differs' : 'ok',
    ...(info.size === 0 ? { hint: 'are xenstored and xenconsoled running on the host?' } : {}),
  };
  if (info.size === 0 || target === undefined) return [toolstack];
  const { cpuWeight, cpuCap, cpus } = target.shape;
  const limited = cpuWeight !== undefined || cpuCap !== undefined;
  const known = SCHEDULERS[scheduler ?? ''] !== undefined;
  const count = Number(info.get('nr_cpus'));
  const most = Math.max(...cpus, ...(options?.hostVm?.cpus ?? []));
  const needsHardware = options?.type === 'pvh';
  return [
    toolstack,
    {
      check: 'CPUs of the machine',
      expected: `at least ${most + 1}`,
      found: String(count),
      verdict: count > most ? 'ok' : 'differs',
      ...(count > most ? {} : { hint: 'give the target other CPUs' }),
    },
    ...(limited
      ? [
          {
            check: 'scheduler',
            expected: Object.keys(SCHEDULERS).join(' or '),
            found: scheduler ?? 'unknown',
            verdict: known ? ('ok' as const) : ('differs' as const),
            hint: 'weights and caps are those of the credit schedulers: `sched=credit` on the command line of Xen',
          },
        ]
      : []),
    ...(options?.pool === undefined ? [] : [judgeApart(cpus, options.hostVm?.cpus ?? [])]),
    ...(needsHardware ? [judgeHardware(info.get('virt_caps') ?? '')] : []),
  ];
}

/** A CPU in the pool of the guests is none that the host VM can run on. */
function judgeApart(guests: readonly number[], hostVm: readonly number[]): Finding {
  const shared = hostVm.filter((cpu) => guests.includes(cpu));
  const finding = { check: 'CPUs of the host VM', expected: `none of ${writeCpuList(guests)}` };
  if (shared.length === 0) return { ...finding, found: writeCpuList(hostVm), verdict: 'ok' };
  const hint = 'with `pool`, the host VM has CPUs of its own: change `hostVm` or the shape';
  return { ...finding, found: writeCpuList(hostVm), verdict: 'differs', hint };
}

function judgeHardware(capabilities: string): Finding {
  const ok = /\bhvm\b/.test(capabilities);
  const finding = { check: 'hardware virtualization', expected: 'hvm', found: capabilities };
  if (ok) return { ...finding, verdict: 'ok' };
  return { ...finding, verdict: 'differs', hint: 'PVH guests need VT-x or AMD-V, enabled in the firmware' };
}
