import { CHECK } from '../../host/limits.js';
import type { Finding, Shape } from '../../types.js';

/**
 * A guest's token bucket as vsched(8) of util-vserver sets it, one for each CPU. A token is one tick of one CPU. A guest
 * gets `fillRate / interval` of a CPU; with `idleTime` also a part of what would be left idle, in proportion to
 * `fillRate2 / interval2`. Only a `hard` guest waits when its bucket is empty (the flag sched_hard).
 */
export interface Bucket {
  readonly fillRate: number;
  readonly interval: number;
  readonly idle?: { readonly fillRate2: number; readonly interval2: number };
  readonly hard: boolean;
}

/** CPUs reserved for a guest that has a weight and no reservation: a bucket needs a rate of its own. */
const MIN_RESERVATION = 0.01;
/** A bucket's second rate of a guest of weight 100 is 1/4: the scale that was measured. Only ratios count. */
const WEIGHT_SCALE = 400;
const MAX_INTERVAL = 1000;

export const RESERVATION_CHECK = 'CPU reservation';

/**
 * The bucket for a shape. A cap takes the only rate of its bucket, so a weight or a reservation cannot be set with
 * it. Rates are per CPU: a cap of 1 on two CPUs is half of each.
 */
export function bucketOf({ cpus, cpuCap, cpuWeight, cpuReservation }: Shape): Bucket {
  if (cpuCap !== undefined) return { ...rate(cpuCap / cpus.length), hard: true };
  if (cpuWeight === undefined && cpuReservation === undefined) return { fillRate: 1, interval: 4, hard: false };
  const { fillRate: fillRate2, interval: interval2 } = fraction((cpuWeight ?? 100) / WEIGHT_SCALE);
  const own = cpuReservation === undefined ? MIN_RESERVATION : cpuReservation / cpus.length;
  return { ...rate(own), idle: { fillRate2, interval2 }, hard: true };
}

/** The arguments of `vsched` that put the bucket in force at once; the sizes are those that were measured with. */
export function vschedArgv(context: number, { fillRate, interval, idle }: Bucket): readonly [string, ...string[]] {
  const pairs: readonly (readonly [string, number])[] = [
    ['--fill-rate', fillRate],
    ['--interval', interval],
    ...(idle === undefined
      ? []
      : ([
          ['--fill-rate2', idle.fillRate2],
          ['--interval2', idle.interval2],
        ] as const)),
    ['--tokens', 50],
    ['--tokens-min', 10],
    ['--tokens-max', 100],
  ];
  const words = pairs.flatMap(([option, value]) => [option, String(value)]);
  return ['vsched', '--xid', String(context), ...words, ...(idle === undefined ? [] : ['--idle-time']), '--force'];
}

/** A bucket in force on one CPU. */
interface BucketInForce {
  readonly rate: number;
  readonly idleRate: number;
  readonly idleTime: boolean;
}

const BUCKET_LINE = /^cpu (\d+): \d+ \d+ \d+ \d+ \d+ \S(\S) -?\d+ -?\d+ -?\d+ (\d+)\/(\d+) (\d+)\/(\d+)\b/gm;

/** The buckets in `/proc/virtual/<context>/sched`, by CPU; empty on a kernel whose scheduler has none. */
export function readBuckets(sched: string): ReadonlyMap<number, BucketInForce> {
  const buckets = new Map<number, BucketInForce>();
  for (const [, cpu, idle, rate, interval, rate2, interval2] of sched.matchAll(BUCKET_LINE)) {
    const [own, spare] = [Number(rate) / Number(interval), Number(rate2) / Number(interval2)];
    buckets.set(Number(cpu), { rate: own, idleRate: spare, idleTime: idle === 'I' });
  }
  return buckets;
}

/** VXF_SCHED_HARD of the kernel's vserver/context.h. */
const SCHED_HARD = 0x100n;

/** Whether `/proc/virtual/<context>/status` has the flag sched_hard. */
export function isHard(status: string): boolean {
  const flags = /^Flags:\s*([0-9a-f]{1,16})$/m.exec(status)?.[1];
  return flags !== undefined && (BigInt(`0x${flags}`) & SCHED_HARD) !== 0n;
}

/** Compares a guest's buckets in the kernel with its shape. */
export function judgeBucket(shape: Shape, sched: string, status: string): readonly Finding[] {
  const { cpus, cpuCap: cap, cpuWeight: weight, cpuReservation: reservation } = shape;
  const all = readBuckets(sched);
  const buckets = cpus.map((cpu) => all.get(cpu) ?? { rate: NaN, idleRate: NaN, idleTime: false });
  const hard = isHard(status);
  const wanted = bucketOf(shape);
  const sum = buckets.reduce((total, { rate }) => total + rate, 0);
  const rates = buckets.every(({ rate }) => isNear(rate, wanted.fillRate / wanted.interval));
  if (cap !== undefined) {
    const capped = hard && buckets.every(({ idleTime }) => !idleTime);
    return [
      judged(CHECK.cap, `${cap} CPUs`, capped ? `${sum} CPUs` : 'none', capped && rates),
      ...(weight === undefined ? [] : [besideCap(CHECK.weight, `weight ${weight}`)]),
      ...(reservation === undefined ? [] : [besideCap(RESERVATION_CHECK, `${reservation} CPUs`)]),
    ];
  }
  const shared = hard && buckets.every(({ idleTime }) => idleTime);
  const { fillRate2 = NaN, interval2 = NaN } = wanted.idle ?? {};
  const weighed = shared && buckets.every(({ idleRate }) => isNear(idleRate, fillRate2 / interval2));
  const suffix = shared ? '' : ', and takes no idle time';
  const found = {
    weight: `weight ${(buckets[0]?.idleRate ?? NaN) * WEIGHT_SCALE}${suffix}`,
    rate: `${sum} CPUs${suffix}`,
  };
  return [
    ...(weight === undefined ? [] : [judged(CHECK.weight, `weight ${weight}`, found.weight, weighed)]),
    ...(reservation === undefined
      ? []
      : [judged(RESERVATION_CHECK, `${reservation} CPUs`, found.rate, shared && rates)]),
  ];
}

function isNear(found: number, wanted: number): boolean {
  return Math.abs(found - wanted) <= 0.001 * wanted;
}

function judged(check: string, expected: string, found: string, ok: boolean): Finding {
  return { check, expected, found, verdict: ok ? 'ok' : 'differs' };
}

function besideCap(check: string, expected: string): Finding {
  const hint = 'a token bucket has one rate, which the cap takes';
  return { check, expected, found: 'not enforced together with a cap', verdict: 'unavailable', hint };
}

function rate(share: number): { readonly fillRate: number; readonly interval: number } {
  return fraction(Math.min(1, Math.max(1 / MAX_INTERVAL, share)));
}

/** The fraction of the smallest denominator that is within 0.05 % of a positive number, else the nearest of thousandths. */
export function fraction(value: number): { readonly fillRate: number; readonly interval: number } {
  for (let interval = 1; interval < MAX_INTERVAL; interval += 1) {
    const fillRate = Math.round(value * interval);
    if (fillRate > 0 && Math.abs(fillRate / interval - value) <= 0.0005 * value) return { fillRate, interval };
  }
  return { fillRate: Math.max(1, Math.round(value * MAX_INTERVAL)), interval: MAX_INTERVAL };
}
