import { posix } from 'node:path';
import { BenchError } from '../../errors.js';
import { placeOf, type CgroupPlace, type CgroupVersion, type CgroupView } from '../../host/cgroup.js';
import { CHECK, judgeLimit, limitsOf, type Limit } from '../../host/limits.js';
import type { CpuSeconds, Executor, Finding, Shape, Stage } from '../../types.js';
import { PARENT_WEIGHT, readChain } from './chain.js';
import { readFiles } from './files.js';
import { setUnitWeight, unitOf, weightOf } from './systemd.js';

/** The controllers that a guest's limits need. */
export const CONTROLLERS = ['cpuset', 'cpu', 'memory'] as const;

/** The version of a controller by the host's own groups; `undefined` for one that is not mounted. */
export function versionIn(view: CgroupView | undefined, controller: Limit['controller']): CgroupVersion | undefined {
  return view === undefined ? undefined : placeOf(controller, view)?.version;
}

/**
 * The groups of a guest by those of its first process: the children of the harness's parent group, which systemd calls
 * `GROUP.slice`, also where the tool put the process a level further down. `undefined` when it is in none.
 */
export function cutAtGuest(view: CgroupView, group: string): CgroupView | undefined {
  const own = new RegExp(`^(?:.*/)?${group}(?:\\.slice)?/[^/]+`);
  const memberships = view.memberships.flatMap((membership) => {
    const path = own.exec(membership.path)?.[0];
    return path === undefined ? [] : [{ ...membership, path }];
  });
  return memberships.length === 0 ? undefined : { ...view, memberships };
}

/** The directories of all groups that a view's process is in. */
export function directoriesOf(view: CgroupView): readonly string[] {
  return view.memberships.flatMap(({ controllers }) => placeOf(controllers[0] ?? '', view)?.directory ?? []);
}

/** The limits in force, read from the files of the guest's groups and of all groups above them on the host. */
export async function readLimits(host: Executor, view: CgroupView, shape: Shape): Promise<readonly Finding[]> {
  const read = await readAll(host, view, shape);
  const findings = [...read.map(({ finding }) => finding), ...(await readChain(host, view, shape))];
  return shape.diskBytes === undefined ? findings : [...findings, noDiskLimit(shape.diskBytes)];
}

/**
 * Writes what the tool's own options could not express (weights that it converts with a loss), and gives the parent
 * group the highest weight on the host: weights compete between siblings only. Groups of systemd's units get weights
 * through systemd. Rejects when systemd refuses one.
 */
export async function settleLimits(host: Executor, view: CgroupView, shape: Shape): Promise<void> {
  const missed = (await readAll(host, view, shape)).filter(({ finding }) => finding.verdict === 'differs');
  const corrections = missed.flatMap(({ limit }): readonly Correction[] => {
    const place = placeOf(limit.controller, view);
    if (place === undefined) return [];
    return [{ ...place, writes: limit.writes, weight: weightOf(limit) }];
  });
  const direct: string[] = [];
  for (const { directory, version, writes, weight } of [...parentOf(placeOf('cpu', view)), ...corrections]) {
    const unit = weight === undefined ? undefined : unitOf(directory);
    if (unit === undefined || weight === undefined) {
      direct.push(...writes.flatMap(([file, value]) => [`${directory}/${file}`, value]));
    } else {
      await setUnitWeight(host, unit, version, weight);
    }
  }
  await host.exec({ argv: ['sh', '-c', WRITE, 'sh', ...direct] });
}

/** What is written to the files of a group; a `weight` is the property of a unit that has the same effect. */
interface Correction extends CgroupPlace {
  readonly writes: Limit['writes'];
  readonly weight: string | undefined;
}

/** Writes pairs of a file and its value. A write that fails shows when the limits are read back. */
const WRITE = 'while [ $# -ge 2 ]; do printf %s "$2" 2>/dev/null >"$1" || :; shift 2; done 2>/dev/null; :';

function parentOf(place: CgroupPlace | undefined): readonly Correction[] {
  if (place === undefined) return [];
  const [file, value] = PARENT_WEIGHT[place.version];
  const directory = posix.dirname(place.directory);
  return [{ version: place.version, directory, writes: [[file, String(value)]], weight: String(value) }];
}

async function readAll(
  host: Executor,
  view: CgroupView,
  shape: Shape,
): Promise<readonly { readonly limit: Limit; readonly finding: Finding }[]> {
  const limits = limitsOf(shape, (controller) => versionIn(view, controller) ?? 1);
  const paths = limits.map(({ controller, reads }) => pathsIn(placeOf(controller, view), reads));
  const contents = await readFiles(
    host,
    paths.flat().filter((path) => path !== undefined),
  );
  return limits.map((limit, index) => {
    const texts = (paths[index] ?? []).map((path) => (path === undefined ? undefined : contents.get(path)));
    return { limit, finding: judgeLimit(limit, texts) };
  });
}

/** CPU seconds of everything that ran in the guest since it started, by the kernel's accounting of its group. */
export async function readCpuTime(host: Executor, view: CgroupView, name: string): Promise<CpuSeconds> {
  const legacy = placeOf('cpuacct', view);
  const group = legacy?.version === 1 ? legacy : placeOf('cpu', view);
  const file = group === undefined ? '' : `${group.directory}/${group.version === 1 ? 'cpuacct.usage' : 'cpu.stat'}`;
  const text = (await readFiles(host, [file])).get(file) ?? '';
  const count = group?.version === 1 ? /^(\d+)$/.exec(text) : /^usage_usec (\d+)$/m.exec(text);
  if (count === null) {
    throw new BenchError({ stage: 'measure', message: `cannot read the CPU time of ${name} on ${host.where}` });
  }
  const perSecond = group?.version === 1 ? 1e9 : 1e6;
  const words = `cgroup v${group?.version ?? ''} ${group?.version === 1 ? 'cpuacct.usage' : 'cpu.stat usage_usec'} of the guest`;
  return { seconds: Number(count[1]) / perSecond, stepSeconds: 1 / perSecond, source: { kind: 'cgroup', words } };
}

/** For a guest that does not run. */
export function noGroups(host: Executor, name: string, stage: Stage): BenchError {
  const message = `cannot find the control groups of ${name} on ${host.where}: is it running?`;
  return new BenchError({ stage, message });
}

function pathsIn(place: CgroupPlace | undefined, files: readonly string[]): readonly (string | undefined)[] {
  return files.map((file) => (place === undefined ? undefined : `${place.directory}/${file}`));
}

function noDiskLimit(bytes: number): Finding {
  return {
    check: CHECK.disk,
    expected: `${bytes} B`,
    found: 'not enforced',
    verdict: 'unavailable',
    hint: "a guest's disk is a directory of the host's file system, which this driver sets no quota on",
  };
}
