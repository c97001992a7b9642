/** Hatchings that distinguish bars without colour, in a tile of 8 by 8. The first is plain. */
const HATCHINGS = [
  '',
  '<path d="M-2 2l4 -4M0 8l8 -8M6 10l4 -4"/>',
  '<path d="M-2 6l4 4M0 0l8 8M6 -2l4 4"/>',
  '<path d="M0 2h8M0 6h8"/>',
  '<path d="M2 0v8M6 0v8"/>',
  '<path d="M0 0l8 8M0 8l8 -8"/>',
] as const;

/**
 * Colours of the style sheet, `series-0` to `series-5`; after them colours and patterns begin again, in other pairs.
 */
const COLOURS = 6;

/** The id of a series' pattern inside the drawing that `id` names. */
export function patternId(id: string, series: number): string {
  return `${id}-pattern-${series}`;
}

/** Class that gives a series its colour. */
export function seriesClass(series: number): string {
  return `series-${series % COLOURS}`;
}

/** One pattern a series: plain fill, or lines on a tint. Colour is that of the class, for light, dark and print alike. */
export function renderPatterns(series: number, id: string): string {
  if (series === 0) return '';
  const patterns = Array.from({ length: series }, (_, index) => {
    const hatching = HATCHINGS[(index + Math.floor(index / COLOURS)) % HATCHINGS.length] ?? '';
    const tint = hatching === '' ? 'plain' : 'tint';
    return (
      `<pattern id="${patternId(id, index)}" class="hatching ${seriesClass(index)}" width="8" height="8" ` +
      `patternUnits="userSpaceOnUse"><rect class="${tint}" width="8" height="8"/>${hatching}</pattern>`
    );
  });
  return `<defs>${patterns.join('')}</defs>`;
}
