// `npm run test:emulated [-- PART…]`: what needs an emulated machine, in parts: boots, the conformance of every driver on
// Xen, KVM and under a Debian's systemd, and one trial of each. Hours on two cores. Parts that have passed on this commit are
// not repeated, so that it can be interrupted and goes on. The lab stays up until all of them have passed.
// `--again` forgets what has passed, `--list` lists the parts, `--keep` leaves the lab up.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bootstrap, root } from '../harness/bootstrap.mjs';

const LAB = 'test-emulated';
const place = join(root, 'runs', 'emulated');
const hosts = join(place, 'hosts.lab.json');
const resultsFile = join(place, 'results.json');
const cli = join(root, 'dist', 'harness', 'cli.js');

const CONTAINERS = ['lxc', 'docker', 'podman', 'nspawn', 'runc'].map((tool) => `${tool}-up-systemd`);
const VIRTUAL = ['xen3-2cpu', 'kvm-up'];
const options = {
  again: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
};
const { values, positionals } = parseArgs({ options, allowPositionals: true });

/** A command that succeeds or fails, with what it needs of the environment. */
const tests = (file, env) => ({ argv: [join(root, 'node_modules', '.bin', 'vitest'), 'run', file], env });
const bench = (...words) => ({ argv: [process.execPath, cli, ...words], env: {} });
const boot = (target) => bench('boot', '--hosts', hosts, '--target', target);
const measured = ['--hosts', hosts, '--runs-dir', place, '--profile', 'quick', '--trials', '1', '--reboot'];

const parts = new Map([
  ['boots', { lab: false, commands: [tests('test/lab/emulated.test.ts', { BENCH_TEST_EMULATED: '1' })] }],
  ...[...CONTAINERS, ...VIRTUAL].map((target) => [
    `conformance ${target}`,
    {
      lab: true,
      commands: [
        boot(target),
        tests('test/platforms/hosted.test.ts', { BENCH_TEST_HOSTS: hosts, BENCH_TEST_TARGET: target }),
      ],
    },
  ]),
  ...['linux-up-systemd', ...CONTAINERS, ...VIRTUAL].map((target) => [
    `trial ${target}`,
    { lab: true, commands: [bench('run', ...measured, '--suite', 'lmbench', '--target', target)] },
  ]),
]);

const commit = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).stdout.trim();
const isClean = spawnSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' }).stdout === '';
let interrupted = false;
process.on('SIGINT', () => (interrupted = true));
process.exitCode = values.list ? list() : await main();

function list() {
  for (const name of parts.keys()) console.log(name);
  return 0;
}

async function main() {
  const chosen = [...parts].filter(([name]) => positionals.length === 0 || positionals.includes(name));
  const strange = positionals.find((name) => !parts.has(name));
  if (strange !== undefined) return complain(`there is no part ${JSON.stringify(strange)}: see --list`);
  const report = (line) => console.error(line);
  const { complete } = bootstrap({
    purposes: ['lab', 'tests'],
    build: true,
    without: 'nothing of this can run',
    report,
  });
  if (!complete) return 1;
  mkdirSync(place, { recursive: true });
  const results = readResults();
  for (const [name, part] of chosen) {
    if (interrupted || results.get(name)?.passed === true) continue;
    console.log(`== ${name}`);
    const began = performance.now();
    const passed = (!part.lab || (await labUp())) && (await inOrder(part.commands));
    if (interrupted && !passed) break;
    results.set(name, { passed, seconds: Math.round((performance.now() - began) / 1000) });
    writeFileSync(resultsFile, `${JSON.stringify({ commit, results: [...results] }, null, 2)}\n`);
  }
  return summarize(chosen, results);
}

/** Of this very commit: another may have broken what has passed. */
function readResults() {
  if (values.again || !isClean || !existsSync(resultsFile)) return new Map();
  const stored = JSON.parse(readFileSync(resultsFile, 'utf8'));
  return new Map(stored.commit === commit ? stored.results : []);
}

function labUp() {
  return inOrder([bench('lab', 'up', '--name', LAB, '--directory', place, '--with', 'xen,kvm,systemd')]);
}

async function inOrder(commands) {
  for (const command of commands) if (!(await succeeds(command))) return false;
  return true;
}

function succeeds({ argv: [file, ...words], env }) {
  return new Promise((resolve) => {
    const child = spawn(file, words, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });
}

async function summarize(chosen, results) {
  const line = ([name]) => {
    const result = results.get(name);
    if (result === undefined) return `not run  ${name}`;
    return `${result.passed ? 'passed ' : 'FAILED '}  ${name} (${result.seconds} s)`;
  };
  console.log(['', 'Emulated machines', ...chosen.map(line)].join('\n'));
  const all = chosen.every(([name]) => results.get(name)?.passed === true);
  if (!all) console.log(`run it again to go on; \`bench lab down --name ${LAB}\` removes the lab`);
  else if (!values.keep) await inOrder([bench('lab', 'down', '--name', LAB)]);
  return all ? 0 : 1;
}

function complain(message) {
  console.error(message);
  return 2;
}
