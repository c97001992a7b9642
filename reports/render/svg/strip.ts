import type { Simultaneous } from '../../model/simultaneous.js';
import { formatDuration } from '../../narrative/format.js';
import { coordinate, escapeMarkup } from './svg.js';

const WIDTH = 300;
const LEFT = 4;
const RIGHT = 4;
const LANE = 13;
const TOP = 2;
const AXIS = 15;

/** Ends of the logarithmic axis, ns: all strips have the same, so that they can be compared. */
const AXIS_MIN = 1e3;
const AXIS_MAX = 1e10;
const TICKS = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10];
const LABELLED = [1e3, 1e6, 1e9];

/** What the marks of a strip are. */
export const STRIP_LEGEND = [
  { class: 'release', label: 'released' },
  { class: 'start', label: 'first step on a CPU' },
  { class: 'start void', label: 'void trial' },
] as const;

/**
 * The trials of a workload on one system as dots on a logarithmic axis of time: the upper lane is the
 * release skew, the lower lane the start skew. Void trials are crosses. Values beyond the axis are drawn at its end.
 */
export function renderStrip(one: Simultaneous, id: string): string {
  const lanes = [
    { name: 'release', pick: (trial: Simultaneous['trials'][number]): number => trial.releaseSkewNs },
    { name: 'start', pick: (trial: Simultaneous['trials'][number]): number => trial.startSkewNs },
  ];
  const bottom = TOP + lanes.length * LANE;
  const grid = TICKS.map((tick) => {
    const x = coordinate(at(tick));
    const anchor = tick === AXIS_MIN ? ' edge' : '';
    const label = LABELLED.includes(tick)
      ? `<text class="tick${anchor}" x="${x}" y="${bottom + 9}">${formatDuration(tick).replace('.00', '')}</text>`
      : '';
    return `<line class="grid" x1="${x}" x2="${x}" y1="${TOP}" y2="${bottom}"/>${label}`;
  });
  const dots = lanes.flatMap(({ name, pick }, lane) => {
    const y = TOP + lane * LANE + LANE / 2;
    return one.trials.map((trial) => mark(name, trial.void, at(pick(trial)), y));
  });
  return (
    `<svg class="plot strip" viewBox="0 0 ${WIDTH} ${bottom + AXIS}" role="img" aria-labelledby="${id}-title">` +
    `<title id="${id}-title">${escapeMarkup(describe(one))}</title>${grid.join('')}${dots.join('')}</svg>`
  );
}

function at(ns: number): number {
  const clamped = Math.min(AXIS_MAX, Math.max(AXIS_MIN, Number.isFinite(ns) ? ns : AXIS_MAX));
  return LEFT + (Math.log(clamped / AXIS_MIN) / Math.log(AXIS_MAX / AXIS_MIN)) * (WIDTH - LEFT - RIGHT);
}

function mark(name: string, isVoid: boolean, x: number, y: number): string {
  const [cx, cy] = [coordinate(x), coordinate(y)];
  if (isVoid) {
    return `<path class="${name} void" d="M${coordinate(x - 3.5)} ${coordinate(y - 3.5)}l7 7m0 -7l-7 7"/>`;
  }
  return `<circle class="${name}" cx="${cx}" cy="${cy}" r="3.5"/>`;
}

function describe({ workload, trials, releaseSkewNs, startSkewNs }: Simultaneous): string {
  const voids = trials.filter((trial) => trial.void).length;
  const part = (words: string, extent: Simultaneous['releaseSkewNs']): string =>
    extent === null ? '' : `; ${words} median ${formatDuration(extent.median)}, worst ${formatDuration(extent.worst)}`;
  return (
    `${workload}: ${trials.length} trials, ${voids} void${part('release skew', releaseSkewNs)}` +
    part('start skew', startSkewNs)
  );
}
