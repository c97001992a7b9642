import { readCpuList } from '../../host/cpu-list.js';

/** `virsh schedinfo`: `name : value` a line; a quota of -1 is none. */
export function readSchedinfo(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').map((line) => /^(\w+)\s*: (-?\d+)$/.exec(line.trim()));
  return new Map(lines.flatMap((match) => (match?.[1] === undefined ? [] : [[match[1], Number(match[2])] as const])));
}

/** `virsh vcpupin`: the CPUs of each virtual CPU. */
export function readVcpupin(text: string): readonly { readonly cpu: number; readonly allowed: readonly number[] }[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+([\d,-]+)\s*$/.exec(line);
    const allowed = readCpuList(match?.[2] ?? '');
    return match === null || allowed === undefined ? [] : [{ cpu: Number(match[1]), allowed }];
  });
}

/** `virsh dominfo`: what memory the guest has at most, in KiB. */
export function readMaxMemoryKiB(text: string): number | undefined {
  const match = /^Max memory:\s+(\d+) KiB$/m.exec(text);
  return match === null ? undefined : Number(match[1]);
}

/** `virsh domstats --cpu-total`: CPU time of the guest and of what emulates its devices, in seconds. */
export function readCpuTotal(text: string): number | undefined {
  const match = /^\s*cpu\.time=(\d+)$/m.exec(text);
  return match === null ? undefined : Number(match[1]) / 1e9;
}
