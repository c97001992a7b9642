// What does a control group cost a context switch? Runs a ring of processes (ring.c) on one CPU in the root group of the
// cpu controller, where the scheduler gives each session a group of its own (autogroup) if the kernel does that, and in
// groups one to three levels deep, each round in another order; prints the ratios of the CPU time of a pass. Needs root,
// cgroup v1 or v2 with the cpu controller, cc, taskset and `npm run build`. Other programs on the CPU do not count,
// except for what they push out of its caches.
//
//   node test/bench/cgroup-cost.mjs [--rounds 16] [--cpu 1] [--passes 30000]
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildRing, describeRatios, orderOf, passTime } from './ring.mjs';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '16' },
    cpu: { type: 'string', default: '1' },
    passes: { type: 'string', default: '30000' },
  },
});
const root = ['/sys/fs/cgroup/cpu', '/sys/fs/cgroup'].find((path) => existsSync(join(path, 'cgroup.procs')));
const v2 = existsSync('/sys/fs/cgroup/cgroup.subtree_control');
const rings = [
  { name: '2 processes, no data', ring: { members: 2, pages: 0, lines: 0, kind: 'processes' } },
  { name: '16 processes, 64 KiB', ring: { members: 16, pages: 16, lines: 64, kind: 'processes' } },
];
const levels = ['0', '0 again', '1', '2', '3'];
const pathOf = (level) => join(root, ...['bench-cost', 'two', 'three'].slice(0, Number.parseInt(level, 10)));
const enter = (level) => writeFileSync(join(pathOf(level), 'cgroup.procs'), String(process.pid));

const dir = mkdtempSync(join(tmpdir(), 'bench-cgroup-'));
try {
  const program = buildRing(dir);
  for (const level of ['1', '2', '3']) {
    mkdirSync(pathOf(level));
    if (v2) writeFileSync(join(pathOf(level), '..', 'cgroup.subtree_control'), '+cpu');
  }
  const autogroup = '/proc/sys/kernel/sched_autogroup_enabled';
  console.log(`autogroup ${existsSync(autogroup) ? readFileSync(autogroup, 'utf8').trim() : 'absent'}, ${root}`);
  for (const { name, ring } of rings) {
    const times = Object.fromEntries(levels.map((level) => [level, []]));
    for (let round = 0; round < Number(options.rounds); round += 1) {
      for (const level of orderOf(levels, round)) {
        enter(level);
        times[level].push(passTime(program, options.cpu, ring, Number(options.passes)));
        enter('0');
      }
    }
    const base = times['0'];
    const middle = base.toSorted((one, other) => one - other)[base.length >> 1];
    console.log(`${name}: ${middle.toFixed(2)} us of CPU a pass in the root group; levels below / root group`);
    for (const level of levels.slice(1)) {
      console.log(`  ${level.padEnd(8)} ${describeRatios(times[level].map((time, i) => time / base[i]))}`);
    }
  }
} finally {
  enter('0');
  for (const level of ['3', '2', '1']) if (existsSync(pathOf(level))) rmdirSync(pathOf(level));
  rmSync(dir, { recursive: true, force: true });
}
