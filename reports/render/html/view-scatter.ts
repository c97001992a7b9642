import Handlebars from 'handlebars';
import type { ScatterExhibit } from '../../model/document.js';
import { plainLine } from '../../narrative/format.js';
import { shortTitle } from '../../narrative/headline-figures.js';
import { describeExhibitNotes } from '../../narrative/notes.js';
import { PHONE_WIDTH } from '../figure/columns.js';
import { layoutScatter } from '../figure/scatter-layout.js';
import { seriesClass } from '../svg/patterns.js';
import { markShape, renderScatterLayout } from '../svg/scatter.js';
import type { PageContext } from './page-context.js';
import { inputHeadings, scatterLines } from '../view/scatter.js';

/** Data of a figure of points for the templates. */
export function scatterView(exhibit: ScatterExhibit, { shown }: PageContext): Record<string, unknown> {
  const layout = layoutScatter(exhibit.scatter);
  const lines = scatterLines(exhibit).map((line) => ({
    own: shown.of(line.system),
    system: plainLine(line.system),
    efficiency: line.efficiency,
    isolation: line.isolation,
    missing: plainLine(line.missing),
    inputs: line.inputs.map(({ label, text, why }) => ({ label: plainLine(label), text, why: plainLine(why) })),
  }));
  const measured = layout.points
    .flatMap((point) => (point.series === null ? [] : [{ ...point, series: point.series }]))
    .sort((a, b) => a.series - b.series);
  return {
    kind: exhibit.kind,
    role: exhibit.role,
    id: exhibit.id,
    short: plainLine(shortTitle(exhibit.title)),
    title: plainLine(exhibit.title),
    caption: plainLine(exhibit.caption),
    drawn: layout.points.length > 0,
    drawing: new Handlebars.SafeString(renderScatterLayout(layout, `plot-${exhibit.id}`, { of: shown.of })),
    phone: new Handlebars.SafeString(
      renderScatterLayout(layoutScatter(exhibit.scatter, PHONE_WIDTH), `phone-${exhibit.id}`, { of: shown.of }),
    ),
    legend: measured.map(({ series, label }) => ({
      series,
      label: plainLine(label.text),
      own: shown.of(label.text),
      box: shown.boxOf(label.text),
      mark: new Handlebars.SafeString(`<g class="measured ${seriesClass(series)}">${markShape(series, 0, 0)}</g>`),
    })),
    stated: layout.points.some(({ series }) => series === null),
    lines,
    headings: inputHeadings(exhibit).map(({ label, what }) => ({ label: plainLine(label), what })),
    made: lines.filter(({ inputs }) => inputs.length > 0),
    notes: describeExhibitNotes(exhibit.notes).map(plainLine),
  };
}
