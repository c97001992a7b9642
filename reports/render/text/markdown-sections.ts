import type { Report } from '../../model/document.js';
import { differencesView } from '../view/differences.js';
import { NOISE_HEADINGS, NOISE_LEAD, noiseLines } from '../view/noise.js';
import { ORDER_LEAD, orderLines } from '../view/order.js';
import { simultaneityLine, voidLines } from '../view/simultaneity.js';
import { table, text } from './markdown-text.js';

/** Whether anything but the platform differs. */
export function differencesLine({ differences }: Report): string {
  if (differences === null) return '';
  const line = text(differences.statement);
  return differences.blocking === 0 ? line : `**Read this first.** ${line}`;
}

/** Blocking differences and those without a rule as tables; those by design by name. */
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

/** Noise floors; empty without a noise run. */
export function noiseSection(report: Report): string {
  if (report.noise.length === 0) return '';
  const floors = report.noise.flatMap((floor) => {
    const rows = noiseLines(floor).map((line) =>
      [line.metric, line.n, line.again, line.p, line.verdict, line.floor, line.detached].map(text),
    );
    return [`**${text(floor.label)}.** ${text(floor.statement)}`, table([...NOISE_HEADINGS], rows)];
  });
  return ['## Noise floor', NOISE_LEAD, ...floors].join('\n\n');
}

/** The order of measurement; empty where no run measured two systems. */
export function orderSection(report: Report): string {
  if (report.order === null) return '';
  const header = ['Benchmark', 'System', 'Trials by position', 'Effect of position'];
  const rows = orderLines(report).map((line) =>
    [`${line.benchmark} (${line.run})`, line.system, line.counts, line.effect].map(text),
  );
  const statement = text(report.order.statement);
  return ['## Order', report.order.warning ? `**${statement}**` : statement, ORDER_LEAD, table(header, rows)].join(
    '\n\n',
  );
}

/** How simultaneous the guests were; empty where nothing ran in several. */
export function simultaneitySection(report: Report): string {
  if (report.simultaneous.length === 0) return '';
  const header = ['Workload', 'System', 'Guests', 'n', 'Release skew', 'Start skew', 'Overlap', 'Clock bound'];
  const rows = report.simultaneous.map((one) => {
    const line = simultaneityLine(one, report);
    return [line.workload, line.system, line.guests, line.n, line.release, line.start, line.overlap, line.bound].map(
      text,
    );
  });
  const voids = voidLines(report).map((line) => `- ${text(`${line.where}: ${line.why}`)}`);
  return [
    '## How simultaneous the guests were',
    'Latest guest minus earliest guest of each trial: median (worst) of the trials that are not void.',
    table(header, rows),
    ...(voids.length === 0 ? [] : ['Void trials:', voids.join('\n')]),
  ].join('\n\n');
}

/** Trials that are not complete, and what else went wrong. */
export function trialSection(report: Report): string {
  const irregular = report.trials.filter((trial) => trial.status !== 'collected' || trial.missing.length > 0);
  const rows = irregular.map((trial) => {
    const missing = trial.missing.map(({ metric, why }) => `${metric}: ${why}`);
    return [`${trial.run} ${trial.trial}.${trial.attempt}`, trial.target, trial.benchmark, trial.status]
      .map(text)
      .concat(text([trial.why ?? '', ...missing].filter((part) => part !== '').join('; ')));
  });
  const others = report.irregularities.map(
    (item) => `- ${text(`${item.run} ${item.trial ?? ''} ${item.kind}: ${item.what}`)}`,
  );
  const count = report.trials.length - irregular.length;
  return [
    '## Trials',
    `${count} of ${report.trials.length} trials are complete${rows.length === 0 ? '.' : '; these are not:'}`,
    rows.length === 0 ? '' : table(['Trial', 'Target', 'Suite', 'Status', 'Why'], rows),
    others.join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Claims extended to kinds of systems; empty where there are none. */
export function classTable({ classes }: Report): string {
  if (classes.length === 0) return '';
  const rows = classes.map(({ where, text: sentence, verdict, why, extension }) => [
    text(`${where}: ${sentence}`),
    verdict,
    text(`${why} ${extension}`),
  ]);
  return `\n\n### Claims extended to kinds of systems\n\n${table(['Claim', 'Verdict', 'Why'], rows)}`;
}
