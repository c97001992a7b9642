import { dirname, extname, resolve } from 'node:path';
import { buildReport, loadAssets, writeReport } from '../../reports/index.js';
import { BenchError, messageOf } from '../errors.js';
import { loadRun } from '../store/index.js';
import type { RunId } from '../types.js';
import type { Printer } from './printer.js';
import { allSuites, allWorkloads, exporters } from './registries.js';
import { linkBase } from './report.js';

/** The report of one run, which is written again as the run goes on; each time whole or not at all. */
export interface RunningReport {
  readonly path: string;
  /** Writes it after each block, and when a trial ends a minute or more after it was written last. */
  readonly betweenTrials: (run: RunId, at: { readonly blockEnded: boolean }) => Promise<void>;
  /** Never rejects: what cannot be written is a line, and the run goes on. */
  write(run: RunId): Promise<void>;
}

const INTERVAL_MS = 60_000;

/** `file` names the format by its extension; `now` returns milliseconds. Throws a `BenchError` of stage `config` for one that no format has. */
export function makeRunningReport(printer: Printer, now: () => number, file: string, runsDir: string): RunningReport {
  const path = resolve(file);
  const extensions = exporters.map(({ extension }) => extension);
  const exporter = exporters.find(({ extension }) => extname(path) === `.${extension}`);
  if (exporter === undefined) {
    const expected = `a file name that ends in ${extensions.map((each) => `.${each}`).join(', ')}`;
    throw new BenchError({ stage: 'config', message: 'cannot choose the format of --report', expected, found: file });
  }
  let written = now();
  const write = async (run: RunId): Promise<void> => {
    try {
      const report = buildReport([await loadRun(runsDir, run)], { suites: allSuites, workloads: allWorkloads });
      const text = await exporter.render(report, {
        assets: loadAssets,
        linkBase: linkBase(dirname(path), runsDir),
        width: 120,
      });
      await writeReport(path, text);
      printer.line(`report: ${path}`, 'quiet');
    } catch (error) {
      printer.line(`cannot write the report: ${messageOf(error)}`, 'bad');
    }
    written = now();
  };
  return {
    path,
    write,
    betweenTrials: async (run, { blockEnded }) => {
      if (blockEnded || now() - written >= INTERVAL_MS) await write(run);
    },
  };
}
