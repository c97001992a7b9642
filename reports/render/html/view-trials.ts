import type { Finding, GateReading } from '../../../harness/types.js';
import type { Report } from '../../model/document.js';
import type { System, Trial } from '../../model/types.js';
import type { RawExcerpts } from './raw-excerpts.js';
import type { TrialLinks } from './trial-links.js';
import { formatClock, formatValue, plainLine, rowScale, secondsBetween, type Scale } from '../../narrative/format.js';
import { describeSize } from '../../narrative/size.js';

/** Up to this many trials of the whole report their lists are open when the page opens. */
const OPEN_UP_TO = 24;

/** A metric of an exhibit as a column of the list of trials. */
interface ValueColumn {
  readonly label: string;
  readonly suite: string;
  readonly scale: Scale;
  /** By index of the trial: value, index of its file, and line. */
  readonly values: ReadonlyMap<number, readonly [number, number, number]>;
}

interface TrialsOptions {
  readonly linkBase: string;
  readonly links: TrialLinks;
  /** What the page has of raw files; undefined for nothing. */
  readonly raw: RawExcerpts | undefined;
}

/** Every trial, grouped by suite and system, with its values in the exhibits and links to its raw output. */
export function trialsView(report: Report, { linkBase, links, raw }: TrialsOptions): object[] {
  const columns = valueColumns(report);
  const groups = new Map<string, { trial: Trial; index: number }[]>();
  for (const [index, trial] of report.trials.entries()) {
    const key = `${trial.system} ${trial.benchmark}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [{ trial, index }]);
    else group.push({ trial, index });
  }
  const suites = [...new Set(report.trials.map((trial) => trial.benchmark))];
  const pairs = suites.flatMap((suite) => report.systems.map((system) => ({ suite, system })));
  return pairs.flatMap(({ suite, system }): object[] => {
    const trials = groups.get(`${system.key} ${suite}`);
    if (trials === undefined) return [];
    const own = columns.filter((column) => trials.some(({ index }) => column.values.has(index)));
    const view = {
      id: links.listOf({ system: system.key, benchmark: suite }),
      label: plainLine(suites.length === 1 ? system.label : `${suite}, ${system.label}`),
      summary: summaryOf(
        system,
        trials.map(({ trial }) => trial),
      ),
      open: report.trials.length <= OPEN_UP_TO,
      severalRuns: report.provenance.runs.length > 1,
      span: 5 + own.length,
      columns: own.map((column) => ({ label: plainLine(column.label), unit: column.scale.label })),
      trials: trials.map(({ trial, index }) =>
        trialView(trial, index, own, { linkBase, raw, isPublished: system.origin === 'published' }),
      ),
    };
    return [view];
  });
}

function valueColumns(report: Report): ValueColumn[] {
  return report.exhibits
    .filter((exhibit) => exhibit.role === 'exhibit')
    .flatMap((exhibit) =>
      exhibit.rows.map((row): ValueColumn => {
        const cells = row.cells.flat().flatMap((at) => report.cells[at] ?? []);
        const values = new Map(
          cells.flatMap((cell) =>
            cell.samples.map(
              ([value, trial, file, line]) => [trial, [value, file, line]] as [number, [number, number, number]],
            ),
          ),
        );
        return { label: row.label, suite: cells[0]?.benchmark ?? '', scale: rowScale(row.unit, cells, []), values };
      }),
    );
}

function summaryOf(system: System, trials: readonly Trial[]): string {
  const parts = (['collected', 'failed', 'void', 'skipped', 'pending'] as const).flatMap((status) => {
    const count = trials.filter((trial) => trial.status === status).length;
    return count === 0 ? [] : [`${count} ${status}`];
  });
  return `${system.origin}, ${describeSize(system)}: ${parts.join(', ')}`;
}

interface RowOptions extends Pick<TrialsOptions, 'linkBase' | 'raw'> {
  readonly isPublished: boolean;
}

function trialView(trial: Trial, index: number, columns: readonly ValueColumn[], options: RowOptions): object {
  const read = new Set(columns.flatMap(({ values }) => values.get(index)?.[1] ?? []));
  const seconds = trial.started === null || trial.ended === null ? null : secondsBetween(trial.started, trial.ended);
  return {
    run: plainLine(trial.run),
    id: plainLine(trial.attempt > 1 ? `${trial.trial}, attempt ${trial.attempt}` : trial.trial),
    block: trial.block,
    suite: plainLine(trial.benchmark),
    status: trial.status,
    started: trial.started === null ? '' : formatClock(trial.started),
    seconds: seconds === null ? '' : seconds.toFixed(1),
    why: plainLine(trial.why ?? ''),
    values: columns.map((column) => valueView(trial, index, column, options)),
    files: trial.files.map((file, at) => ({
      name: plainLine(file.path),
      href: rawLink(options.linkBase, trial.run, file.path),
      sha256: read.has(at) ? file.sha256 : '',
    })),
    missing: trial.missing.map(({ metric, why, line }) =>
      plainLine(`${metric}: ${why}${line === null ? '' : ` (line ${line})`}`),
    ),
    findings: trial.findings.map(findingText),
    findingsOk: trial.findingsOk,
    gates: trial.gates.filter((gate) => gate.verdict !== 'ok').map(gateText),
    remarkable:
      trial.why !== null ||
      trial.missing.length > 0 ||
      trial.findings.length > 0 ||
      trial.gates.some((gate) => gate.verdict === 'void'),
  };
}

/** A value with the address of its line: in the page, or the raw file. */
function valueView(trial: Trial, index: number, column: ValueColumn, options: RowOptions): object {
  const found = column.values.get(index);
  if (found === undefined) {
    const text = trial.status === 'collected' && trial.benchmark === column.suite ? 'missing' : '–';
    return { text, title: '', href: '' };
  }
  const [value, file, line] = found;
  const path = trial.files[file]?.path ?? '';
  const anchor = options.raw?.anchorOf(index, file, line) ?? '';
  return {
    text: formatValue(value, column.scale),
    title: plainLine(`${path}, ${options.isPublished ? 'row' : 'line'} ${line}`),
    href: anchor === '' ? (path === '' ? '' : rawLink(options.linkBase, trial.run, path)) : `#${anchor}`,
  };
}

/** What a gate read, in words: `gate skew: 3.2 ms between the first and the last guest`. */
function gateText({ gate, verdict, detail }: GateReading): string {
  const state = { ok: '', void: '', noted: ' (noted)', unavailable: ' (could not be read)' }[verdict];
  return plainLine(`gate ${gate}${state}: ${detail}`);
}

/** One check in words: `pinning: expected 1, found 0-1`. */
export function findingText({ check, expected, found, verdict, hint }: Finding): string {
  const state = verdict === 'unavailable' ? ' (could not be read)' : '';
  return plainLine(`${check}: expected ${expected}, found ${found}${state}${hint === undefined ? '' : `; ${hint}`}`);
}

/**
 * The address of a raw file, relative to the report. Paths come from records, which may have come from elsewhere: each
 * segment is encoded, and a path that leaves the run has no link.
 */
export function rawLink(linkBase: string, run: string, path: string): string {
  const segments = [run, ...path.split('/')];
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) return '';
  return [linkBase === '' ? '.' : linkBase, ...segments.map(encodeSegment)].join('/');
}

function encodeSegment(segment: string): string {
  // A lone surrogate cannot be encoded; U+FFFD replaces it, as no file name contains one.
  return encodeURIComponent(segment.replace(/\p{Cs}/gu, '\uFFFD'));
}
