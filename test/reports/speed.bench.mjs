// Prints how long a report of many trials takes and how large it becomes; `node test/reports/speed.bench.mjs [TRIALS]`,
// after `npm run build`. A benchmark, not a test: nothing is asserted.
import { Buffer } from 'node:buffer';
import process from 'node:process';
import {
  buildReport,
  loadAssets,
  renderCsv,
  renderHtml,
  renderJson,
  renderMarkdown,
} from '../../dist/reports/index.js';
import { randomStream, uniform } from '../../dist/harness/random.js';

const trials = Number(process.argv[2] ?? 10_000);
const metrics = 60;
const next = randomStream('speed');
const names = Array.from({ length: metrics }, (_, index) => (index === 0 ? 'fork-process' : `metric-${index}`));
const published = ['exec-process', 'sh-process', 'ctx-16p-64k', 'mmap-64mb', 'mmap-256mb', 'page-fault'];
for (const [index, name] of published.entries()) names[index + 1] = name;

const suite = {
  id: 'lmbench',
  title: 'a suite of the size of lmbench',
  version: 1,
  about: '',
  caches: '',
  metrics: Object.fromEntries(names.map((name) => [name, { label: name, unit: 'us', better: 'lower' }])),
  profiles: { paper: { summary: '' }, quick: { summary: '' } },
  needs: { packages: [], files: [] },
  recognize: (files) => [
    {
      source: {},
      files: [],
      readings: names.map((metric, line) => ({
        metric,
        value: 100 + uniform(next),
        at: { file: files[0].file, line: line + 1 },
        tool: 'tool',
      })),
    },
  ],
};
const targets = ['linux-up', 'lxc-up', 'kvm-up', 'xen3-up'].map((id) => ({
  id,
  host: 'alpha',
  platform: 'native',
  shape: { cpus: [1] },
  options: {},
}));
const planned = Array.from({ length: trials }, (_, index) => ({
  id: `t${String(index + 1).padStart(5, '0')}`,
  block: Math.floor(index / targets.length),
  target: targets[index % targets.length].id,
  workload: [{ guest: 1, suite: 'lmbench' }],
}));
const raw = new Map(planned.map(({ id }) => [`raw/${id}.1.txt`, Buffer.from('x')]));
const records = planned.map(({ id, block, target }) => ({
  ...{ trial: id, attempt: 1, block, target, suite: 'lmbench', profile: 'paper', origin: 'imported' },
  ...{ started: '2026-11-21T07:00:00Z', ended: '2026-11-21T07:00:30Z', expects: names, findings: [], source: {} },
  outcome: { status: 'collected', artifacts: [{ path: `raw/${id}.1.txt`, bytes: 1, sha256: '0'.repeat(64) }] },
}));
const plan = {
  ...{ seed: 1, profile: 'paper', suites: [{ id: 'lmbench', version: 1 }], targets, baseline: 'linux-up' },
  ...{ order: 'randomized-blocks', replication: '', trials: planned },
};
const run = {
  ...{ id: 'run', directory: '/nowhere', plan: { run: 'run', created: '2026-11-21T07:00:00Z', hash: 'h', plan } },
  ...{ records, journal: [], raw, damage: [] },
};

const timed = async (name, make) => {
  const start = performance.now();
  const before = process.cpuUsage();
  const made = await make();
  const size = typeof made === 'string' ? `, ${(Buffer.byteLength(made) / 1e6).toFixed(1)} MB` : '';
  const { user, system } = process.cpuUsage(before);
  const seconds = ((performance.now() - start) / 1000).toFixed(2);
  process.stdout.write(`${name}: ${seconds} s (CPU ${((user + system) / 1e6).toFixed(2)} s)${size}\n`);
  return made;
};

process.stdout.write(`${trials} trials, ${targets.length} targets, ${metrics} metrics\n`);
const report = await timed('build', () => buildReport([run], { suites: [suite] }));
const assets = await loadAssets();
await timed('html', () => renderHtml(report, assets, { linkBase: '..' }));
await timed('json', () => renderJson(report));
await timed('csv', () => renderCsv(report));
await timed('md', () => renderMarkdown(report));
