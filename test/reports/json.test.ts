import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it, test } from 'vitest';
import type { LoadedRun } from '../../harness/types.js';
import { buildReport, renderJson, reportJsonSchema, type Report } from '../../reports/index.js';
import { figureSuites, pairRun, paperRun } from './figure-scenes.js';
import { publishedRun, troubledRuns } from './scenes.js';
import { suite } from './suite.js';
import { demoRun, syntheticRun } from './synthetic.js';
import { pairAtScale, scaleRun, workloads } from './workload-scenes.js';

const build = (runs: readonly LoadedRun[]): Report =>
  buildReport(runs, { suites: [suite, ...figureSuites], workloads });

describe('the JSON report', () => {
  const validate = new Ajv2020({ strict: true, strictTuples: false, allowUnionTypes: true }).compile(reportJsonSchema);

  test.each([
    ['paper', [demoRun()]],
    ['quick', [demoRun({ profile: 'quick' })]],
    ['troubled', troubledRuns()],
    ['published only', [publishedRun()]],
    [
      'one trial',
      [
        syntheticRun({
          targets: [{ id: 'linux-up', label: 'a', shape: { cpus: [0, 1], memoryBytes: 1e9 } }],
          trials: 1,
        }),
      ],
    ],
    ['figures', [demoRun(), pairRun()]],
    ['figures of seven systems', [paperRun()]],
    ['workloads', [pairAtScale()]],
    ['real beside emulated', [pairAtScale(), scaleRun({ id: 'emulated', emulated: ['alpha'] })]],
    ['empty', []],
  ])('%s: follows its schema', (_name, runs) => {
    const written: unknown = JSON.parse(renderJson(build(runs)));
    expect(validate(written), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  });

  it('begins every cell with the columns that were agreed', () => {
    const [first] = (JSON.parse(renderJson(build([demoRun()]))) as { cells: object[] }).cells;
    expect(Object.keys(first ?? {}).slice(0, 16)).toEqual(
      'exhibit metric target state n center low high unit ratio ratioLow ratioHigh published publishedRatio verdict why'.split(
        ' ',
      ),
    );
  });

  it('loses nothing: reading it gives the report back', () => {
    const report = build(troubledRuns());
    expect(JSON.parse(renderJson(report))).toEqual(report);
  });
});
