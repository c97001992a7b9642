#!/usr/bin/env node
/**
 * Do the project's own probes agree with lmbench? Runs the two in turn, on one CPU, on the same files, and prints for
 * each row of Table 2 (and the context-switch rows of the paper's earlier version) the median of the ratios
 * probe / lmbench and their interquartile range.
 *
 *   node test/bench/probes-vs-lmbench.mjs --lmbench /usr/lib/lmbench/bin/x86_64-linux-gnu --pairs 20 --cpu 1
 *
 * `--rows fork-process,page-fault` restricts it; `--enough 20000` is lmbench's timing interval in microseconds, for a
 * machine that is not quiet and where lmbench would settle for a second. A benchmark, not a test: it needs lmbench 3, cc, taskset and quiet.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { constants, copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** lat_proc executes this path and no other; where it is absent lat_proc silently times a fork. */
const HELLO = '/tmp/hello';
const probesDirectory = fileURLToPath(new URL('../../suites/lmbench/probes/', import.meta.url));

/**
 * @typedef {object} Row
 * @property {string} name metric
 * @property {string[]} tool lmbench's command
 * @property {RegExp} value what it prints on stderr
 * @property {string[]} probe the probe's arguments
 */

/**
 * @param {string} work @param {string} child
 * @returns {Row[]}
 */
function rowsOf(work, child) {
  const [small, large] = [join(work, 'file-64m'), join(work, 'file-256m')];
  return [
    row('fork-process', ['lat_proc', 'fork'], /fork\+exit: (\S+)/, ['process', 'fork']),
    row('exec-process', ['lat_proc', 'exec'], /fork\+execve: (\S+)/, ['process', 'exec', child]),
    row('sh-process', ['lat_proc', 'shell'], /\/bin\/sh -c: (\S+)/, ['process', 'sh', child]),
    row('ctx-2p-0k', ['lat_ctx', '-s', '0', '2'], /^2 (\S+)$/m, ['ctx', '2', '0']),
    row('ctx-16p-16k', ['lat_ctx', '-s', '16', '16'], /^16 (\S+)$/m, ['ctx', '16', '16']),
    row('ctx-16p-64k', ['lat_ctx', '-s', '64', '16'], /^16 (\S+)$/m, ['ctx', '16', '64']),
    row('mmap-64mb', ['lat_mmap', '64m', small], /^67\.108864 (\S+)$/m, ['mmap', '64', small]),
    row('mmap-256mb', ['lat_mmap', '256m', large], /^268\.435456 (\S+)$/m, ['mmap', '256', large]),
    row('page-fault', ['lat_pagefault', small], /Pagefaults on .*: (\S+)/, ['fault', 'read', small]),
  ];
}

/**
 * @param {string} name @param {string[]} tool @param {RegExp} value @param {string[]} probe
 * @returns {Row}
 */
function row(name, tool, value, probe) {
  return { name, tool, value, probe };
}

/**
 * Output of a command on the chosen CPU, both streams together.
 * @param {string} cpu @param {string[]} argv @param {Record<string, string>} [env]
 */
function run(cpu, argv, env = {}) {
  const result = spawnSync('taskset', ['-c', cpu, ...argv], { encoding: 'utf8', env: { ...process.env, ...env } });
  if (result.status !== 0) throw new Error(`${argv.join(' ')}: ${result.stderr || result.error?.message}`);
  return `${result.stdout}\n${result.stderr}`;
}

/**
 * Undefined where the program printed no such row, as lat_ctx does when its ring was no slower than the overhead.
 * @param {string} text @param {RegExp} pattern
 */
function numberIn(text, pattern) {
  const value = Number(pattern.exec(text)?.[1]);
  return value > 0 ? value : undefined;
}

/** @param {number[]} values @param {number} p */
function quantile(values, p) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const [low = NaN, high = low] = sorted.slice(below, below + 2);
  return low + (at - below) * (high - low);
}

/** Warm and synced files, written 8 KiB at a time as lmbench's own script does: the size of writes matters. */
function makeFiles(/** @type {string} */ work) {
  for (const [name, blocks] of [
    ['file-64m', 8192],
    ['file-256m', 32768],
  ]) {
    const argv = ['if=/dev/urandom', `of=${join(work, String(name))}`, 'bs=8k', `count=${blocks}`, 'conv=fsync'];
    execFileSync('dd', [...argv, 'status=none']);
  }
}

/** @param {string} work */
function buildProbes(work) {
  const sources = readdirSync(probesDirectory).filter((file) => file.endsWith('.c') && file !== 'child.c');
  const [probe, child] = [join(work, 'bench-probe'), join(work, 'bench-child')];
  execFileSync('cc', ['-O', '-o', probe, ...sources.map((file) => join(probesDirectory, file))]);
  execFileSync('cc', ['-O', '-o', child, join(probesDirectory, 'child.c')]);
  return { probe, child };
}

/**
 * The constants that lmbench's tools would compute by themselves each time; `enough` replaces the first.
 * @param {string} directory @param {string} cpu @param {string | undefined} enough
 */
function calibrate(directory, cpu, enough) {
  /** @type {Record<string, string>} */
  const env = {};
  for (const [variable, tool] of [
    ['ENOUGH', 'enough'],
    ['TIMING_O', 'timing_o'],
    ['LOOP_O', 'loop_o'],
  ]) {
    env[String(variable)] = (variable === 'ENOUGH' && enough) || run(cpu, [join(directory, String(tool))], env).trim();
  }
  return env;
}

/**
 * One of each, in an order that changes; undefined where one of them printed no value.
 * @param {number} pair @param {() => number | undefined} tool @param {() => number | undefined} probe
 */
function measurePair(pair, tool, probe) {
  const values = { tool: NaN, probe: NaN };
  for (const key of /** @type {const} */ (pair % 2 === 0 ? ['tool', 'probe'] : ['probe', 'tool'])) {
    const value = (key === 'tool' ? tool : probe)();
    if (value === undefined) return undefined;
    values[key] = value;
  }
  return values;
}

function main() {
  const { values } = parseArgs({
    options: {
      lmbench: { type: 'string' },
      pairs: { type: 'string', default: '20' },
      cpu: { type: 'string', default: '1' },
      rows: { type: 'string' },
      enough: { type: 'string' },
      work: { type: 'string', default: tmpdir() },
    },
  });
  const { lmbench, cpu } = values;
  const pairs = Number(values.pairs);
  if (lmbench === undefined || !Number.isInteger(pairs) || pairs < 1) {
    throw new Error(
      'usage: probes-vs-lmbench.mjs --lmbench DIR [--pairs 20] [--cpu 1] [--rows a,b] [--enough US] [--work DIR]',
    );
  }
  const work = mkdtempSync(join(values.work, 'bench-compare-'));
  const madeHello = !existsSync(HELLO);
  try {
    if (madeHello) copyFileSync(join(lmbench, 'hello'), HELLO, constants.COPYFILE_EXCL);
    const { probe, child } = buildProbes(work);
    const env = calibrate(lmbench, cpu, values.enough);
    makeFiles(work);
    const wanted = values.rows?.split(',');
    const rows = rowsOf(work, child).filter((row) => wanted === undefined || wanted.includes(row.name));
    /** @type {Map<string, { tool: number; probe: number }[]>} */
    const results = new Map(rows.map((row) => [row.name, []]));
    console.log(`lmbench ${lmbench}, ENOUGH ${env.ENOUGH}, CPU ${cpu}, ${pairs} pairs`);
    for (let pair = 0; pair < pairs; pair += 1) {
      for (const row of rows) {
        const [tool = '', ...rest] = row.tool;
        const outcome = measurePair(
          pair,
          () => numberIn(run(cpu, [join(lmbench, tool), ...rest], env), row.value),
          () => numberIn(run(cpu, [probe, ...row.probe]), /^probe \S+ us (\S+) n /m),
        );
        if (outcome !== undefined) results.get(row.name)?.push(outcome);
      }
    }
    print(results);
  } finally {
    rmSync(work, { recursive: true, force: true });
    if (madeHello) rmSync(HELLO, { force: true });
  }
}

/** @param {Map<string, { tool: number; probe: number }[]>} results */
function print(results) {
  console.log('row            lmbench us   probe us   ratio   quartiles        n');
  for (const [name, outcomes] of results) {
    const ratios = outcomes.map(({ tool, probe }) => probe / tool);
    const [tool, probe] = [outcomes.map((o) => o.tool), outcomes.map((o) => o.probe)];
    const cells = [
      name.padEnd(14),
      quantile(tool, 0.5).toFixed(4).padStart(10),
      quantile(probe, 0.5).toFixed(4).padStart(10),
      quantile(ratios, 0.5).toFixed(3).padStart(7),
      `${quantile(ratios, 0.25).toFixed(3)} to ${quantile(ratios, 0.75).toFixed(3)}`,
      String(ratios.length).padStart(4),
    ];
    console.log(cells.join('  '));
  }
}

main();
