import type { Figure, FigureGroup, FigureMark, FigurePanel, FigurePublished } from '../../model/figure.js';
import { panelScale, writer, type PanelScale } from './figure-axis.js';
import { patternId, renderPatterns, seriesClass } from './patterns.js';
import { coordinate, escapeMarkup } from './svg.js';

const WIDTH = 760;
const LABELS = 124;
const PANEL_GAP = 28;
const TOP = 44;
const LANE = 18;
const BAR = 12;
const GROUP_GAP = 12;
const AXIS = 50;
/** Pixels of a letter of the figure's small text, about: what is absent is cut to what its panel has room for. */
const LETTER = 6;

/**
 * A figure as one SVG element: horizontal bars from 0 with error bars. Colours come from the style sheet by class
 * (`series-0` ...) and bars have patterns as well, so that nothing is lost in grey print. `id` prefixes every id inside.
 */
export function renderFigure(figure: Figure, id: string): string {
  const heights = figure.groups.map((_, index) => lanesOf(figure, index) * LANE + GROUP_GAP);
  const tops = heights.map((_, index) => TOP + heights.slice(0, index).reduce((sum, height) => sum + height, 0));
  const bottom = TOP + heights.reduce((sum, height) => sum + height, 0);
  const height = bottom + AXIS;
  const width = (WIDTH - LABELS - PANEL_GAP * (figure.panels.length - 1)) / figure.panels.length;
  const panels = figure.panels.map((panel, index) => {
    const scale = panelScale(panel, LABELS + index * (width + PANEL_GAP), width);
    const groups = panel.groups.map((group, at) => renderGroup(group, tops[at] ?? TOP, scale, figure, id));
    const layer = (name: keyof Drawn): string => groups.map((group) => group[name]).join('');
    // Bars below the rules, numbers above them: neither hides the other.
    return frame(panel, scale, bottom, figure) + layer('bars') + rules(panel, scale, bottom) + layer('texts');
  });
  const labels = figure.groups.map((label, index) => groupLabel(label, tops[index] ?? TOP, heights[index] ?? 0));
  return (
    `<svg class="plot figure" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="${id}-title ${id}-text">` +
    `<title id="${id}-title">${escapeMarkup(figure.title)}</title>` +
    `<desc id="${id}-text">${escapeMarkup(describeFigure(figure))}</desc>` +
    `${renderPatterns(figure.series.length, id)}${labels.join('')}${panels.join('')}</svg>`
  );
}

/** As many lanes as the fullest panel of a group needs. */
function lanesOf(figure: Figure, group: number): number {
  const lanes = figure.panels.map((panel) => {
    const own = panel.groups[group];
    return own === undefined ? 0 : laneCount(own);
  });
  return Math.max(1, ...lanes);
}

/** A single absent bar and the paper's words about it share a lane. */
function laneCount(group: FigureGroup): number {
  return isSilent(group) ? group.published.length : group.marks.length + group.published.length;
}

function isSilent({ marks, published }: FigureGroup): boolean {
  return published.length > 0 && marks.every((mark) => mark.state === 'missing' && mark.why === 'not measured');
}

function groupLabel(label: string, top: number, height: number): string {
  const end = coordinate(top + height - GROUP_GAP / 2);
  return (
    `<line class="row-rule" x1="0" x2="${WIDTH}" y1="${end}" y2="${end}"/>` +
    `<text class="row-label" x="0" y="${coordinate(top + LANE / 2)}">${escapeMarkup(cut(label, LABELS - 8))}</text>`
  );
}

/** Title, grid and axis of a panel. */
function frame(panel: FigurePanel, scale: PanelScale, bottom: number, figure: Figure): string {
  const ticks = scale.ticks.map(({ at, label }) => {
    const x = coordinate(at);
    return (
      `<line class="grid" x1="${x}" x2="${x}" y1="${TOP - 6}" y2="${bottom}"/>` +
      `<text class="tick" x="${x}" y="${bottom + 14}">${label}</text>`
    );
  });
  const unit = scale.unit === '' ? '' : `, ${scale.unit}`;
  const title =
    figure.panels.length === 1
      ? ''
      : `<text class="panel-title" x="${coordinate(scale.left)}" y="9">${escapeMarkup(panel.title + unit)}</text>`;
  const axis = `<text class="axis-title start" x="${coordinate(scale.left)}" y="${bottom + 36}">${escapeMarkup(cut(panel.axis, scale.width))}</text>`;
  const zero =
    scale.zero === null
      ? ''
      : `<line class="reference" x1="${coordinate(scale.zero)}" x2="${coordinate(scale.zero)}" y1="${TOP - 6}" y2="${bottom}"/>`;
  return title + ticks.join('') + zero + axis;
}

function rules(panel: FigurePanel, scale: PanelScale, bottom: number): string {
  return panel.rules
    .map(({ value, label }) => {
      const x = coordinate(scale.at(value));
      return (
        `<line class="reference" x1="${x}" x2="${x}" y1="${TOP - 8}" y2="${bottom}"/>` +
        `<text class="tick rule" x="${x}" y="${TOP - 16}">${escapeMarkup(label)}</text>`
      );
    })
    .join('');
}

/** What is drawn of bars, in two layers. */
interface Drawn {
  readonly bars: string;
  readonly texts: string;
}

function renderGroup(group: FigureGroup, top: number, scale: PanelScale, figure: Figure, id: string): Drawn {
  const marks = isSilent(group) ? [] : group.marks;
  const named = figure.bars === 'systems';
  const drawn = marks.map((mark, index) => {
    const label = figure.series[mark.series]?.label ?? '';
    return renderMark(mark, top + index * LANE, scale, named ? label : '', id);
  });
  const words = group.published.map((mark, index) =>
    renderPublished(mark, top + (marks.length + index) * LANE, scale, named),
  );
  return {
    bars: drawn.map(({ bars }) => bars).join(''),
    texts: drawn.map(({ texts }) => texts).join('') + words.join(''),
  };
}

function renderMark(mark: FigureMark, top: number, scale: PanelScale, label: string, id: string): Drawn {
  const middle = coordinate(top + LANE / 2);
  if (mark.state !== 'value') {
    const reason = mark.why === 'not measured' ? mark.why : `${mark.state}: ${mark.why}`;
    const whole = label === '' ? reason : `${label}, ${reason}`;
    const texts =
      `<text class="absent start" x="${coordinate(scale.left + 5)}" y="${middle}">` +
      `<title>${escapeMarkup(whole)}</title>${escapeMarkup(cut(whole, scale.width - 5))}</text>`;
    return { bars: '', texts };
  }
  const [from, to] = [scale.at(0), scale.at(mark.value)];
  const interval =
    mark.low === null || mark.high === null ? '' : ` (${scale.write(mark.low)} – ${scale.write(mark.high)})`;
  const tip = escapeMarkup(`${label === '' ? '' : `${label}: `}${scale.write(mark.value)}${interval}`);
  const end = Math.max(from, to, mark.high === null ? 0 : scale.at(mark.high)) + 5;
  const bars =
    `<rect class="bar ${seriesClass(mark.series)}" x="${coordinate(Math.min(from, to))}" y="${coordinate(top + (LANE - BAR) / 2)}" ` +
    `width="${coordinate(Math.abs(to - from))}" height="${BAR}" fill="url(#${patternId(id, mark.series)})"><title>${tip}</title></rect>`;
  const written = scale.write(mark.value);
  // Over the end of its error bar where that reaches the edge of the drawing.
  const x = Math.min(end, WIDTH - (written.length + 1) * LETTER);
  const number = `<text class="number" x="${coordinate(x)}" y="${middle}">${written}</text>`;
  return { bars, texts: errorBar(mark, middle, scale) + number };
}

/** Twice: a wide line in the colour of the page keeps the thin one visible on any pattern. */
function errorBar(mark: Extract<FigureMark, { state: 'value' }>, middle: string, scale: PanelScale): string {
  if (mark.low === null || mark.high === null) return '';
  const [low, high] = [coordinate(scale.at(mark.low)), coordinate(scale.at(mark.high))];
  const path = `M${low} ${middle}H${high}M${low} ${coordinate(Number(middle) - 4)}v8M${high} ${coordinate(Number(middle) - 4)}v8`;
  return `<path class="error-halo" d="${path}"/><path class="error" d="${path}"/>`;
}

function renderPublished(mark: FigurePublished, top: number, scale: PanelScale, named: boolean): string {
  const middle = top + LANE / 2;
  const y = coordinate(middle);
  const words = escapeMarkup(`${named ? `${mark.column}, paper` : 'paper'}: ${mark.text}`);
  const text = (x: number): string => `<text class="absent start" x="${coordinate(x)}" y="${y}">${words}</text>`;
  if (mark.low === null || mark.high === null) return text(scale.left + 5);
  const [low, high] = [scale.at(mark.low), scale.at(mark.high)];
  const [a, b] = [coordinate(low), coordinate(high)];
  const shape =
    mark.low === mark.high
      ? `<path class="published stated" d="M${a} ${coordinate(middle - 5)}l5 5l-5 5l-5 -5z"/>`
      : `<path class="published band" d="M${a} ${y}H${b}M${a} ${coordinate(middle - 5)}v10M${b} ${coordinate(middle - 5)}v10"/>`;
  // Beside the mark where there is room for the words, else before it.
  const length = (words.length + 1) * LETTER;
  const fits = high + 9 + length <= scale.left + scale.width;
  return `${shape}${text(fits ? high + 9 : Math.max(scale.left + 5, low - 9 - length))}`;
}

/** Text that must not be longer than `room` pixels, about. */
function cut(text: string, room: number): string {
  const letters = Math.floor(room / LETTER);
  const characters = Array.from(text);
  return characters.length <= letters ? text : `${characters.slice(0, Math.max(1, letters - 1)).join('')}…`;
}

/** The figure in words, for screen readers. */
export function describeFigure(figure: Figure): string {
  return figure.panels
    .map((panel) => {
      const { write, unit } = writer(panel);
      const groups = panel.groups.map((group, index) => {
        const marks = group.marks.map((mark) => describeMark(mark, figure, write));
        const paper = group.published.map(({ column, text }) => `${column} in the paper ${text}`);
        return `${figure.groups[index] ?? ''}: ${[...marks, ...paper].join(', ')}`;
      });
      return `${panel.title}${unit === '' ? '' : ` in ${unit}`}. ${groups.join('. ')}.`;
    })
    .join(' ');
}

function describeMark(mark: FigureMark, figure: Figure, write: (value: number) => string): string {
  const label = figure.bars === 'systems' ? `${figure.series[mark.series]?.label ?? ''} ` : '';
  if (mark.state !== 'value') return `${label}${mark.state} (${mark.why})`;
  const interval = mark.low === null || mark.high === null ? '' : ` (${write(mark.low)} to ${write(mark.high)})`;
  return `${label}${write(mark.value)}${interval}`;
}
