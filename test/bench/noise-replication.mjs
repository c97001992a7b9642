// Do intervals hold what the next run finds? Runs `bench noise` several times on one target. Of each metric, arm b of a run
// differs from arm a by some percent, with a 95 % interval; nothing differs in truth. Counted are the intervals that hold
// 0, and those that hold the difference that another run found. Prints one JSON object, which docs/calibration.md shows when
// it is stored as test/calibrate/replications.json. Needs `npm run build` and a hosts file.
//
//   node test/bench/noise-replication.mjs --hosts hosts.lab.json --target linux-up --suite lmbench [--runs 10] [--trials 5]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import jstat from 'jstat';

const { studentt } = jstat;

const { values: options } = parseArgs({
  options: {
    hosts: { type: 'string', default: 'hosts.json' },
    target: { type: 'string', default: 'linux-up' },
    suite: { type: 'string', multiple: true, default: ['cpu'] },
    runs: { type: 'string', default: '10' },
    trials: { type: 'string', default: '5' },
  },
});
const cli = fileURLToPath(new URL('../../dist/harness/cli.js', import.meta.url));
const trials = Number(options.trials);
const runsDir = mkdtempSync(join(os.tmpdir(), 'bench-noise-'));
const runs = [];
try {
  for (let run = 0; run < Number(options.runs); run += 1) {
    const suites = options.suite.flatMap((id) => ['--suite', id]);
    const words = ['noise', '--json', '--hosts', options.hosts, '--target', options.target, ...suites];
    const more = ['--trials', options.trials, '--runs-dir', runsDir];
    const ended = spawnSync(process.execPath, [cli, ...words, ...more], {
      encoding: 'utf8',
      maxBuffer: 1e9,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (ended.status !== 0)
      process.stderr.write(`run ${run + 1} ended with ${ended.status}; its whole metrics count\n`);
    const [floor] = JSON.parse(ended.stdout).noise;
    runs.push(new Map(floor.metrics.filter(isWhole).map(({ metric, again }) => [metric, again])));
  }
} finally {
  rmSync(runsDir, { recursive: true, force: true });
}

/** Arms with all their trials, and an interval. */
function isWhole({ again, trials: { a, b } }) {
  return again !== null && again.low !== null && a === trials && b === trials;
}

const counts = { metrics: new Set(), intervals: 0, holdZero: 0, pairs: 0, holdOther: 0 };
runs.forEach((run, index) => {
  for (const [metric, { low, high }] of run) {
    counts.metrics.add(metric);
    counts.intervals += 1;
    if (low <= 0 && 0 <= high) counts.holdZero += 1;
    for (const other of runs.filter((_, place) => place !== index)) {
      const found = other.get(metric);
      if (found === undefined) continue;
      counts.pairs += 1;
      if (low <= found.percent && found.percent <= high) counts.holdOther += 1;
    }
  }
});
// The difference of two such differences spreads by the square root of 2 more than one.
const freedom = 2 * (trials - 1);
const expectedOther = 1 - 2 * studentt.cdf(-studentt.inv(0.975, freedom) / Math.SQRT2, freedom);
const result = {
  date: new Date().toISOString().slice(0, 10),
  target: options.target,
  suites: options.suite,
  runs: runs.length,
  trialsPerArm: trials,
  metrics: counts.metrics.size,
  intervals: counts.intervals,
  holdZero: counts.holdZero / counts.intervals,
  pairs: counts.pairs,
  holdOther: counts.holdOther / counts.pairs,
  expectedOther,
  cpus: os.cpus().length,
};
process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
