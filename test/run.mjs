// `npm test`: installs what is missing, then every check in order, and stops at the first that fails.
// `npm test -- PATH…` hands its arguments to vitest and runs the tests only.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrap, root } from '../harness/bootstrap.mjs';

const args = process.argv.slice(2);
const report = (line) => process.stderr.write(`${line}\n`);
const bin = (name) => join(root, 'node_modules', '.bin', name);

stage('set-up', () => {
  const without = 'tests that need it are skipped by name, all others run';
  bootstrap({ purposes: ['lab', 'tests'], build: false, without, report });
  return 0;
});
if (args.length === 0) {
  stage('types', () => run(bin('tsc'), '--noEmit'));
  stage('lint', () => run(bin('eslint'), '--max-warnings', '0', '.'));
  stage('format', () => run(bin('prettier'), '--check', '--log-level', 'warn', '.'));
  stage('unused code', () => run(bin('knip')));
}
stage('build', () => run(process.execPath, join(root, 'harness', 'build.mjs')));
process.exit(runTests());

/** Runs one stage, tells its time, and ends the process with its exit code when that is not 0. */
function stage(name, body) {
  const started = performance.now();
  process.stdout.write(`== ${name}\n`);
  const status = body();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`== ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${seconds} s\n`);
  if (status !== 0) process.exit(status);
}

function run(file, ...rest) {
  const { status, signal, error } = spawnSync(file, rest, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined) process.stderr.write(`${file}: ${error.message}\n`);
  if (signal !== null && signal !== undefined) process.stderr.write(`${file} was ended by ${signal}\n`);
  return status ?? 1;
}

/** The tests, then which were skipped and why (their titles say it), then the counts on a line of their own. */
function runTests() {
  process.stdout.write('== tests\n');
  const folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
  const output = join(folder, 'results.json');
  const status = run(bin('vitest'), 'run', '--reporter=default', '--reporter=json', `--outputFile=${output}`, ...args);
  const results = readResults(output);
  rmSync(folder, { recursive: true, force: true });
  if (results === undefined) {
    process.stderr.write('vitest left no results\n');
    return status === 0 ? 1 : status;
  }
  for (const title of results.skipped) process.stdout.write(`skipped: ${title}\n`);
  const { passed, failed, skipped } = results;
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
  return status === 0 && failed > 0 ? 1 : status;
}

/** Counts from vitest's JSON report; a file that could not even be loaded counts as one failure. */
function readResults(path) {
  try {
    const { testResults } = JSON.parse(readFileSync(path, 'utf8'));
    const tests = testResults.flatMap((file) => file.assertionResults);
    const count = (state) => tests.filter((test) => test.status === state).length;
    const unloaded = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
    const skipped = tests.filter((test) => !['passed', 'failed'].includes(test.status)).map((test) => test.fullName);
    return { passed: count('passed'), failed: count('failed') + unloaded.length, skipped };
  } catch {
    return undefined;
  }
}
