import { EXIT } from '../errors.js';
import { controls } from '../host/controls/index.js';
import { platforms } from '../platforms/index.js';
import { summarizeRuns } from '../store/index.js';
import type { PlatformTraits } from '../types.js';
import { formatLimit, gates } from '../run/gates/index.js';
import { alignColumns, jsonText } from './columns.js';
import type { CommonOptions, Context } from './context.js';
import { describeRunSummary } from './list-runs.js';
import { LIST_NAMES, LISTS, type ListName } from './lists.js';
import { readHosts } from './plan-request.js';
import { allSuites, allWorkloads, exhibits } from './registries.js';
import { unknown, type ExhibitChoice } from './select.js';

export interface ListOptions extends CommonOptions {
  readonly hosts: string;
  readonly json: boolean;
}

/** A list, as data and as rows of text. */
interface Listing {
  readonly data: readonly object[];
  readonly rows: readonly (readonly string[])[];
}

const readers: Readonly<Record<ListName, (options: ListOptions) => Listing | Promise<Listing>>> = {
  suites: listSuites,
  workloads: listWorkloads,
  targets: listTargets,
  runs: listRuns,
  platforms: listPlatforms,
  exhibits: listExhibits,
  gates: listGates,
  controls: listControls,
};

/** `bench list`: prints the ids that options and hosts files may name; without `what` the names of the lists. */
export async function list({ printer }: Context, options: ListOptions, what: string | undefined): Promise<number> {
  const { data, rows } = what === undefined ? listLists() : await readers[listNamed(what)](options);
  printer.out(options.json ? jsonText(data) : alignColumns(rows));
  return EXIT.done;
}

function listNamed(what: string): ListName {
  const found = LIST_NAMES.find((name) => name === what);
  if (found === undefined) throw unknown('list of', what, LIST_NAMES);
  return found;
}

function listLists(): Listing {
  const data = LIST_NAMES.map((id) => ({ id, about: LISTS[id] }));
  return { data, rows: data.map(({ id, about }) => [id, about]) };
}

async function listRuns({ runsDir }: ListOptions): Promise<Listing> {
  const data = await summarizeRuns(runsDir);
  return { data, rows: data.map(describeRunSummary) };
}

function listSuites(): Listing {
  const data = allSuites.map(({ id, title, version, about, metrics, profiles }) => ({
    id,
    title,
    version,
    about,
    profiles,
    metrics: Object.entries(metrics).map(([name, metric]) => ({ id: `${id}/${name}`, ...metric })),
  }));
  return { data, rows: data.map(({ id, title, metrics }) => [id, `${metrics.length} metrics`, title]) };
}

function listWorkloads(): Listing {
  const data = allWorkloads.map(({ id, title, version, about, metrics, profiles, enforced }) => ({
    id,
    title,
    version,
    about,
    profiles,
    enforced,
    metrics: Object.entries(metrics).map(([name, metric]) => ({ id: `${id}/${name}`, ...metric })),
  }));
  return { data, rows: data.map(({ id, title, metrics }) => [id, `${metrics.length} metrics`, title]) };
}

async function listTargets({ hosts: path }: ListOptions): Promise<Listing> {
  const { targets, baseline } = await readHosts(path);
  const data = [...targets.values()];
  const rows = data.map(({ id, host, platform, shape }) => [
    id,
    `${platform} on ${host}`,
    `CPUs ${shape.cpus.join(',')}`,
    id === baseline ? 'baseline' : '',
  ]);
  return { data, rows };
}

function listPlatforms(): Listing {
  const data = platforms.map(({ id, label, boundary, enforces, traits }) => ({
    id,
    label,
    boundary,
    enforces,
    traits,
  }));
  const rows = platforms.map(({ id, label, boundary, enforces, traits }) => [
    id,
    label,
    `boundary: ${boundary}`,
    `enforces: ${enforces.join(' ')}`,
    describeTraits(traits),
  ]);
  return { data, rows };
}

/** The features in Table 1 of Soltesz et al., and what isolates the guests. */
function describeTraits(traits: PlatformTraits): string {
  const has = [
    [traits.multipleKernels, 'multiple kernels'],
    [traits.rootPower === 'full', 'full root'],
    [traits.checkpointResume, 'checkpoint and resume'],
    [traits.liveMigration, 'live migration'],
    [traits.liveUpdate, 'live update'],
  ].flatMap(([there, name]) => (there === true ? [String(name)] : []));
  return [`isolates: ${traits.isolation.security}`, ...has].join(', ');
}

function listGates(): Listing {
  const data = gates.map(({ id, unit, limit, voids, scope, about }) => ({ id, unit, limit, voids, scope, about }));
  const rows = data.map(({ id, unit, limit, voids, scope, about }) => [
    id,
    `${voids} ${formatLimit(limit, unit)}`,
    scope === 'machine' ? 'only noted on shared machines' : '',
    about,
  ]);
  return { data, rows };
}

function listControls(): Listing {
  const data = controls.map(({ id, label, standard }) => ({ id, label, standard }));
  const rows = data.map(({ id, label, standard }) => [
    id,
    `default: ${typeof standard === 'string' ? standard : JSON.stringify(standard)}`,
    label,
  ]);
  return { data, rows };
}

function listExhibits(): Listing {
  const choices: readonly (ExhibitChoice & { readonly reference: string })[] = exhibits;
  const data = choices.map(({ id, title, suites, workloads = [], reference }) => {
    return { id, title, suites, workloads, reference };
  });
  const rows = data.map(({ id, title, suites, workloads, reference }) => [
    id,
    [...suites, ...workloads].join(' '),
    reference,
    title,
  ]);
  return { data, rows };
}
