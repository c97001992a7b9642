import Handlebars from 'handlebars';
import type { Comparison } from '../../model/comparison.js';
import { COMPARISON_METHOD, comparisonWarnings, summarizeComparison } from '../../narrative/comparison.js';
import { plainLine } from '../../narrative/format.js';
import type { Assets } from '../exporter.js';
import { frameOf } from '../html/frame.js';
import { axisOf, markOnAxis } from './axis.js';
import { configurationGroups, configurationLead } from './configuration.js';
import { oneSidedLines, unlikeLines } from './groups.js';
import { markLegend, noteLines, rowLine, runLines } from './view.js';

/** The page of a comparison; every text in it is escaped by the template engine. */
export function renderComparisonPage(comparison: Comparison, assets: Assets): string {
  const engine = Handlebars.create();
  const page = engine.compile(assets.templates['comparison'] ?? '', { strict: true });
  const axis = axisOf(comparison.rows);
  const rows = comparison.rows.map((row) => {
    const line = rowLine(row);
    return {
      ...line,
      a: `${line.a} ${line.unit}`.trim(),
      b: `${line.b} ${line.unit}`.trim(),
      chip: row.change === 'worse' ? 'verdict-contradicted' : row.change === 'better' ? 'verdict-reproduced' : '',
      mark: markOnAxis(row, axis),
      imprecise: line.mark,
      hasNotes: line.notes.length > 0,
    };
  });
  const groups = configurationGroups(comparison);
  return page({
    ...frameOf(assets),
    summary: plainLine(summarizeComparison(comparison)),
    warnings: comparisonWarnings(comparison).map(plainLine),
    sides: [
      { name: 'A', runs: runLines(comparison.sides.a) },
      { name: 'B', runs: runLines(comparison.sides.b) },
    ],
    configurationLead: configurationLead(comparison),
    configuration: groups.map((group) => ({ ...group, open: group.class === 'blocking', count: group.rows.length })),
    rows,
    hasFloors: rows.some(({ floor }) => floor !== ''),
    axis,
    legend: markLegend(comparison.rows.map(rowLine)),
    notes: noteLines(comparison),
    oneSided: oneSidedLines(comparison),
    unlike: unlikeLines(comparison),
    method: COMPARISON_METHOD,
  });
}
