// Two benches measure on one host, and processes of both are killed at random: `node campaign.mjs [--seed N]
// [--minutes N]`, from the built harness. Then every run is finished, and runs and host are checked. Prints each kill, and
// exits with 1 when anything is wrong. The same seed draws the same intervals and choices among what is alive.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { randomStream } from '../../dist/harness/random.js';
import { checkHost, checkRuns, processesUnder, stateOfHost } from './checker.mjs';

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, minutes: { type: 'string', default: '5' } },
});
const script = fileURLToPath(new URL('../run/orchestrate.mjs', import.meta.url));
const place = mkdtempSync(join(tmpdir(), 'bench-chaos-'));
const workDir = join(place, 'work');
const overlaps = join(place, 'overlaps');
const next = randomStream(values.seed);
const draw = (limit) => next() % limit;
const began = performance.now();
const print = (text) => process.stdout.write(`${((performance.now() - began) / 1000).toFixed(1)} s: ${text}\n`);
const benches = ['a', 'b'].map((name) => ({ name, runsDir: join(place, name), child: undefined, completed: 0 }));
let over = false;

/** What can be killed: a bench, or a process of the agent that measures. */
const VICTIMS = [
  { what: 'a bench', pids: () => benches.flatMap(pidOf) },
  { what: 'a waiter', pids: () => agents('wait') },
  // Its guard, the leader of its session, ends what the agent leaves.
  { what: 'an agent', pids: () => agents('run').filter((pid) => sessionOf(pid) !== pid) },
  { what: 'a workload', pids: () => below().flatMap(({ pid, words }) => (words[0] === 'sleep' ? [pid] : [])) },
];
const below = () => processesUnder(workDir);
const agents = (verb) => below().flatMap(({ pid, words }) => (words[1] === verb ? [pid] : []));
const pidOf = ({ child }) => (child?.exitCode === null && child.signalCode === null ? [child.pid] : []);

function sessionOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3]);
  } catch {
    return pid;
  }
}

/** Runs one process of a bench to its end: it resumes the run that is not complete, or begins another. */
async function runOnce(bench, isLast) {
  const unfinished = readdirSync(bench.runsDir).find((run) => !isComplete(join(bench.runsDir, run)));
  if (unfinished === undefined && isLast) return true;
  const resume = unfinished === undefined ? [] : [unfinished];
  const words = [script, bench.runsDir, workDir, '1', '3', ...resume];
  const env = { ...process.env, BENCH_CHAOS_BUSY: join(place, 'busy') };
  bench.child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'], env });
  let complaint = '';
  bench.child.stderr.on('data', (chunk) => (complaint += chunk));
  await once(bench.child, 'close');
  if (bench.child.exitCode !== 0 && complaint !== '') print(`bench ${bench.name}: ${complaint.trim().slice(0, 200)}`);
  return false;
}

function isComplete(directory) {
  if (!existsSync(join(directory, 'plan.json'))) return true;
  const { plan } = JSON.parse(readFileSync(join(directory, 'plan.json'), 'utf8'));
  const journal = existsSync(join(directory, 'records.jsonl'))
    ? readFileSync(join(directory, 'records.jsonl'), 'utf8')
    : '';
  const done = (id) =>
    new RegExp(`"trial":"${id}".*"outcome":\\{"status":"(collected|failed)"`, 'm').test(journal) ||
    (journal.match(new RegExp(`"trial":"${id}".*"outcome":\\{"status":"void"`, 'gm')) ?? []).length >= 3;
  return plan.trials.every(({ id }) => done(id));
}

async function keepRunning(bench) {
  while (!over) {
    await runOnce(bench, false);
    await delay(100 + (bench.name === 'a' ? 0 : 50));
  }
}

async function killAtRandom(seconds) {
  const kills = new Map();
  // Before the first trial, the host is prepared: kills then would end the same compilation again and again.
  while (agents('run').length === 0) await delay(100);
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end) {
    await delay(100 + draw(1900));
    const alive = VICTIMS.map(({ what, pids }) => ({ what, pids: pids() })).filter(({ pids }) => pids.length > 0);
    // Most of the time nothing measures, and only benches are there: they must come to measure, too.
    const victim = alive.length === 1 && draw(4) > 0 ? undefined : alive[draw(alive.length)];
    if (victim === undefined) continue;
    const { pids } = victim;
    const pid = pids[draw(pids.length)];
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      continue;
    }
    kills.set(victim.what, (kills.get(victim.what) ?? 0) + 1);
    print(`killed ${victim.what} (process ${pid})`);
  }
  return kills;
}

for (const { runsDir } of benches) mkdirSync(runsDir, { recursive: true });
const before = stateOfHost();
let wrong = ['the campaign did not come to its end'];
try {
  const running = benches.map(keepRunning);
  const kills = await killAtRandom(Number(values.minutes) * 60);
  over = true;
  await Promise.all(running);
  for (const bench of benches) {
    for (let tries = 0; tries < 10 && !(await runOnce(bench, true)); tries += 1) await delay(200);
  }
  const checked = benches.map(({ runsDir }) => runsDir).map(checkRuns);
  const busy = existsSync(overlaps) ? readFileSync(overlaps, 'utf8').trim().split('\n') : [];
  wrong = [
    ...checked.flatMap((each) => each.wrong),
    ...busy.map((line) => `two workloads ran at once: ${line}`),
    ...checkHost(workDir, before),
  ];
  const count = [...kills].map(([what, times]) => `${what} ${times}`).join(', ');
  print(
    `seed ${values.seed}: ${checked.reduce((sum, each) => sum + each.trials, 0)} trials collected; killed: ${count}`,
  );
} finally {
  over = true;
  for (const bench of benches) for (const pid of pidOf(bench)) process.kill(pid, 'SIGKILL');
  for (const { pid } of below()) process.kill(pid, 'SIGKILL');
  for (const line of wrong) print(`WRONG: ${line}`);
  if (wrong.length === 0) rmSync(place, { recursive: true, force: true });
  else print(`kept: ${place}`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
