// Prints how long `bench site` takes for many runs and how large its pages are; `node test/bench/site.mjs [RUNS]`, after
// `npm run build`. Runs are published values under other names, on disk as `bench import` writes them, with six trials each of
// made-up numbers beside them. A benchmark, not a test: nothing is asserted.
import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { suites } from '../../dist/suites/index.js';
import { planHash } from '../../dist/harness/store/index.js';
import { randomStream, uniform } from '../../dist/harness/random.js';

const count = Number(process.argv[2] ?? 1000);
const cli = fileURLToPath(new URL('../../dist/harness/cli.js', import.meta.url));
const suite = suites.find(({ id }) => id === 'lmbench');
const next = randomStream('site');
const targets = ['linux-up', 'lxc-up', 'docker-up', 'kvm-up'].map((id) => ({
  ...{ id, host: 'alpha', platform: id.replace(/-up$/, '').replace('linux', 'native') },
  ...{ shape: { cpus: [1] }, options: {} },
}));
const TRIALS = 5;
const LINES = {
  'Process fork+exit': 90,
  'Process fork+execve': 400,
  'Process fork+/bin/sh -c': 1200,
  'Simple syscall': 0.2,
  'Pagefaults on /tmp/f': 0.12,
};

/** What imported output of lmbench is: a file as its results tree has it. */
function output(slowdown) {
  const lines = Object.entries(LINES).map(
    ([name, value]) => `${name}: ${(value * slowdown * (1 + 0.02 * (uniform(next) - 0.5))).toFixed(4)} microseconds`,
  );
  return Buffer.from(`[lmbench3.0 results for Linux alpha]\n${lines.join('\n')}\n`);
}

function writeRun(folder, index) {
  const created = new Date(Date.UTC(2024, 0, 1) + index * 3_600_000).toISOString();
  const id = `run-${created.slice(0, 13).replace('T', '-')}`;
  mkdirSync(join(folder, id, 'raw'), { recursive: true });
  const trials = targets.flatMap(({ id: target }, at) =>
    Array.from({ length: TRIALS }, (_, block) => ({
      ...{ id: `t${String(block * targets.length + at + 1).padStart(4, '0')}`, block: block + 1, target },
      assignments: [{ guest: 0, suite: suite.id }],
    })),
  );
  const plan = {
    ...{
      schema: 'bench-plan/2',
      seed: 1,
      profile: 'paper',
      suites: [{ id: suite.id, version: suite.version }],
      targets,
    },
    ...{ baseline: 'linux-up', order: 'balanced', replication: 'none', trials },
  };
  writeFileSync(join(folder, id, 'plan.json'), JSON.stringify({ run: id, created, hash: planHash(plan), plan }));
  const records = trials.map(({ id: trial, block, target }) => {
    const path = `raw/${trial}.1.txt`;
    const content = output(target === 'kvm-up' ? 1.4 : 1);
    writeFileSync(join(folder, id, path), content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    return {
      ...{ schema: 'bench-record/2', trial, attempt: 1, block, target, benchmark: suite.id, profile: 'paper' },
      ...{ origin: 'imported', started: created, ended: created, expects: [], findings: [], source: {} },
      outcome: { status: 'collected', artifacts: [{ path, bytes: content.length, sha256 }] },
    };
  });
  writeFileSync(join(folder, id, 'records.jsonl'), records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  writeFileSync(join(folder, id, 'journal.jsonl'), '');
}

function site(folder) {
  const began = process.hrtime.bigint();
  const args = [
    '-f',
    '%U %S %M',
    process.execPath,
    cli,
    'site',
    join(folder, 'site'),
    '--runs-dir',
    join(folder, 'runs'),
  ];
  const { stderr, status } = spawnSync('time', args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const [said = '', times = ''] = stderr.trim().split('\n').slice(-2);
  const [user, system, memory] = times.split(' ').map(Number);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  return `${seconds.toFixed(1)} s, ${(user + system).toFixed(1)} s of CPU, ${Math.round(memory / 1024)} MiB, exit code ${status}: ${said}`;
}

const folder = mkdtempSync(join(tmpdir(), 'bench-site-'));
try {
  for (let index = 0; index < count; index += 1) writeRun(join(folder, 'runs'), index);
  console.log(`${count} runs: ${site(folder)}`);
  writeRun(join(folder, 'runs'), count);
  console.log(`one more run: ${site(folder)}`);
  const sizes = readdirSync(join(folder, 'site'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.html'))
    .map((entry) => ({
      path: join(entry.parentPath, entry.name),
      bytes: statSync(join(entry.parentPath, entry.name)).size,
    }))
    .sort((a, b) => b.bytes - a.bytes);
  console.log(
    `${sizes.length} pages, the largest ${(sizes[0].bytes / 1000).toFixed(0)} kB: ${sizes[0].path.slice(folder.length + 1)}`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
