import type { LoadedRun, Reading, TrialRecord } from '../../harness/types.js';
import { readTrial } from '../../harness/trial/read-trial.js';
import { isBenchmark, type Measured } from '../model/measured.js';
import type { Statement } from '../reference/schema.js';
import type { ToolUse } from '../model/tool.js';
import type { Trial } from '../model/types.js';
import type { Sample } from './sample.js';
import { publishedQuantities } from './published.js';

/** What one record yields, whatever its origin. `path` is that of the file that a value was read from. */
export interface RecordValues {
  readonly values: readonly (Pick<Sample, 'metric' | 'value' | 'resolution' | 'line' | 'tool' | 'clock' | 'spread'> & {
    readonly path: string;
  })[];
  readonly stated: readonly Statement[];
  readonly missing: Trial['missing'];
  readonly problems: readonly string[];
}

/** Reads a record with the present parsers, or, of a published one, the data of its publication. Never throws. */
export function readRecord(record: TrialRecord, run: LoadedRun, measured: Measured | undefined): RecordValues {
  return record.origin === 'published' ? readPublished(record) : readMeasured(record, run, measured);
}

function readMeasured(record: TrialRecord, run: LoadedRun, measured: Measured | undefined): RecordValues {
  const benchmark = measured && isBenchmark(measured) ? measured : undefined;
  const { readings, problems } = readTrial(record, run.raw, { benchmark });
  const values = readings.flatMap((reading): RecordValues['values'] => {
    if (!('value' in reading)) return [];
    const { metric, value, at, resolution = null, clock = null } = reading;
    return [
      {
        metric,
        value,
        resolution,
        clock,
        path: at.file,
        line: at.line,
        tool: toolUse(reading.tool, record),
        spread: null,
      },
    ];
  });
  return { values, stated: [], missing: missingIn(readings), problems };
}

/** The file is that of the publication, and the line a row of its table. */
function readPublished(record: TrialRecord): RecordValues {
  const path = record.outcome.status === 'collected' ? (record.outcome.artifacts[0]?.path ?? '') : '';
  try {
    const all = publishedQuantities(record);
    const values = all.flatMap((quantity): RecordValues['values'] => {
      if (quantity.kind !== 'mean') return [];
      const { metric, value, line, spread } = quantity;
      const tool: ToolUse = { name: quantity.tool, origin: 'published', version: null, linkage: null };
      return [{ metric, value, resolution: null, clock: null, path, line, tool, spread }];
    });
    const stated = all.flatMap((quantity) => (quantity.kind === 'statement' ? [quantity.statement] : []));
    return { values, stated, missing: [], problems: [] };
  } catch (error) {
    return { values: [], stated: [], missing: [], problems: [error instanceof Error ? error.message : String(error)] };
  }
}

function missingIn(readings: readonly Reading[]): Trial['missing'] {
  return readings.flatMap((reading) =>
    'missing' in reading ? [{ metric: reading.metric, why: reading.missing, line: reading.at?.line ?? null }] : [],
  );
}

type Tools = NonNullable<TrialRecord['installation']>['tools'];

function toolUse(name: string, record: TrialRecord): ToolUse {
  const installations = [record, ...(record.guests ?? [])].flatMap(({ installation }) => installation ?? []);
  const tools = Object.assign({}, ...installations.map((installation) => installation.tools).reverse()) as Tools;
  const tool = tools[name] ?? Object.values(tools).find((candidate) => candidate.path === name);
  if (tool === undefined) return { name, origin: 'unknown', version: null, linkage: null };
  return { name, origin: tool.origin, version: tool.version, linkage: tool.linkage ?? null };
}
