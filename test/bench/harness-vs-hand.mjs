// Does the harness disturb what it measures? Runs the same commands through the whole harness (agent, start instant,
// raw file, parser) and as a person would type them (`taskset -c CPU COMMAND`), alternating, and prints for each metric
// the median over all pairs of harness / hand, with the quartiles. Needs `npm ci` (dist/) and a C compiler.
//
//   node test/bench/harness-vs-hand.mjs [--pairs 20] [--cpu 1] [--metrics fork-process,exec-process,...]
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { buildAgent } from '../../dist/harness/agent/build.js';
import * as agent from '../../dist/harness/agent/client.js';
import { connectLocal } from '../../dist/harness/connect/local.js';
import { keepOff } from '../../dist/harness/host/affinity.js';
import { lmbench } from '../../dist/suites/lmbench/index.js';
import { readRawFile } from '../../dist/harness/trial/raw-trial.js';

const { values: options } = parseArgs({
  options: {
    pairs: { type: 'string', default: '20' },
    cpu: { type: 'string', default: String(os.cpus().length - 1) },
    metrics: { type: 'string', default: 'fork-process,exec-process,ctx-16p-64k,mmap-64mb' },
  },
});
const metrics = options.metrics.split(',');
const cpu = Number(options.cpu);
const place = await mkdtemp(join(os.tmpdir(), 'bench-hand-'));
const local = connectLocal();

try {
  console.log(await keepOff([cpu]));
  const { path: agentPath } = await buildAgent(local, place);
  const dir = join(place, 'suite');
  for (const { name, source } of lmbench.needs.files) {
    await local.put({ path: join(dir, name), content: await readFile(source), mode: 0o755 });
  }
  const installation = await lmbench.install({ executor: local, dir, cpus: [cpu], toolDirs: [] });
  const stepsIn = (scratch) =>
    lmbench
      .steps({ profile: 'quick', installation, scratch, dir, cpus: [cpu] })
      .filter((step) => step.phase !== 'measure' || step.yields?.some((name) => metrics.includes(name)));

  const ratios = Object.fromEntries(metrics.map((name) => [name, []]));
  const hand = await prepareHand(stepsIn, installation);
  for (let pair = 1; pair <= Number(options.pairs); pair += 1) {
    // Which comes first alternates, so that a drift of the machine's speed favours neither.
    const first = pair % 2 === 1 ? await throughHarness(pair) : await hand();
    const second = pair % 2 === 1 ? await hand() : await throughHarness(pair);
    const [harness, typed] = pair % 2 === 1 ? [first, second] : [second, first];
    for (const name of metrics) ratios[name].push(harness[name] / typed[name]);
    process.stderr.write(`pair ${pair}/${options.pairs}\r`);
  }
  console.log(`\nharness / hand over ${options.pairs} pairs on CPU ${cpu}: median [quartiles]`);
  for (const name of metrics) {
    const sorted = ratios[name].toSorted?.((a, b) => a - b) ?? [...ratios[name]].sort((a, b) => a - b);
    const at = (share) => sorted[Math.round(share * (sorted.length - 1))].toFixed(3);
    console.log(`  ${name.padEnd(16)} ${at(0.5)} [${at(0.25)}, ${at(0.75)}]`);
  }

  async function throughHarness(pair) {
    const trial = join(place, `trial-${pair}`);
    const scratch = join(trial, 'scratch');
    const steps = stepsIn(scratch);
    const spec = { dir: trial, scratch, cpus: [cpu], env: installation.env, steps, readyLimitSeconds: 60, spin: true };
    const waiting = { limitSeconds: 600, reconnectSeconds: 0 };
    await agent.launch(local, agentPath, spec);
    await agent.awaitReady(local, agentPath, trial, waiting);
    await agent.release(local, agentPath, trial, 200);
    await agent.awaitDone(local, agentPath, trial, waiting);
    const bytes = await agent.fetchRaw(local, agentPath, trial);
    await agent.discard(local, agentPath, trial);
    return valuesOf(readRawFile('trial', bytes, { profile: 'quick', installation }));
  }
} finally {
  await rm(place, { recursive: true, force: true });
}

/** The same commands in a directory of their own, typed one after another. */
async function prepareHand(stepsIn, installation) {
  const scratch = join(place, 'by-hand');
  await local.exec({ argv: ['mkdir', '-p', scratch] });
  const run = promisify(execFile);
  const steps = stepsIn(scratch);
  const type = async (step) => {
    const env = { PATH: process.env.PATH, HOME: scratch, LANG: 'C', ...installation.env, ...step.env };
    const argv = ['-c', String(cpu), ...step.argv];
    return run('taskset', argv, { cwd: step.cwd ?? scratch, env, maxBuffer: 2 ** 26 });
  };
  for (const step of steps.filter(({ phase }) => phase === 'prepare')) await type(step);
  return async () => {
    const raw = [];
    for (const step of steps.filter(({ phase }) => phase === 'measure')) {
      const { stdout, stderr } = await type(step);
      const text = (content) => ({ text: content, file: step.name, firstLine: 1 });
      const outcome = { status: 'exited', code: 0 };
      raw.push({ ...step, outcome, wallSeconds: 0, stdout: text(stdout), stderr: text(stderr) });
    }
    return valuesOf({ profile: 'quick', installation, steps: raw });
  };
}

function valuesOf(raw) {
  const readings = lmbench.parse(raw).filter(({ metric }) => metrics.includes(metric));
  return Object.fromEntries(
    readings.map((reading) => {
      if (!('value' in reading)) throw new Error(`${reading.metric}: ${reading.missing}`);
      return [reading.metric, reading.value];
    }),
  );
}
