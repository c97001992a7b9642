import type { Figure } from '../../model/figure.js';
import { WORDS_GAP } from '../figure/lanes.js';
import { BAR, layoutFigure } from '../figure/layout.js';
import { KEY } from '../figure/legend.js';
import type { BarLayout, FigureLayout, LegendEntry, NoteLayout, PanelLayout, StatedLayout } from '../figure/types.js';
import { patternId, renderPatterns, seriesClass } from './patterns.js';
import { coordinate, escapeMarkup } from './svg.js';

/**
 * A figure as one SVG element: horizontal bars from 0 with error bars. Colours come from the style sheet by class
 * (`series-0` ...) and bars have patterns as well, so that nothing is lost in grey print. `id` prefixes every id inside.
 */
export function renderFigure(
  figure: Figure,
  id: string,
  { width, of }: { readonly width?: number; readonly of?: (label: string) => string } = {},
): string {
  const layout = layoutFigure(figure, width === undefined ? {} : { width });
  if (of === undefined) return renderLayout(layout, id);
  // What a page hides: the bars of a system, which are a series or a group.
  const hides = ({ series, group }: Pick<BarLayout, 'series' | 'group'>): string =>
    of((figure.bars === 'systems' ? figure.series[series]?.label : figure.groups[group]) ?? '');
  return renderLayout(layout, id, { hides });
}

/** A figure that was laid out, likewise. A file of its own has `attributes` and a `style`, as no page is around it. */
export function renderLayout(
  layout: FigureLayout,
  id: string,
  { attributes = '', style = '', hides = (): string => '' }: Frame = {},
): string {
  const { width, height } = layout;
  const label = layout.headings ? 'row-label panel-title' : 'row-label';
  const labels = layout.labels.map(({ text, y, end }) => {
    const line = coordinate(end);
    return (
      `<line class="row-rule" x1="0" x2="${coordinate(width)}" y1="${line}" y2="${line}"/>` +
      `<text class="${label}" x="0" y="${coordinate(y)}">${escapeMarkup(text)}</text>`
    );
  });
  const names = layout.names.map(({ text, y, series }) => {
    const name = `<text class="${series === null ? 'absent start' : 'row-label'}" x="0" y="${coordinate(y)}">${escapeMarkup(text)}</text>`;
    return series === null || !layout.headings ? name : grouped(hides({ series, group: 0 }), name);
  });
  return (
    `<svg${attributes} class="plot figure" viewBox="0 0 ${coordinate(width)} ${coordinate(height)}" role="img" ` +
    `aria-labelledby="${id}-title ${id}-text"><title id="${id}-title">${escapeMarkup(layout.title)}</title>` +
    `<desc id="${id}-text">${escapeMarkup(layout.description)}</desc>${style}` +
    `${renderPatterns(layout.series.length, id)}${layout.legend.map((key) => renderKey(key, id)).join('')}${labels.join('')}${names.join('')}${wordsHead(layout)}` +
    `${layout.panels.map((panel) => renderPanel(panel, id, hides)).join('')}</svg>`
  );
}

interface Frame {
  readonly attributes?: string;
  readonly style?: string;
  /** The class of what a page hides with a bar. */
  readonly hides?: (bar: Pick<BarLayout, 'series' | 'group'>) => string;
}

function grouped(own: string, content: string): string {
  return own === '' || content === '' ? content : `<g class="${own}">${content}</g>`;
}

/** The head of the column of what the paper states, and the line before it. */
function wordsHead({ words }: FigureLayout): string {
  if (words === null) return '';
  const x = coordinate(words.x - WORDS_GAP / 2);
  return (
    `<line class="grid" x1="${x}" x2="${x}" y1="${coordinate(words.from)}" y2="${coordinate(words.to)}"/>` +
    `<text class="panel-title" x="${coordinate(words.x)}" y="${coordinate(words.y)}">${escapeMarkup(words.text)}</text>`
  );
}

/** Bars below the rules, error bars and numbers above them: neither hides the other. */
function renderPanel(panel: PanelLayout, id: string, hides: NonNullable<Frame['hides']>): string {
  const bars = panel.bars.map((bar) => grouped(hides(bar), renderBar(bar, id)));
  const texts = panel.bars.map((bar) => grouped(hides(bar), renderInterval(bar) + renderNumber(bar)));
  const words = [...panel.stated.map(renderStated), ...panel.notes.map(renderNote)];
  return frame(panel) + bars.join('') + rules(panel) + texts.join('') + words.join('');
}

/** Title, grid and axis of a panel. */
function frame({ left, top, bottom, title, axis, ticks, zero }: PanelLayout): string {
  const lines = ticks.map(({ at, label }) => {
    const x = coordinate(at);
    return (
      `<line class="grid" x1="${x}" x2="${x}" y1="${top - 6}" y2="${bottom}"/>` +
      `<text class="tick" x="${x}" y="${bottom + 14}">${label}</text>`
    );
  });
  const head =
    title === null
      ? ''
      : `<text class="panel-title" x="${coordinate(left)}" y="${top - 35}">${escapeMarkup(title)}</text>`;
  const foot = `<text class="axis-title start" x="${coordinate(left)}" y="${bottom + 36}">${escapeMarkup(axis)}</text>`;
  const line =
    zero === null
      ? ''
      : `<line class="reference" x1="${coordinate(zero)}" x2="${coordinate(zero)}" y1="${top - 6}" y2="${bottom}"/>`;
  return head + lines.join('') + line + foot;
}

function rules({ rules: lines, top, bottom }: PanelLayout): string {
  return lines
    .map(({ x: at, label }) => {
      const x = coordinate(at);
      return (
        `<line class="reference" x1="${x}" x2="${x}" y1="${top - 8}" y2="${bottom}"/>` +
        `<text class="tick rule" x="${x}" y="${top - 16}">${escapeMarkup(label)}</text>`
      );
    })
    .join('');
}

function renderBar({ series, y, from, to, tip }: BarLayout, id: string): string {
  return (
    `<rect class="bar ${seriesClass(series)}" x="${coordinate(Math.min(from, to))}" y="${coordinate(y - BAR / 2)}" ` +
    `width="${coordinate(Math.abs(to - from))}" height="${BAR}" fill="url(#${patternId(id, series)})">` +
    `<title>${escapeMarkup(tip)}</title></rect>`
  );
}

function renderNumber({ number, numberX, y }: BarLayout): string {
  return `<text class="number" x="${coordinate(numberX)}" y="${coordinate(y)}">${number}</text>`;
}

/** Twice: a wide line in the colour of the page keeps the thin one visible on any pattern. Two strokes mark a cut. */
function renderInterval({ interval, y, to, cut: isCut }: BarLayout): string {
  if (interval === null) return isCut ? cutAt(to, y) : '';
  const [low, high, up] = [coordinate(interval.from), coordinate(interval.to), coordinate(y - 4)];
  const path = `M${low} ${coordinate(y)}H${high}M${low} ${up}v8M${high} ${up}v8`;
  const lines = `<path class="error-halo" d="${path}"/><path class="error" d="${path}"/>`;
  return interval.cut || isCut ? lines + cutAt(interval.cut ? interval.to : to, y) : lines;
}

function cutAt(end: number, y: number): string {
  const cut = `M${coordinate(end - 10)} ${coordinate(y + 5)}l4 -10M${coordinate(end - 6)} ${coordinate(y + 5)}l4 -10`;
  return `<path class="error-halo cut" d="${cut}"/><path class="error cut" d="${cut}"/>`;
}

function renderStated({ y, from, to, low, high }: StatedLayout): string {
  const [a, b] = [coordinate(from), coordinate(to)];
  return low === high
    ? `<path class="published stated" d="M${a} ${coordinate(y - 5)}l5 5l-5 5l-5 -5z"/>`
    : `<path class="published band" d="M${a} ${coordinate(y)}H${b}M${a} ${coordinate(y - 5)}v10M${b} ${coordinate(y - 5)}v10"/>`;
}

function renderNote({ kind, x, y, text, whole }: NoteLayout): string {
  const tip = text === whole && kind !== 'absent' ? '' : `<title>${escapeMarkup(whole)}</title>`;
  return `<text class="${kind === 'words' ? 'words' : `absent ${kind}`} start" x="${coordinate(x)}" y="${coordinate(y)}">${tip}${escapeMarkup(text)}</text>`;
}

function renderKey({ series, label, x, y }: LegendEntry, id: string): string {
  const text = `<text x="${coordinate(x + KEY)}" y="${coordinate(y)}">${escapeMarkup(label)}</text>`;
  if (series === null) return renderStated({ y, low: 0, high: 0, from: x + 11, to: x + 11 }) + text;
  return (
    `<rect class="bar ${seriesClass(series)}" x="${coordinate(x + 1)}" y="${coordinate(y - BAR / 2)}" width="21" ` +
    `height="${BAR}" fill="url(#${patternId(id, series)})"/>${text}`
  );
}
