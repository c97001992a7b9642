import type { Report } from '../../model/document.js';
import { table, text } from './markdown-text.js';
import { differencesView } from '../html/view-differences.js';

/** The first thing that a reader must know: whether something else than the platform differs. */
export function differencesLine({ differences }: Report): string {
  if (differences === null) return '';
  const line = text(differences.statement);
  return differences.blocking === 0 ? line : `**Read this first.** ${line}`;
}

/** Blocking differences and those that nobody judged, as tables; those by design by name. */
export function differencesSection(report: Report): string {
  const view = differencesView(report);
  if (view === undefined) return '';
  const header = ['Property', ...view.systems, 'Why'].map(text);
  const parts = view.groups.map((group) => {
    if (group.class === 'by design') return `${group.title}: ${group.rows.map(({ path }) => text(path)).join(', ')}.`;
    const rows = group.rows.map(({ path, values, why }) => [path, ...values.map((value) => value.text), why].map(text));
    return `${group.title}:\n\n${table(header, rows)}`;
  });
  return ['## What else differs between the systems', `${view.alike} properties are the same in all.`, ...parts].join(
    '\n\n',
  );
}
