// Prints the most memory that `bench report` takes for five trials of a host that sent as much as it could;
// `node test/bench/report-memory.mjs [MIB] [CLI]`, after `npm run build`. A benchmark, not a test: nothing is asserted.
import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { suites } from '../../dist/suites/index.js';
import { makePlan } from '../../dist/harness/run/plan/plan.js';
import { createRun } from '../../dist/harness/store/index.js';

const bytes = Number(process.argv[2] ?? 16) * 2 ** 20;
const cli = process.argv[3] ?? fileURLToPath(new URL('../../dist/harness/cli.js', import.meta.url));
const at = '2026-01-02T03:04:05.678Z';
const suite = suites.find(({ id }) => id === 'cpu');
const target = { id: 'linux-up', host: 'alpha', platform: 'native', shape: { cpus: [1] }, options: {} };

/** Contents that cost the reader much: by name. */
const HOSTILE = {
  'line feeds': (size) => part('result.json', Buffer.alloc(size, '\n')),
  'arrays in result.json': (size) => part('result.json', Buffer.from('['.repeat(size / 2) + ']'.repeat(size / 2))),
  'empty parts': (size) => Buffer.from('==> a 0\n\n'.repeat(size / 9)),
};

const part = (name, content) =>
  Buffer.concat([Buffer.from(`==> ${name} ${content.length}\n`), content, Buffer.from('\n')]);

for (const [name, make] of Object.entries(HOSTILE)) {
  const runsDir = mkdtempSync(join(tmpdir(), 'bench-report-memory-'));
  try {
    const run = await createRun(
      runsDir,
      makePlan({ seed: 1, profile: 'quick', suites: [suite], targets: [target] }),
      new Date(at),
    );
    mkdirSync(join(run.directory, 'raw'), { recursive: true });
    const content = Buffer.concat([Buffer.from('bench-raw/1\n'), make(bytes - 100)]);
    const sha256 = createHash('sha256').update(content).digest('hex');
    for (let trial = 1; trial <= 5; trial += 1) {
      const path = `raw/t000${trial}.1.txt`;
      writeFileSync(join(run.directory, path), content);
      await run.record({
        schema: 'bench-record/2',
        trial: `t000${trial}`,
        attempt: 1,
        block: trial,
        target: target.id,
        benchmark: suite.id,
        profile: 'quick',
        origin: 'measured',
        started: at,
        ended: at,
        installation: { env: {}, tools: {}, data: {} },
        expects: Object.keys(suite.metrics),
        findings: [],
        outcome: { status: 'collected', artifacts: [{ path, bytes: content.length, sha256 }] },
      });
    }
    await run.close();
    const args = ['-f', '%M', process.execPath, cli, 'report', '--runs-dir', runsDir, '--format', 'json', '--out', '-'];
    const { stderr, status } = spawnSync('time', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const peak = Number(stderr.trim().split('\n').at(-1)) / 1024;
    console.log(`${name}: ${Math.round(peak)} MiB at most, exit code ${status}`);
  } finally {
    rmSync(runsDir, { recursive: true, force: true });
  }
}
