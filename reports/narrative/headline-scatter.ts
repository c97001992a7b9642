import type { ScatterExhibit } from '../model/document.js';
import type { Coordinate, ScatterPoint } from '../model/scatter.js';
import { shortTitle } from './headline-figures.js';

/** The measured systems that have both coordinates, and how many lack one; nothing where none has any. */
export function scatterHeadlines({ title, scatter }: ScatterExhibit): string[] {
  const measured = scatter.points.filter(({ system }) => system !== null);
  const isKnown = ({ state }: Coordinate): boolean => state !== 'missing';
  const whole = measured.filter(({ x, y }) => isKnown(x) && isKnown(y));
  const partial = measured.filter(({ x, y }) => isKnown(x) !== isKnown(y)).length;
  if (whole.length === 0) return [];
  const rest = partial === 0 ? '' : `; ${partial} ${partial === 1 ? 'system lacks' : 'systems lack'} one of the two`;
  return [`${shortTitle(title)}, efficiency and isolation in percent: ${named(whole)}${rest}.`];
}

/** Up to this many systems are named one by one. */
const NAMED = 4;

function named(points: readonly ScatterPoint[]): string {
  const text = ({ label, x, y }: ScatterPoint): string => `${label} ${value(y)} and ${value(x)}`;
  if (points.length <= NAMED) return points.map(text).join(', ');
  const by = (pick: (point: ScatterPoint) => Coordinate): ScatterPoint | undefined =>
    [...points].sort((a, b) => number(pick(b)) - number(pick(a)))[0];
  const [efficient, isolated] = [by(({ y }) => y), by(({ x }) => x)];
  if (efficient === undefined || isolated === undefined) return '';
  return `of ${points.length} systems the most efficient is ${text(efficient)}, the best isolated ${text(isolated)}`;
}

function number(coordinate: Coordinate): number {
  return coordinate.state === 'value' ? coordinate.value : Number.NEGATIVE_INFINITY;
}

function value(coordinate: Coordinate): string {
  return coordinate.state === 'value' ? coordinate.value.toFixed(1) : 'a band';
}
