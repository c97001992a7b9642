// How long `bench --help` takes compared with an empty Node: the median of pairs that alternate, so that both see the same
// machine. Prints; asserts nothing. Usage: node test/cli/startup.bench.mjs [PAIRS], after `npm run build`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const pairs = Number(process.argv[2] ?? 40);
const cli = fileURLToPath(new URL('../../dist/harness/cli.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bench-startup-'));
const empty = join(folder, 'empty.mjs');
writeFileSync(empty, '');

/** Milliseconds from start to end of a Node with these arguments. */
function time(...args) {
  const before = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return Number(process.hrtime.bigint() - before) / 1e6;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

try {
  const rows = Array.from({ length: pairs }, () => ({ node: time(empty), help: time(cli, '--help') }));
  const node = median(rows.map((row) => row.node));
  const help = median(rows.map((row) => row.help));
  const ratio = median(rows.map((row) => row.help / row.node));
  console.log(
    `empty node ${node.toFixed(1)} ms, bench --help ${help.toFixed(1)} ms, ratio ${ratio.toFixed(2)} (${pairs} pairs)`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
