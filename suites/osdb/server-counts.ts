import type { Origin, RawText } from '../../harness/types.js';
import { linesOf, ParseError, quote } from '../parsing.js';

const NAMES = ['rows-found', 'rows-scanned', 'blocks-not-cached'] as const;
type Name = (typeof NAMES)[number];

/** What the server did between two looks at its counters. */
export interface Served {
  readonly found: number;
  readonly scanned: number;
  readonly uncached: number;
  readonly at: Origin;
}

/** The difference of two outputs of `served.sql`. Throws a `ParseError` when one is not that. */
export function readServed(before: RawText, after: RawText): Served {
  const [first, last] = [readCounts(before), readCounts(after)];
  const difference = (name: Name): number => last[name] - first[name];
  return {
    found: difference('rows-found'),
    scanned: difference('rows-scanned'),
    uncached: difference('blocks-not-cached'),
    at: { file: after.file, line: after.firstLine },
  };
}

function readCounts(raw: RawText): Record<Name, number> {
  const lines = linesOf(raw);
  const [found, scanned, uncached] = NAMES.map((name) => {
    const line = lines.find(({ text }) => text.startsWith(`${name} `));
    const digits = line?.text.slice(name.length + 1) ?? '';
    if (/^\d{1,15}$/.test(digits)) return Number(digits);
    const shown = line === undefined ? 'nothing' : quote(line.text);
    throw new ParseError(`expected the server's count ${name}, found ${shown}`, {
      file: raw.file,
      line: line?.at.line ?? raw.firstLine,
    });
  });
  return { 'rows-found': found ?? 0, 'rows-scanned': scanned ?? 0, 'blocks-not-cached': uncached ?? 0 };
}
