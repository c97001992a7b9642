import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Candidate, Typed } from './engine.js';

type Source = (typed: Typed) => Candidate[] | Promise<Candidate[]>;

/**
 * The words of each placeholder, from the registries, the hosts file and the folder of runs. Each is loaded when it is
 * asked for, because a shell waits for it.
 */
const sources: Readonly<Record<string, Source>> = {
  suite: async () => titled((await import('../registries.js')).allSuites),
  workload: async () => titled((await import('../registries.js')).allWorkloads),
  exhibit: async () => titled((await import('../registries.js')).exhibits),
  reference: async () => titled((await import('../registries.js')).references),
  platform: async () => {
    const { platforms } = await import('../../platforms/index.js');
    return platforms.map(({ id, label }) => ({ value: id, about: label }));
  },
  'gate=limit': async () => {
    const { gates } = await import('../../run/gates/index.js');
    return gates.map(({ id, about }) => ({ value: `${id}=`, about }));
  },
  formats: async () => {
    const { FIGURE_FORMATS } = await import('../../../reports/render/figure/formats.js');
    return FIGURE_FORMATS.map((value) => ({ value }));
  },
  extras: async () => {
    const { EXTRAS } = await import('../../lab/extras.js');
    return Object.entries(EXTRAS).map(([value, about]) => ({ value, about }));
  },
  target: async (typed) => namesIn(await hostsFile(typed), 'targets'),
  baseline: async (typed) => namesIn(await hostsFile(typed), 'targets'),
  host: async (typed) => namesIn(await hostsFile(typed), 'hosts'),
  run: runs,
  runs,
  a: sides,
  b: sides,
  trial: trialsOfRun,
};

/** The words that a placeholder can be; none where what they are in cannot be read. Undefined for one without a list. */
export async function valuesOf(placeholder: string, typed: Typed): Promise<readonly Candidate[] | undefined> {
  if (!Object.hasOwn(sources, placeholder)) return undefined;
  return Promise.resolve(sources[placeholder]?.(typed)).catch(() => []);
}

function titled(items: readonly { readonly id: string; readonly title: string }[]): Candidate[] {
  return items.map(({ id, title }) => ({ value: id, about: title }));
}

async function runs(typed: Typed): Promise<Candidate[]> {
  const { listRuns } = await import('../../store/index.js');
  const ids = await listRuns(path(typed.option('--runs-dir') ?? ''));
  const latest = ids.length === 0 ? [] : [{ value: 'latest', about: 'the newest run' }];
  return [...latest, ...ids.reverse().map((value) => ({ value }))];
}

/** What `bench compare` compares. */
async function sides(typed: Typed): Promise<Candidate[]> {
  const { references } = await import('../registries.js');
  return [...(await runs(typed)), ...titled(references)];
}

async function trialsOfRun(typed: Typed): Promise<Candidate[]> {
  const { listRuns, loadPlan } = await import('../../store/index.js');
  const folder = path(typed.option('--runs-dir') ?? '');
  const [name = ''] = typed.operands;
  const run = name === 'latest' ? (await listRuns(folder)).at(-1) : name;
  const { plan } = await loadPlan(folder, run ?? '');
  return plan.trials.map(({ id, target, workload, assignments }) => ({
    value: id,
    about: `${workload ?? assignments[0].suite} on ${target}`,
  }));
}

/** Read without its checks: names are offered while another part of the file is still wrong. */
async function hostsFile(typed: Typed): Promise<unknown> {
  const file = path(typed.option('--hosts') ?? 'hosts.json');
  const found = await stat(file);
  if (!found.isFile() || found.size > MAX_HOSTS_BYTES) return undefined;
  return JSON.parse(await readFile(file, 'utf8'));
}

const MAX_HOSTS_BYTES = 16 * 1024 ** 2;

function namesIn(file: unknown, member: 'targets' | 'hosts'): Candidate[] {
  const items = (file as Readonly<Record<string, unknown>> | undefined)?.[member];
  return typeof items === 'object' && items !== null ? Object.keys(items).map((value) => ({ value })) : [];
}

/** Shells pass `~` as it was typed. */
function path(text: string): string {
  return text.startsWith('~/') ? join(homedir(), text.slice(2)) : text;
}
