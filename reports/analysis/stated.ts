import type { Cell, StatedFact, System } from '../model/types.js';
import { splitMetric } from '../model/measured.js';
import type { Loaded } from '../read/load.js';
import type { Statement } from '../reference/schema.js';
import { seriesKey } from './summarize.js';

/** What publications state in their text, by `seriesKey`. */
export type StatedIndex = ReadonlyMap<string, readonly Statement[]>;

/** Statements by the system and metric that they are about. */
export function groupStatements({ stated, trials }: Loaded, systems: readonly System[]): StatedIndex {
  const systemByKey = new Map(systems.map((system) => [system.key, system]));
  const index = new Map<string, Statement[]>();
  for (const { trial, statement } of stated) {
    const system = systemByKey.get(trials[trial]?.system ?? '');
    if (system === undefined) continue;
    const key = seriesKey(system, ...splitMetric(statement.metric));
    // Two runs of one publication state the same once.
    const known = index.get(key) ?? [];
    index.set(key, known.includes(statement) ? known : [...known, statement]);
  }
  return index;
}

/** Statements as a report has them. */
export function factsOf(statements: readonly Statement[]): readonly StatedFact[] {
  return statements.map(({ quantity, stated, to = null, other = null, text, claim }) => {
    const ends = stated.kind === 'value' ? { low: stated.value, high: stated.value } : stated;
    return { quantity, kind: stated.kind, low: ends.low, high: ends.high, to, other, text, claim };
  });
}

/** A cell of a published system without a printed number. */
export function statedState(stated: readonly StatedFact[]): Pick<Cell, 'state' | 'why' | 'verdict'> {
  if (stated.length === 0) {
    return { state: 'missing', why: 'the publication does not state it', verdict: 'not measured' };
  }
  return { state: 'stated', why: stated.map(({ text }) => text).join('; '), verdict: 'not judged' };
}
