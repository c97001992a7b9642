// `npm test`: installs what is missing, then runs every check and every test. The checks of the source and the unit tests
// run side by side; the lanes of test/machine-tests.ts run after them, and only when all of those passed.
// `npm test -- PATH…` passes its arguments to vitest and runs the tests only.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bootstrap, root } from '../harness/bootstrap.mjs';

const args = process.argv.slice(2);
const started = performance.now();
const bin = (name) => join(root, 'node_modules', '.bin', name);
const results = mkdtempSync(join(tmpdir(), 'bench-test-'));
process.on('exit', () => rmSync(results, { recursive: true, force: true }));

/** Of test/machine-tests.ts: these run side by side, and then the one that needs a quiet machine. */
const LANES = ['lab', 'trials', 'processes', 'platforms'];
const ALONE = 'alone';

// By its path: the compiler that tests parse sources with has a `tsc` of its own.
const types = stage('types', [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '--noEmit']);
const lint = stage('lint', [bin('oxlint'), '--type-aware', '--max-warnings', '0', '.']);
const format = stage('format', [bin('prettier'), '--check', '--log-level', 'warn', '.']);
const unused = stage('unused code', [bin('knip')]);
const build = stage('build', [process.execPath, join(root, 'harness', 'build.mjs')]);

setUp();
process.exitCode = args.length > 0 ? await someTests() : await everything();

/** Two cores: the linter, which takes longest, has one; all other checks and then the unit tests have the other. */
async function everything() {
  const early = await Promise.all([inOrder(lint), inOrder(types, build, unused, format, tests('unit', 'at the end'))]);
  const failed = early.find((status) => status !== 0);
  const status = failed ?? (await lanes());
  return summarize(status, ['unit', ...LANES, ALONE]);
}

async function someTests() {
  return summarize(await inOrder(build, tests(undefined, 'live')), ['all']);
}

/** One after another where PID namespaces cannot be made: the trials of one lane would void those of another. */
async function lanes() {
  const apart = spawnSync(inNamespace(1, ['true'])[0], inNamespace(1, ['true']).slice(1)).status === 0;
  const stages = LANES.map((name, place) => tests(name, 'by line', apart ? place + 1 : undefined));
  const all = apart ? await Promise.all(stages.map((run) => run())) : [await inOrder(...stages)];
  return all.find((status) => status !== 0) ?? (await tests(ALONE, 'live')());
}

/**
 * A command as a child of the first process of a PID namespace, with which everything ends that it leaves behind. The
 * ids of two namespaces begin apart, because tests name what they make by their process.
 */
function inNamespace(place, words) {
  const start = `echo ${place * 6000} >/proc/sys/kernel/ns_last_pid; "$@"; exit $?`;
  return ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child', 'sh', '-c', start, 'sh', ...words];
}

function setUp() {
  const begin = performance.now();
  process.stdout.write('== set-up\n');
  const without = 'tests that need it are skipped by name, all others run';
  bootstrap({
    purposes: ['lab', 'tests'],
    build: false,
    without,
    report: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`== set-up: passed in ${since(begin)} s\n`);
}

/** Runs stages until one fails, whose exit code is returned. */
async function inOrder(...stages) {
  for (const run of stages) {
    const status = await run();
    if (status !== 0) return status;
  }
  return 0;
}

/**
 * A command, to be run later. Its output is printed live, by line with its name before each because others run beside it,
 * or in one piece at its end.
 */
function stage(name, [file, ...words], print = 'at the end') {
  return () =>
    new Promise((resolve) => {
      const begin = performance.now();
      if (print !== 'at the end') process.stdout.write(`== ${name}\n`);
      const channel = print === 'live' ? 'inherit' : 'pipe';
      const child = spawn(file, words, { cwd: root, stdio: ['ignore', channel, channel] });
      const output = [];
      for (const stream of [child.stdout, child.stderr]) {
        if (print === 'at the end') stream.on('data', (chunk) => output.push(chunk));
        if (print === 'by line')
          createInterface(stream).on('line', (line) => process.stdout.write(`${name}: ${line}\n`));
      }
      child.on('error', (error) => output.push(`${file}: ${error.message}\n`));
      child.on('close', (code, signal) => {
        if (print === 'at the end') process.stdout.write(`== ${name}\n`);
        for (const chunk of output) process.stdout.write(chunk);
        if (signal !== null) process.stdout.write(`${file} was ended by ${signal}\n`);
        const status = code ?? 1;
        process.stdout.write(`== ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${since(begin)} s\n`);
        resolve(status);
      });
    });
}

/** The tests of a project of vitest.config.ts, or those that the arguments choose. */
function tests(project, print, place) {
  const output = join(results, `${project ?? 'all'}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile=${output}`];
  const chosen = project === undefined ? args : ['--project', project];
  const words = [bin('vitest'), 'run', ...reporters, ...chosen];
  return stage(`${project ?? 'chosen'} tests`, place === undefined ? words : inNamespace(place, words), print);
}

/** Which tests were skipped and why (their titles name the reason), the time, and the counts on a line of their own. */
function summarize(status, names) {
  const found = names.map((name) => readResults(join(results, `${name}.json`))).filter((each) => each !== undefined);
  const skipped = found.flatMap((each) => each.skipped);
  const sum = (key) => found.reduce((total, each) => total + each[key], 0);
  for (const title of skipped) process.stdout.write(`skipped: ${title}\n`);
  process.stdout.write(`== all: ${since(started)} s\n`);
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed, ${skipped.length} skipped\n`);
  return status === 0 && (found.length < names.length || sum('failed') > 0) ? 1 : status;
}

/** Counts from vitest's JSON report; a file that could not even be loaded counts as one failure. */
function readResults(path) {
  try {
    const { testResults } = JSON.parse(readFileSync(path, 'utf8'));
    const all = testResults.flatMap((file) => file.assertionResults);
    const count = (state) => all.filter((test) => test.status === state).length;
    const unloaded = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
    const skipped = all.filter((test) => !['passed', 'failed'].includes(test.status)).map((test) => test.fullName);
    return { passed: count('passed'), failed: count('failed') + unloaded.length, skipped };
  } catch {
    return undefined;
  }
}

function since(begin) {
  return ((performance.now() - begin) / 1000).toFixed(1);
}
