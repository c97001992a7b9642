// Runs, or resumes, a small plan on this machine from the built harness, in a process of its own, so that tests can
// kill it like any other: `node orchestrate.mjs RUNS_DIR WORK_DIR GUESTS TRIALS [RUN]`. With several guests its trials are
// of a workload of so many. Prints each event as a line of JSON. Like bench it knows the agents that earlier processes
// built: by the folder WORK_DIR.known.
import os from 'node:os';
import { knownAgents } from '../../dist/harness/agent/known.js';
import { connectLocal } from '../../dist/harness/connect/local.js';
import { native } from '../../dist/harness/platforms/native/index.js';
import { thisProcess } from '../../dist/harness/process-identity.js';
import { execute } from '../../dist/harness/run/execute.js';
import { makePlan } from '../../dist/harness/run/plan/plan.js';

const [runsDir = '', workDir = '', guests = '1', trials = '3', resume] = process.argv.slice(2);
const profile = { summary: 'a test', trials: Number(trials), expectedSeconds: 1, scratchBytes: 1000 };
// A campaign of kills finds out by this file whether two workloads run at once: a lock of it ends with its process. They
// take longer than a bench takes to start.
const busy = process.env['BENCH_CHAOS_BUSY'];
const alone =
  busy === undefined ? '' : `exec 9>>'${busy}'; flock -n 9 || echo "$PWD" >>'${busy.replace(/[^/]*$/, 'overlaps')}'; `;
const suite = {
  id: 'slow',
  title: 'Slow',
  version: 1,
  about: 'sleeps, and prints when it began',
  caches: 'irrelevant',
  metrics: { answer: { label: 'answer', unit: 's', better: 'lower' } },
  profiles: { paper: profile, quick: profile },
  needs: { packages: [], files: [] },
  install: () => Promise.resolve({ tools: {}, env: {}, data: {} }),
  steps: () => [
    {
      name: 'answer',
      phase: 'measure',
      argv: ['/bin/sh', '-c', `${alone}date +%s.%N; sleep ${busy === undefined ? 0.7 : 3}; echo end`],
      limitSeconds: 20,
      yields: ['answer'],
    },
  ],
  parse: (raw) => {
    const { text, file, firstLine } = raw.steps[0].stdout;
    const at = { file, line: firstLine };
    return [{ metric: 'answer', value: Number.parseFloat(text), at, tool: 'date' }];
  },
};
const workload = {
  id: 'together',
  title: 'Together',
  version: 1,
  about: 'several at once',
  metrics: { guests: { label: 'guests', unit: 'count', better: 'higher' } },
  profiles: { paper: profile, quick: profile },
  enforced: [],
  // How much guests overlap on a busy machine is not what these tests ask.
  overlapLimit: 0,
  assign: () => Array.from({ length: Number(guests) }, (_, guest) => ({ guest, suite: 'slow' })),
  parse: (all) => {
    const { file, firstLine } = all[0].raw.steps[0].stdout;
    return [{ metric: 'guests', value: all.length, at: { file, line: firstLine }, tool: 'sh' }];
  },
};
const cpu = os.cpus().length - 1;
const target = { id: 'here', host: 'local', platform: 'native', shape: { cpus: [cpu] }, options: {} };
const hosts = new Map([['local', { id: 'local', connect: { via: 'local' }, workDir }]]);
const world = {
  connect: () => Promise.resolve(connectLocal()),
  platforms: new Map([['native', native]]),
  suites: new Map([['slow', suite]]),
  workloads: new Map([['together', workload]]),
  knownAgents: knownAgents(`${workDir}.known`),
  now: () => new Date(),
  operator: { who: 'test@here', machine: os.hostname(), ...(await thisProcess()) },
};
const subjects = guests === '1' ? { suites: [suite] } : { suites: [], workloads: [workload] };
const plan = makePlan({ seed: 1, profile: 'quick', targets: [target], ...subjects });
const controller = new AbortController();
process.once('SIGINT', () => controller.abort());
await execute(
  world,
  { hosts, plan, runsDir, signal: controller.signal, ...(resume === undefined ? {} : { resume }) },
  (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
);
