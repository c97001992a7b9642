import { readCpuList, writeCpuList } from '../../host/cpu-list.js';
import { CHECK } from '../../host/limits.js';
import type { Finding, Shape } from '../../types.js';

/** What to do on a host without resource accounting. */
export const RACCT = 'set kern.racct.enable=1 in /boot/loader.conf and reboot';

/** The values of rctl(8) for a shape: `pcpu` in percent of one CPU, `memoryuse` in bytes. */
export function rulesOf({ cpuCap, memoryBytes }: Shape): { readonly pcpu: string; readonly bytes: string } {
  return {
    pcpu: cpuCap === undefined ? '' : String(Math.max(1, Math.round(cpuCap * 100))),
    bytes: memoryBytes === undefined ? '' : String(memoryBytes),
  };
}

/** The CPUs in what `cpuset -g -j` prints: `jail 3 mask: 0, 1`. */
export function cpusIn(text: string): readonly number[] | undefined {
  const list = /^jail \d+ mask: ([0-9, ]+)$/m.exec(text)?.[1];
  return list === undefined ? undefined : readCpuList(list.replaceAll(' ', ''));
}

/** What cpuset(1) and rctl(8) report about a jail, compared with a shape; `rules` is undefined without resource accounting. */
export function judgeJail(shape: Shape, mask: string, rules: string | undefined): readonly Finding[] {
  const wanted = rulesOf(shape);
  const cpus = cpusIn(mask);
  const found = cpus === undefined ? 'cannot be read' : writeCpuList(cpus);
  const expected = writeCpuList(shape.cpus);
  const { cpuCap, memoryBytes, cpuWeight, cpuReservation, diskBytes } = shape;
  return [
    { check: CHECK.cpus, expected, found, verdict: found === expected ? 'ok' : 'differs' },
    ...(cpuCap === undefined ? [] : [judgeRule(CHECK.cap, 'pcpu', wanted.pcpu, rules)]),
    ...(memoryBytes === undefined ? [] : [judgeRule(CHECK.memory, 'memoryuse', wanted.bytes, rules)]),
    ...(cpuWeight === undefined ? [] : [notEnforced(CHECK.weight, `weight ${cpuWeight}`)]),
    ...(cpuReservation === undefined ? [] : [notEnforced('CPU reservation', `${cpuReservation} CPUs`)]),
    ...(diskBytes === undefined ? [] : [notEnforced(CHECK.disk, `${diskBytes} B`)]),
  ];
}

function judgeRule(check: string, resource: string, wanted: string, rules: string | undefined): Finding {
  const expected = `${resource} ${wanted}`;
  if (rules === undefined) {
    return { check, expected, found: 'no resource accounting', verdict: 'differs', hint: RACCT };
  }
  const value = new RegExp(`^jail:[^:]+:${resource}:deny=(\\d+)$`, 'm').exec(rules)?.[1];
  return { check, expected, found: `${resource} ${value ?? 'none'}`, verdict: value === wanted ? 'ok' : 'differs' };
}

function notEnforced(check: string, expected: string): Finding {
  const hint = 'FreeBSD gives jails no such limit that this driver sets';
  return { check, expected, found: 'not enforced', verdict: 'unavailable', hint };
}
