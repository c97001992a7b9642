import { buildReport, type Report } from '../../reports/index.js';
import { figureSuites, pairRun, paperRun } from './figure-scenes.js';
import { publishedRun, troubledRuns } from './scenes.js';
import { suite } from './suite.js';
import { demoRun } from './synthetic.js';
import { pairAtScale, scaleRun, workloads } from './workload-scenes.js';

/** Reports that every format is checked with: complete, troubled, figures, workloads, emulated, published only, empty. */
export const scenes: readonly (readonly [name: string, report: Report])[] = (
  [
    ['measured', [demoRun()]],
    ['troubled', troubledRuns()],
    ['figures', [demoRun({ trials: 3, profile: 'quick' }), pairRun()]],
    ['paper', [paperRun()]],
    ['workloads', [pairAtScale()]],
    ['emulated', [pairAtScale(), scaleRun({ id: 'emulated', emulated: ['alpha'] })]],
    ['published only', [publishedRun()]],
    ['empty', []],
  ] as const
).map(([name, runs]) => [name, buildReport(runs, { suites: [suite, ...figureSuites], workloads })]);
