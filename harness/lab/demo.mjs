// `npm run demo`: sets up what is missing, brings up the lab, runs every suite natively and in a container over real SSH,
// prints Table 2 and Figures 5, 6(a) and 6(b) next to the paper's values, and ends with its main findings in words. The full
// report is a page that is written each minute or so between trials. Without root or Debian it measures this machine itself. A
// second run repeats only the measurements.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { bootstrap, root } from '../bootstrap.mjs';

const RUNS = join(root, 'runs');
const REPORT = join(root, 'demo.html');
/** How many findings are printed. */
const FINDINGS = 3;
const report = (line) => process.stderr.write(`${line}\n`);

const ready = bootstrap({
  purposes: ['lab'],
  build: true,
  without: 'no lab, so no container and no SSH: what needs no second machine is measured natively on this one',
  report,
});
const { hosts, targets, exhibits } = (ready.complete ? labUp() : undefined) ?? local();
report(`the report: ${REPORT}, from the second minute on`);
const run = measure(hosts, targets, exhibits);
const shownText = bench(['report', run.id, '--runs-dir', RUNS, ...shown(exhibits), '--format', 'text'], 'inherit');
for (const [at, line] of findings(run.id).entries())
  process.stdout.write(`${at === 0 ? '\n' : ''}${at + 1}. ${line}\n`);
if (ready.complete) report('the lab stays up for the next time; npm run -s bench -- lab down removes it');
process.stdout.write(`${REPORT}\n`);
process.exit(run.status || shownText.status);

/** The lab's hosts file, or undefined when this root cannot make namespaces (a container without the right to). */
function labUp() {
  const { status } = bench(['lab', 'up', '--directory', root], 'pipe');
  if (status === 0) {
    const exhibits = ['table-2', 'figure-5', 'figure-6a', 'figure-6b'];
    return { hosts: join(root, 'hosts.lab.json'), targets: ['linux-up', 'lxc-up'], exhibits };
  }
  report('going on without the lab: what needs no second machine is measured natively on this one');
  return undefined;
}

/** A hosts file for this machine without SSH. */
function local() {
  const cpus = [availableParallelism() > 1 ? 1 : 0];
  const hosts = join(RUNS, 'hosts.local.json');
  const content = {
    baseline: 'linux-up',
    hosts: { here: { connect: 'local' } },
    targets: { 'linux-up': { host: 'here', platform: 'native', shape: { cpus } } },
  };
  mkdirSync(RUNS, { recursive: true });
  writeFileSync(hosts, `${JSON.stringify(content, null, 2)}\n`);
  // The other suites need programs that only root can install; lmbench's probes need a C compiler.
  return { hosts, targets: ['linux-up'], exhibits: ['table-2'] };
}

/** Runs the suites; ends here when there is no run to report on. Trials that failed show in the report. */
function measure(hosts, targets, exhibits) {
  const selected = targets.flatMap((target) => ['--target', target]);
  // No exhibit needs iperf3; it shows in the report all the same.
  const others = exhibits.includes('figure-5') ? ['--suite', 'iperf3'] : [];
  // Three is what an interval takes.
  const options = ['--profile', 'quick', '--trials', '3', '--hosts', hosts, '--runs-dir', RUNS, '--report', REPORT];
  const { status, stdout } = bench(['run', ...shown(exhibits), ...others, ...selected, ...options], 'pipe');
  const directory = stdout.trim();
  if (directory === '') process.exit(status || 1);
  return { id: relative(RUNS, directory), status };
}

/** The main findings of a run: sentences of the report on what differs before other sentences; no counts of trials. */
function findings(run) {
  const { status, stdout } = bench(['report', run, '--runs-dir', RUNS, '--format', 'json', '--out', '-'], 'pipe');
  if (status !== 0) return [];
  const { headlines } = JSON.parse(stdout);
  const own = headlines.filter((line) => !/^In the paper|^\d+ of \d+ trials|^Nothing /.test(line));
  const differ = own.filter((line) => /\d+ of \d+ tested differs?\b/.test(line));
  return [...new Set([...differ, ...own])].slice(0, FINDINGS);
}

/** As options of the CLI. */
function shown(exhibits) {
  return exhibits.flatMap((exhibit) => ['--exhibit', exhibit]);
}

/** Runs the CLI as a user would. Its progress goes where that of this process goes. */
function bench(args, stdout) {
  const argv = [join(root, 'dist', 'harness', 'cli.js'), ...args];
  const result = spawnSync(process.execPath, argv, {
    cwd: root,
    stdio: ['ignore', stdout, 'inherit'],
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (result.signal !== null) process.exit(1);
  return { status: result.status ?? 1, stdout: result.stdout ?? '' };
}
