import { readCpuList, writeCpuList } from '../../host/cpu-list.js';
import { CHECK } from '../../host/limits.js';
import type { Finding, Shape } from '../../types.js';

/** vzctl(8): the default is 1000 units, the range 8 to 500000. */
const UNITS = { ofWeight100: 1000, min: 8, max: 500_000 } as const;

/** A shape in the units of vzctl(8): `percent` of one CPU, 0 without a cap; memory in pages; disk in KiB. */
interface Parameters {
  readonly units: number;
  readonly percent: number;
  readonly pages: number | undefined;
  readonly kibibytes: number | undefined;
}

export function parametersOf(shape: Shape, pageBytes: number): Parameters {
  const { cpuWeight = 100, cpuCap, memoryBytes, diskBytes } = shape;
  const units = Math.round((UNITS.ofWeight100 * cpuWeight) / 100);
  return {
    units: Math.min(UNITS.max, Math.max(UNITS.min, units)),
    percent: cpuCap === undefined ? 0 : Math.max(1, Math.round(cpuCap * 100)),
    pages: memoryBytes === undefined ? undefined : Math.max(1, Math.floor(memoryBytes / pageBytes)),
    kibibytes: diskBytes === undefined ? undefined : Math.max(1, Math.floor(diskBytes / 1024)),
  };
}

/** `vzctl set` with every limit of a shape, and without those that it lacks. Saved, so that they apply from the start. */
export function setArgv(container: number, shape: Shape, pageBytes: number): readonly [string, ...string[]] {
  const { units, percent, pages, kibibytes } = parametersOf(shape, pageBytes);
  const disk = kibibytes === undefined ? 'unlimited' : String(kibibytes);
  return [
    ...(['vzctl', 'set', String(container)] as const),
    ...['--cpumask', writeCpuList(shape.cpus), '--cpuunits', String(units), '--cpulimit', String(percent)],
    ...['--physpages', `0:${pages ?? 'unlimited'}`, '--diskspace', `${disk}:${disk}`, '--save'],
  ];
}

/** The fields of vzlist(8) that `judgeLimits` reads, in its order. */
export const LIST_FIELDS = 'cpuunits,cpulimit,physpages.l,diskspace.h';

/** Compares what vzlist(8) shows of a running container, and the CPUs that its first process sees, with a shape. */
export function judgeLimits(
  shape: Shape,
  listed: string,
  allowed: string | undefined,
  pageBytes: number,
): readonly Finding[] {
  const [units, percent, pages, kibibytes] = listed.trim().split(/\s+/);
  const wanted = parametersOf(shape, pageBytes);
  const cpus = allowed === undefined ? undefined : readCpuList(allowed.trim());
  const seen = cpus === undefined || cpus.length === 0 ? undefined : writeCpuList(cpus);
  const { cpuWeight, cpuCap, memoryBytes, diskBytes, cpuReservation } = shape;
  const judge = (check: string, expected: string, found: string | undefined): Finding => ({
    check,
    expected,
    found: found ?? 'cannot be read',
    verdict: found === expected ? 'ok' : 'differs',
  });
  return [
    judge(CHECK.cpus, writeCpuList(shape.cpus), seen),
    ...(cpuWeight === undefined ? [] : [judge(CHECK.weight, `${wanted.units} units`, withUnit(units, 'units'))]),
    ...(cpuCap === undefined
      ? []
      : [judge(CHECK.cap, `${wanted.percent} % of a CPU`, withUnit(percent, '% of a CPU'))]),
    ...(memoryBytes === undefined ? [] : [judge(CHECK.memory, `${wanted.pages ?? 0} pages`, withUnit(pages, 'pages'))]),
    ...(diskBytes === undefined ? [] : [judge(CHECK.disk, `${wanted.kibibytes ?? 0} KiB`, withUnit(kibibytes, 'KiB'))]),
    ...(cpuReservation === undefined ? [] : [noReservation(cpuReservation)]),
  ];
}

function withUnit(text: string | undefined, unit: string): string | undefined {
  return text !== undefined && /^\d+$/.test(text) ? `${text} ${unit}` : undefined;
}

function noReservation(reservation: number): Finding {
  const hint = 'OpenVZ has units and limits of CPU time, no reservations';
  const expected = `${reservation} CPUs`;
  return { check: 'CPU reservation', expected, found: 'not enforced', verdict: 'unavailable', hint };
}

/**
 * User, nice and system ticks of a container in /proc/vz/vestat (wiki.openvz.org/Vestat); its other counts are cycles.
 * `undefined` for a container that is not there.
 */
export function ticksOf(vestat: string, container: number): number | undefined {
  const line = new RegExp(`^\\s*${container}\\s+(\\d+)\\s+(\\d+)\\s+(\\d+)\\s`, 'm').exec(vestat);
  return line === null ? undefined : Number(line[1]) + Number(line[2]) + Number(line[3]);
}
