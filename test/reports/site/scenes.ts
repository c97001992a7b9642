import { buildReport, digestOf, renderHtml, type Assets, type RunDigest } from '../../../reports/index.js';
import type { LoadedRun } from '../../../harness/types.js';
import { figureRun, figureSuites, type FigureTarget } from '../figure-scenes.js';
import { suite } from '../suite.js';
import { demoRun, type RecipeTarget } from '../synthetic.js';

const TARGETS: readonly RecipeTarget[] = [
  { id: 'linux-up', label: 'Linux-UP' },
  { id: 'lxc-up', label: 'LXC-UP', platform: 'lxc', slowdown: 1.02 },
  { id: 'docker-up', label: 'Docker-UP', platform: 'docker', slowdown: 1.04 },
  {
    id: 'kvm-up',
    label: 'KVM-UP',
    platform: 'kvm',
    slowdown: { 'ctx-16p-64k': 1.6, 'page-fault': 1.9, 'sh-process': 1.3 },
  },
];

const DISKS: readonly FigureTarget[] = [
  { id: 'linux-up', label: 'Linux-UP' },
  { id: 'lxc-up', label: 'LXC-UP', platform: 'lxc' },
  { id: 'kvm-up', label: 'KVM-UP', platform: 'kvm', factors: { 'dd/write': 0.7, 'postmark/transactions': 0.8 } },
];

/** The instant of the run with this number, a day apart. */
function instant(index: number): string {
  return new Date(Date.UTC(2026, 0, 1, 7) + index * 86_400_000).toISOString();
}

/** A run as of that day: its id, its creation and the instants of its records. */
function dated(run: LoadedRun, index: number, name: string): LoadedRun {
  const created = instant(index);
  const id = `${created.slice(0, 10)}-${name}`;
  const moved = (text: string): string => `${created.slice(0, 10)}${text.slice(10)}`;
  return {
    ...run,
    id,
    stored: { ...run.stored, run: id, created },
    records: run.records.map((record) => ({ ...record, started: moved(record.started), ended: moved(record.ended) })),
  };
}

/** Run number `index` of a series: timings of a system on most days, disks on every fifth, a slower kernel from 150 on. */
export function seriesRun(index: number): LoadedRun {
  if (index % 5 === 4)
    return dated(figureRun({ targets: DISKS, noise: 0.02 + (index % 3) / 100, trials: 3 }), index, 'disk');
  const drift = index >= 150 ? 1.06 : 1;
  const targets = TARGETS.map((target) => (target.id === 'lxc-up' ? { ...target, slowdown: 1.02 * drift } : target));
  return dated(
    demoRun({ id: `run-${index}`, targets, noise: 0.015, profile: index % 7 === 3 ? 'quick' : 'paper' }),
    index,
    'lmbench',
  );
}

const SUITES = [suite, ...figureSuites];

export interface Made {
  readonly digest: RunDigest;
  readonly page: string;
}

export function makeRun(run: LoadedRun, assets: Assets): Made {
  const report = buildReport([run], { suites: SUITES });
  const shared = { stylesheet: '../assets/site.css', home: '../index.html' };
  const page = renderHtml(report, assets, { linkBase: '../../runs', shared });
  return { digest: digestOf(report, { noise: false, bytes: Buffer.byteLength(page) }), page };
}
