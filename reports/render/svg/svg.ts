import { plainLine } from '../../narrative/format.js';

/** Text for HTML or SVG, in elements and in quoted attributes. */
export function escapeMarkup(text: string): string {
  return plainLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A hundredth of a unit is finer than any screen, and rounding makes equal figures equal bytes. */
export function coordinate(value: number): string {
  return String(Math.round(value * 100) / 100);
}
