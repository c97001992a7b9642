import Handlebars from 'handlebars';
import type { FigureExhibit, Report } from '../../model/document.js';
import { shortTitle } from '../../narrative/headline-figures.js';
import { seriesName } from '../../narrative/baselines.js';
import { plainLine } from '../../narrative/format.js';
import { describeExhibitNotes } from '../../narrative/notes.js';
import { renderFigure } from '../svg/figure.js';
import { PHONE_WIDTH } from '../figure/columns.js';
import { patternId, seriesClass } from '../svg/patterns.js';
import { figureLines, RELATIVE_HEADING } from '../view/figure.js';
import { groupsView } from './view-groups.js';
import type { PageContext } from './page-context.js';
import { claimCounts } from './view-head.js';

/** A table of more lines is closed at first. */
const MANY_LINES = 40;

/** Data of a figure for the templates. */
export function figureView(exhibit: FigureExhibit, report: Report, page: PageContext): Record<string, unknown> {
  const id = `plot-${exhibit.id}`;
  const { bars } = exhibit.figure;
  const { links, shown } = page;
  const lines = figureLines(exhibit, report);
  return {
    isFigure: true,
    role: exhibit.role,
    short: plainLine(shortTitle(exhibit.title)),
    id: exhibit.id,
    title: plainLine(exhibit.title),
    caption: plainLine(exhibit.caption),
    drawing: new Handlebars.SafeString(renderFigure(exhibit.figure, id, { of: shown.of })),
    phone: new Handlebars.SafeString(
      renderFigure(exhibit.figure, `phone-${exhibit.id}`, { width: PHONE_WIDTH, of: shown.of }),
    ),
    many: shown.many,
    manyLines: lines.length > MANY_LINES,
    lineCount: lines.length,
    relativeHeading: RELATIVE_HEADING[exhibit.quantity],
    legend:
      bars === 'systems'
        ? exhibit.figure.series.map((one, index) => ({
            label: plainLine(seriesName(one)),
            class: seriesClass(index),
            own: shown.of(exhibit.figure.series[index]?.label ?? ''),
            box: shown.boxOf(exhibit.figure.series[index]?.label ?? ''),
            pattern: patternId(id, index),
          }))
        : [],
    stated: exhibit.published.length > 0,
    lines: lines.map((line, index) => ({
      ...line,
      trialsId: line.of === null ? '' : links.listOf(line.of),
      own: line.of === null ? '' : shown.of(line.of.system),
      metric: plainLine(line.metric),
      system: plainLine(line.system),
      absent: plainLine(line.absent),
      tool: plainLine(line.tool),
      precisionClass: line.grade === 'very imprecise' ? 'imprecise very' : 'imprecise',
      first: line.metric !== lines[index - 1]?.metric,
      isPublished: line.state === 'published' || line.state === 'stated',
    })),
    claims: claimCounts(report.claims.filter((claim) => claim.exhibit === exhibit.id)),
    ...groupsView(exhibit, report.systems),
    notes: describeExhibitNotes(exhibit.notes).map(plainLine),
  };
}
