// Why does the throughput of all databases of Figure 7 fall when more of them share a CPU? Runs OSDB-IR on one CPU by
// hand: so many clusters, so many users each, in an order that changes each round, and prints the CPU time of a row
// (server and pgbench, by their own clocks, so other programs do not count except for the caches) as a ratio to one
// cluster of ten users. Then the same for a ring of processes without any database (ring.c). Needs root or an ordinary
// user who may run PostgreSQL, cc, taskset and `npm run build`.
//
// Of each, a long run less a short one, so that starting the connections does not count.
//
//   node test/bench/osdb-clusters.mjs [--rounds 5] [--cpu 1] [--transactions 600]
import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { connectLocal } from '../../dist/harness/connect/local.js';
import { osdb } from '../../dist/suites/osdb/index.js';
import { SEED, sizes } from '../../dist/suites/osdb/sizes.js';
import { settings } from '../../dist/suites/osdb/steps.js';
import { buildRing, describeRatios, orderOf, passTime } from './ring.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    cpu: { type: 'string', default: '1' },
    transactions: { type: 'string', default: '600' },
  },
});
const CLUSTERS = 8;
const ROWS_A_QUESTION = 8;
const SUITE = fileURLToPath(new URL('../../suites/osdb/', import.meta.url));
const variants = [
  { name: '1 cluster, 10 users', clusters: 1, users: 10, rows: 1 },
  { name: '2 clusters, 10 users each', clusters: 2, users: 10, rows: 1 },
  { name: '4 clusters, 10 users each', clusters: 4, users: 10, rows: 1 },
  { name: '8 clusters, 10 users each', clusters: 8, users: 10, rows: 1 },
  { name: '1 cluster, 80 users', clusters: 1, users: 80, rows: 1 },
  { name: '1 cluster, 10 users, 8 rows a question', clusters: 1, users: 10, rows: ROWS_A_QUESTION },
  { name: '8 clusters, 10 users, 8 rows a question', clusters: 8, users: 10, rows: ROWS_A_QUESTION },
];
const rings = [2, 11, 22, 44, 88].map((members) => ({ members, pages: 128, lines: 8, kind: 'processes' }));

const dir = mkdtempSync(join(tmpdir(), 'bench-osdb-'));
chmodSync(dir, 0o755);
const servers = [];
try {
  const suite = join(dir, 'suite');
  const local = connectLocal();
  for (const { name, source } of osdb.needs.files) {
    await local.put({ path: join(suite, name), content: readFileSync(source), mode: 0o755 });
  }
  const { data } = await osdb.install({ executor: local, dir: suite, cpus: [Number(options.cpu)], toolDirs: [] });
  const on = (argv, cwd = dir) =>
    promisify(execFile)('taskset', ['-c', options.cpu, ...argv], { cwd, maxBuffer: 2 ** 26 });
  const socket = ['-h', '/proc/self/cwd/cluster', '-p', '5432', '-U', 'osdb'];
  const n = sizes.quick.rows;
  for (let i = 0; i < CLUSTERS; i += 1) servers.push(await startCluster(join(dir, String(i)), data, on, socket, n));
  const scripts = { 1: join(SUITE, 'ir.sql'), [ROWS_A_QUESTION]: writeQuestion(join(dir, 'eight.sql')) };
  const program = buildRing(dir);

  const results = new Map([...variants, ...rings].map((one) => [one, []]));
  for (let round = 0; round < Number(options.rounds); round += 1) {
    for (const variant of orderOf(variants, round)) results.get(variant).push(await costOf(variant));
    for (const ring of orderOf(rings, round)) results.get(ring).push(passTime(program, options.cpu, ring, 8000));
    process.stderr.write(`round ${round + 1}/${options.rounds}\r`);
  }
  print(`CPU time of a row / that of ${variants[0].name}`, variants, (one) => one.name);
  print('CPU time of a pass / that of 11 processes', rings, ({ members }) => `ring of ${members} processes`, 1);

  /** CPU time of a row in microseconds. */
  async function costOf({ clusters, users, rows }) {
    const long = Math.ceil(Number(options.transactions) / Math.sqrt(rows));
    const short = Math.ceil(long / 6);
    const start = await secondsOf(clusters, users, rows, short);
    const all = await secondsOf(clusters, users, rows, long);
    return ((all - start) * 1e6) / (clusters * users * (long - short) * rows);
  }

  async function secondsOf(clusters, users, rows, each) {
    const running = servers.slice(0, clusters);
    const before = { own: spent('self'), servers: running.map(({ pid }) => spent(pid)) };
    await Promise.all(
      running.map(({ at }) =>
        on(
          [
            ...[`${data.bindir}/pgbench`, '-n', ...socket, '-M', 'simple', '-D', `n=${n}`, '-f', scripts[rows]],
            ...['-c', users, '-j', users, '-t', each, `--random-seed=${SEED}`, 'osdb'].map(String),
          ],
          at,
        ),
      ),
    );
    // A server's count has a backend once that has ended.
    await setTimeout(500);
    const after = { own: spent('self'), servers: running.map(({ pid }) => spent(pid)) };
    const seconds = [after.own, ...after.servers].reduce((sum, one) => sum + one, 0);
    const start = [before.own, ...before.servers].reduce((sum, one) => sum + one, 0);
    return seconds - start;
  }

  function print(title, list, label, base = 0) {
    console.log(`\n${title}; ${options.rounds} rounds on CPU ${options.cpu}`);
    for (const one of list) {
      const times = results.get(one);
      const ratios = times.map((time, i) => time / results.get(list[base])[i]);
      const middle = times.toSorted((a, b) => a - b)[times.length >> 1].toFixed(1);
      console.log(`  ${label(one).padEnd(42)} ${middle.padStart(6)} us  ${describeRatios(ratios)}`);
    }
  }
} finally {
  for (const { pid } of servers) process.kill(pid, 'SIGQUIT');
  await setTimeout(1000);
  rmSync(dir, { recursive: true, force: true });
}

/** A cluster as the suite makes it, with connections for all users of the largest variant. */
async function startCluster(at, { bindir, owner }, on, socket, n) {
  mkdirSync(at);
  chmodSync(at, 0o755);
  const sets = settings(sizes.quick).map((one) => (one.startsWith('max_connections=') ? 'max_connections=90' : one));
  const log = join(at, 'started');
  // The server keeps running with the output of its starter, so that goes to a file.
  const start = `exec sh "$0" "$@" >${JSON.stringify(log)} 2>&1`;
  await on(['sh', '-c', start, join(SUITE, 'start-cluster.sh'), bindir, owner, ...sets], at);
  const psql = [`${bindir}/psql`, '-X', '-q', ...socket, '-v', `n=${n}`, '-v', `seed=${SEED}`];
  for (const file of ['load.sql', 'warm.sql']) await on([...psql, '-f', join(SUITE, file), 'osdb'], at);
  return { at, pid: Number(readFileSync(join(at, 'cluster', 'postmaster.pid'), 'utf8').split('\n')[0]) };
}

/** CPU seconds of the children that a process has waited for (proc(5), stat). */
function spent(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ').map(Number);
  return (fields[13] + fields[14]) / ticks();
}

function ticks() {
  return (ticks.value ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })));
}

/** As many rows as one message can ask for. */
function writeQuestion(path) {
  const numbers = Array.from({ length: ROWS_A_QUESTION }, (_, i) => i + 1);
  const draws = numbers.map((i) => `\\set k${i} random(0, :n - 2)\n\\set r${i} :k${i} + least(:k${i}, 1)\n`);
  const select = (i) => `select col_key, col_code, col_date, col_signed, col_name from updates where col_key = :r${i}`;
  writeFileSync(path, `${draws.join('')}${numbers.map(select).join(' \\; ')};\n`);
  return path;
}
