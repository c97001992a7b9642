// `npm run demo`: sets up what is missing, brings up the lab, measures lmbench natively and in a container over real
// SSH, prints Table 2 beside the paper's, and ends with the path of the full report. Without root or Debian it measures
// this machine itself. Running it again sets nothing up again and measures anew.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { bootstrap, root } from '../bootstrap.mjs';

const RUNS = join(root, 'runs');
const REPORT = join(root, 'demo.html');
const report = (line) => process.stderr.write(`${line}\n`);

const ready = bootstrap({
  purposes: ['lab'],
  build: true,
  without: 'no lab, so no container and no SSH: lmbench is measured natively on this machine',
  report,
});
const { hosts, targets } = (ready.complete ? labUp() : undefined) ?? local();
const run = measure(hosts, targets);
bench(['report', run.id, '--runs-dir', RUNS, '--exhibit', 'table-2', '--format', 'text'], 'inherit');
const written = bench(['report', run.id, '--runs-dir', RUNS, '--format', 'html', '--out', REPORT], 'pipe');
if (ready.complete) report('the lab stays up for the next time; npm run -s bench -- lab down removes it');
process.stdout.write(written.stdout);
process.exit(run.status || written.status);

/** The lab's hosts file, or undefined when this root cannot make namespaces (a container without the right to). */
function labUp() {
  const { status } = bench(['lab', 'up', '--directory', root], 'pipe');
  if (status === 0) return { hosts: join(root, 'hosts.lab.json'), targets: ['linux-up', 'lxc-up'] };
  report('going on without the lab: lmbench is measured natively on this machine');
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
  return { hosts, targets: ['linux-up'] };
}

/** Runs the suite; ends here when there is no run to report on. Trials that failed show in the report. */
function measure(hosts, targets) {
  const selected = targets.flatMap((target) => ['--target', target]);
  // Three is what an interval takes, and two targets are then done in a minute or two.
  const options = ['--profile', 'quick', '--trials', '3', '--hosts', hosts, '--runs-dir', RUNS];
  const { status, stdout } = bench(['run', '--suite', 'lmbench', ...selected, ...options], 'pipe');
  const directory = stdout.trim();
  if (directory === '') process.exit(status || 1);
  return { id: relative(RUNS, directory), status };
}

/** Runs the CLI as a user would. Its progress goes where that of this process goes. */
function bench(args, stdout) {
  const argv = [join(root, 'dist', 'harness', 'cli.js'), ...args];
  const result = spawnSync(process.execPath, argv, {
    cwd: root,
    stdio: ['ignore', stdout, 'inherit'],
    encoding: 'utf8',
  });
  if (result.signal !== null) process.exit(1);
  return { status: result.status ?? 1, stdout: result.stdout ?? '' };
}
