import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  compareRuns,
  describeViolation,
  fits,
  judgeComparison,
  loadAssets,
  namesOfSide,
  type Comparison,
  type ComparisonFormat,
  type Policy,
} from '../../../reports/index.js';
import { readThresholds } from '../../config/thresholds.js';
import { BenchError, EXIT, foundInstead } from '../../errors.js';
import type { LoadedRun } from '../../types.js';
import type { CommonOptions, Context } from '../context.js';
import { checkOneFormat, documentWidth, writeDocument } from '../document.js';
import { allSuites, allWorkloads, comparisonExporters, publishedBenchmarks } from '../registries.js';
import { rulesIn } from '../report.js';
import { byId, unknown } from '../select.js';
import { noiseRuns } from './noise.js';
import { loadSides } from './sides.js';

export interface CompareOptions extends CommonOptions {
  readonly format: ComparisonFormat;
  /** Implies the format `json`. */
  readonly json?: boolean;
  readonly a: readonly string[];
  readonly b: readonly string[];
  readonly map: readonly (readonly [string, string])[];
  readonly noise: readonly string[];
  readonly rules?: string;
  readonly failOn?: string;
  readonly out?: string;
}

/**
 * `bench compare`: two sets of runs, metric by metric. Prints the comparison, and with `--fail-on` one line on stderr for
 * each violation, with which it ends as failed.
 */
export async function compare(context: Context, options: CompareOptions, operands: readonly string[]): Promise<number> {
  const { printer } = context;
  checkOneFormat('comparison', options);
  const { runsDir } = options;
  const warn = (line: string): void => printer.line(line, 'bad');
  const [a, b] = await loadSides({ runsDir, ...namesOf(options, operands), warn });
  checkMap(options.map, a.runs, b.runs);
  const rules = options.rules === undefined ? [] : await rulesIn(options.rules);
  const noise = await noiseRuns(runsDir, options.noise, [...a.runs, ...b.runs]);
  const policy = options.failOn === undefined ? undefined : await policyIn(options.failOn, [...a.runs, ...b.runs]);
  const known = { suites: allSuites, workloads: allWorkloads };
  const comparison = compareRuns(a, b, { ...known, map: options.map, rules, noise });
  await print(context, options, comparison);
  const violations = policy === undefined ? [] : judgeComparison(comparison, policy);
  for (const violation of violations) printer.line(describeViolation(violation), 'bad');
  return violations.length === 0 ? EXIT.done : EXIT.failed;
}

/** The operands are A and B; options add to them, and take their place where there are none. */
function namesOf(
  { a, b }: CompareOptions,
  operands: readonly string[],
): { readonly a: readonly string[]; readonly b: readonly string[] } {
  const [first, second] = operands;
  if (first !== undefined && second === undefined && b.length === 0) {
    const expected = 'two sides: `bench compare A B`';
    throw new BenchError({ stage: 'config', message: 'a comparison has two sides', expected, found: first });
  }
  return { a: first === undefined ? a : [first, ...a], b: second === undefined ? b : [second, ...b] };
}

function checkMap(map: CompareOptions['map'], a: readonly LoadedRun[], b: readonly LoadedRun[]): void {
  for (const [nameA, nameB] of map) {
    for (const [name, runs] of [
      [nameA, a],
      [nameB, b],
    ] as const) {
      const names = namesOfSide(runs);
      if (!names.includes(name)) throw unknown('target', name, names);
    }
  }
}

async function policyIn(path: string, runs: readonly LoadedRun[]): Promise<Policy> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const message = `cannot read the thresholds in ${path}`;
    throw new BenchError({ stage: 'config', message, found: foundInstead(error) }, { cause: error });
  });
  const measured = [...allSuites, ...allWorkloads, ...publishedBenchmarks];
  const read = readThresholds(text, path, {
    metrics: measured.flatMap(({ id, metrics }) => Object.keys(metrics).map((name) => `${id}/${name}`)),
    targets: [...new Set(runs.flatMap(({ stored }) => stored.plan.targets.map(({ id }) => id)))],
    fits,
  });
  if (!read.ok) throw new BenchError({ stage: 'config', message: read.mistakes.join('\n') });
  return read.thresholds;
}

async function print({ printer, process }: Context, options: CompareOptions, comparison: Comparison): Promise<void> {
  const exporter = byId('format', options.format, comparisonExporters);
  const text = await exporter.render(comparison, {
    assets: loadAssets,
    width: documentWidth(process),
  });
  const standard = exporter.id === 'html' ? join(options.runsDir, 'comparison.html') : '-';
  const out = options.out ?? standard;
  if (out === '-') {
    printer.out(text);
    return;
  }
  const path = resolve(out);
  await writeDocument('comparison', path, text);
  printer.out(`${path}\n`);
}
