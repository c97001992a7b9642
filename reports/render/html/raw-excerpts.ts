import type { Report } from '../../model/document.js';
import type { RawEmbedding } from '../exporter.js';
import { plainLine } from '../../narrative/format.js';

/** UTF-16 units of excerpts in a page, and bytes of compressed files, base64: more makes a page that opens slowly. */
export const MAX_EXCERPT_LENGTH = 1024 ** 2;
export const MAX_EMBEDDED_BYTES = 4 * 1024 ** 2;
/** Lines that are shown before and after one that a number was read from. */
const CONTEXT = 2;
const LINE_LENGTH = 400;

interface ExcerptLine {
  readonly id: string;
  readonly number: number;
  readonly text: string;
  /** A number was read from it. */
  readonly marked: boolean;
  /** Lines before it are left out. */
  readonly gap: boolean;
}

/** A raw file in the page: the lines that numbers were read from, and with `all` the whole, compressed. */
interface Excerpt {
  readonly id: string;
  readonly where: string;
  readonly sha256: string;
  readonly lines: readonly ExcerptLine[];
  /** A `data:` address of the file as gzip; empty without. */
  readonly data: string;
  readonly fileName: string;
}

/** What a page has of the raw files. */
export interface RawExcerpts {
  readonly files: readonly Excerpt[];
  /** In words: how many files are embedded, and what was left out. */
  readonly statement: string;
  /** The anchor of a line; empty where it is not in the page. */
  anchorOf(trial: number, file: number, line: number): string;
}

/** Raw files of the trials behind the exhibits, until the limits are reached. */
export function rawExcerpts(report: Report, embedding: RawEmbedding): RawExcerpts {
  const wanted = linesRead(report);
  const files: Excerpt[] = [];
  const anchors = new Set<string>();
  const seen = new Set<string>();
  const left = { length: MAX_EXCERPT_LENGTH, bytes: MAX_EMBEDDED_BYTES };
  let [candidates, unread, cut, uncompressed] = [0, 0, 0, 0];
  for (const [trial, { run, trial: id, attempt, files: own }] of report.trials.entries()) {
    for (const [file, { path, sha256 }] of own.entries()) {
      const lines = wanted.get(`${trial} ${file}`);
      if (lines === undefined && embedding.what === 'selected') continue;
      // A publication is the one file of all its trials.
      if (lines === undefined && seen.has(sha256)) continue;
      seen.add(sha256);
      candidates += 1;
      const bytes = embedding.read(run, path);
      if (bytes === undefined) {
        unread += 1;
        continue;
      }
      const excerpt = excerptOf(`raw-${trial}-${file}`, bytes, lines ?? new Set());
      const length = excerpt.reduce((sum, { text }) => sum + text.length + 60, 0);
      const fits = length <= left.length;
      if (fits) left.length -= length;
      else cut += 1;
      const data = embedding.what === 'all' ? Buffer.from(embedding.gzip(bytes)).toString('base64') : '';
      const dataFits = data.length <= left.bytes;
      if (dataFits) left.bytes -= data.length;
      else uncompressed += 1;
      if (!fits && (!dataFits || data === '')) continue;
      for (const { id: anchor, marked } of fits ? excerpt : []) if (marked) anchors.add(anchor);
      files.push({
        id: `raw-${trial}-${file}`,
        where: plainLine(`${run} ${id}.${attempt} ${path}`),
        sha256,
        lines: fits ? excerpt : [],
        data: dataFits && data !== '' ? `data:application/gzip;base64,${data}` : '',
        fileName: plainLine(`${run}-${path.split('/').at(-1) ?? 'raw'}.gz`),
      });
    }
  }
  const statement = [
    `${files.length} of ${candidates} raw files are in this page.`,
    cut === 0
      ? ''
      : `The lines of ${cut} are left out, because a page has at most ${MAX_EXCERPT_LENGTH / 1024} KiB of them.`,
    uncompressed === 0
      ? ''
      : `The whole of ${uncompressed} is left out, because a page has at most ${MAX_EMBEDDED_BYTES / 1024} KiB of them.`,
    unread === 0 ? '' : `${unread} could not be read.`,
    files.length === candidates ? '' : 'The others are named in the list of trials, with their SHA-256.',
  ];
  return {
    files,
    statement: statement.filter((part) => part !== '').join(' '),
    anchorOf(trial, file, line) {
      const anchor = `raw-${trial}-${file}-${line}`;
      return anchors.has(anchor) ? anchor : '';
    },
  };
}

/** Lines that numbers of exhibits were read from, by index of the trial and of its file. Those of publications are rows of a table. */
function linesRead(report: Report): ReadonlyMap<string, ReadonlySet<number>> {
  const published = new Set(report.systems.filter(({ origin }) => origin === 'published').map(({ key }) => key));
  const wanted = new Map<string, Set<number>>();
  const shown = report.exhibits.flatMap(({ rows }) => rows.flatMap((row) => row.cells.flat()));
  for (const at of shown) {
    const cell = report.cells[at];
    if (cell === undefined || published.has(cell.system)) continue;
    for (const [, trial, file, line] of cell.samples) {
      const key = `${trial} ${file}`;
      const lines = wanted.get(key) ?? new Set();
      lines.add(line);
      wanted.set(key, lines);
    }
  }
  return wanted;
}

function excerptOf(id: string, bytes: Uint8Array, marked: ReadonlySet<number>): readonly ExcerptLine[] {
  if (marked.size === 0) return [];
  const texts = new TextDecoder().decode(bytes).split('\n');
  const numbers = new Set<number>();
  for (const line of marked) {
    for (let at = Math.max(1, line - CONTEXT); at <= Math.min(texts.length, line + CONTEXT); at += 1) numbers.add(at);
  }
  const ordered = [...numbers].sort((a, b) => a - b);
  return ordered.map((number, index) => ({
    id: `${id}-${number}`,
    number,
    text: shownLine(texts[number - 1] ?? ''),
    marked: marked.has(number),
    gap: number > 1 && ordered[index - 1] !== number - 1,
  }));
}

/** One line of a raw file: control characters and those that change the direction of text are shown as a sign, long lines cut. */
function shownLine(text: string): string {
  const cut = text.length > LINE_LENGTH ? `${text.slice(0, LINE_LENGTH)}…` : text;
  return cut.replace(/\r$/, '').replace(/[^\P{C}\t]|[\p{Zl}\p{Zp}]/gu, '\uFFFD');
}
