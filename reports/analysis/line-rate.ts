import type { FactSubject } from '../model/document.js';
import type { System } from '../model/types.js';

/** The fact of a host that holds bits per second by network interface, null for those without a link. */
const FACT = 'linkBitsPerSecond';

export type LineRate = { readonly bitsPerSecond: number } | { readonly unknown: string };

/** The speed of the link that all systems measured over; unknown unless their hosts report the same for every interface. */
export function lineRateOf(systems: readonly System[], facts: readonly FactSubject[]): LineRate {
  const hosts = new Set(systems.map((system) => system.host));
  const speeds = new Set<number>();
  for (const host of hosts) {
    const own = facts.filter((subject) => subject.of === `host ${host}`).flatMap((subject) => speedsIn(subject));
    if (own.length === 0) return { unknown: `the speed of the link of ${host} is not known` };
    for (const speed of own) speeds.add(speed);
  }
  const [only] = speeds;
  if (only === undefined) return { unknown: 'no host reports the speed of its link' };
  return speeds.size === 1 ? { bitsPerSecond: only } : { unknown: 'the hosts have links of different speeds' };
}

function speedsIn({ facts }: FactSubject): number[] {
  const fact = facts[FACT];
  if (fact === null || typeof fact !== 'object') return [];
  return Object.values(fact).filter(
    (speed): speed is number => typeof speed === 'number' && Number.isFinite(speed) && speed > 0,
  );
}
