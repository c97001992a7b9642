import type { Report } from '../model/document.js';
import type { Cell } from '../model/types.js';
import { plainLine } from '../narrative/format.js';
import { CONFIDENCE, studentQuantile } from '../statistics/intervals.js';
import type { RunDigest, SystemDigest, ValueDigest } from './model.js';

/** What a site has of a run, from its report of this run alone. `bytes` are those of its page. Pure. */
export function digestOf(
  report: Report,
  { noise, bytes }: { readonly noise: boolean; readonly bytes: number },
): RunDigest {
  const [provenance] = report.provenance.runs;
  const systems = report.systems.map(
    ({ key, label, host, platform, boundary, shape, profile, origin, emulated }): SystemDigest => ({
      ...{ key, label: plainLine(label), host, platform, boundary, cpus: shape.cpus.length },
      ...{ memoryBytes: shape.memoryBytes ?? null, profile, origin, emulated },
    }),
  );
  const counts = { collected: 0, failed: 0, void: 0, skipped: 0, pending: 0 };
  for (const { status } of report.trials) counts[status] += 1;
  return {
    run: provenance?.run ?? '',
    created: provenance?.created ?? '',
    title: plainLine(report.title),
    from: report.measuredFrom,
    to: report.measuredTo,
    profile: provenance?.profile ?? '',
    noise,
    notices: [report.partial, report.emulated.banner, report.differences?.statement].flatMap((line) => line ?? []),
    headlines: report.headlines.map(plainLine),
    trials: counts,
    systems,
    claims: report.claims.map(({ id, verdict, text, where }) => ({ id, verdict, text, where })),
    values: valuesOf(
      report.cells,
      report.systems.map(({ key }) => key),
    ),
    bytes,
  };
}

/** Each metric on each system once: of several cells the one with a ratio, else the first. */
function valuesOf(cells: readonly Cell[], keys: readonly string[]): readonly ValueDigest[] {
  const found = new Map<string, ValueDigest>();
  for (const cell of cells) {
    if (cell.center === null) continue;
    const key = `${cell.system} ${cell.metric}`;
    const known = found.get(key);
    if (known !== undefined && (known.relative !== null || cell.relative === null)) continue;
    found.set(key, valueOf(cell, cell.center, keys.indexOf(cell.system)));
  }
  return [...found.values()];
}

function valueOf(cell: Cell, mean: number, system: number): ValueDigest {
  const { metric, label, unit, better, low, high, relative, relativeLow, relativeHigh } = cell;
  const observations = cell.levels?.level === 'boot' ? (cell.levels.boots ?? 0) : (cell.n ?? 0);
  const freedom = cell.intervalForm === 'log' && high !== null && observations > 1 ? observations - 1 : null;
  return {
    ...{ metric, label: plainLine(label), unit, better, system, mean: rounded(mean) },
    ...{ low: roundedOr(low), high: roundedOr(high) },
    error:
      freedom === null || high === null ? null : rounded(Math.log(high / mean) / studentQuantile(CONFIDENCE, freedom)),
    freedom,
    ...{ relative: roundedOr(relative), relativeLow: roundedOr(relativeLow), relativeHigh: roundedOr(relativeHigh) },
    samples: cell.origin === 'published' ? [] : cell.samples.map(([value]) => Number(value.toPrecision(5))),
  };
}

/** Enough digits for every number of a page. */
function rounded(value: number): number {
  return Number(value.toPrecision(8));
}

function roundedOr(value: number | null): number | null {
  return value === null ? null : rounded(value);
}
