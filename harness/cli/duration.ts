import type { Span } from '../run/plan/pace.js';

/** `42 s`, `3 min 5 s`, `2 h 10 min`: rounded to the smallest unit shown. */
export function writeDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const UNITS = [
  { name: 's', seconds: 1, below: 100 },
  { name: 'min', seconds: 60, below: 6000 },
  { name: 'h', seconds: 3600, below: Infinity },
] as const;

/** `4 to 9 min`, or with another word between: `4-9 min`. In the unit of the larger end, rounded outwards; `9 min` where both are equal. */
export function writeSpan({ low, high }: Pick<Span, 'low' | 'high'>, to = ' to '): string {
  const unit = UNITS.find(({ below }) => high < below) ?? UNITS[2];
  const last = Math.max(0, Math.ceil(high / unit.seconds));
  const first = Math.min(last, Math.max(0, Math.floor(low / unit.seconds)));
  return first === last ? `${last} ${unit.name}` : `${first}${to}${last} ${unit.name}`;
}
