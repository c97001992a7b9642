import type { Coordinate, Scatter } from '../../model/scatter.js';

/** `93.2 (91.0 – 95.5)`, `86.0 – 87.0`, `not known: needs DD, write`. Percent. */
export function writePercent(coordinate: Coordinate): string {
  if (coordinate.state === 'missing') return `not known: needs ${coordinate.missing.join(', ')}`;
  const { low, high } = coordinate;
  const range = low === null || high === null ? '' : `${tenths(low)} – ${tenths(high)}`;
  if (coordinate.state === 'band') return range;
  return range === '' ? tenths(coordinate.value) : `${tenths(coordinate.value)} (${range})`;
}

function tenths(value: number): string {
  return value.toFixed(1).replace('-', '−');
}

/** The figure in words, for screen readers. */
export function describeScatter({ points, x, y }: Scatter): string {
  const all = points.map((point) => {
    const name = point.system === null ? `${point.label} in the paper` : point.label;
    return `${name}: efficiency ${writePercent(point.y)}, isolation ${writePercent(point.x)}`;
  });
  return `${y.axis}. ${x.axis}. ${all.join('. ')}.`;
}
