import { BenchError } from '../../errors.js';
import { placeOf, type CgroupPlace, type CgroupVersion, type CgroupView } from '../../host/cgroup.js';
import { CHECK, judgeLimit, limitsOf, type Limit } from '../../host/limits.js';
import { printed } from '../../host/printed.js';
import type { CpuSeconds, Executor, Finding, Shape, Stage } from '../../types.js';

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

/** The limits in force, read from the files of the guest's groups on the host. */
export async function readLimits(host: Executor, view: CgroupView, shape: Shape): Promise<readonly Finding[]> {
  const read = await readAll(host, view, shape);
  const findings = read.map(({ finding }) => finding);
  return shape.diskBytes === undefined ? findings : [...findings, noDiskLimit(shape.diskBytes)];
}

/**
 * Writes what the tool's own options could not express (weights that it converts with a loss), and gives the parent
 * group the highest weight on the host: weights compete between siblings only.
 */
export async function settleLimits(host: Executor, view: CgroupView, shape: Shape): Promise<void> {
  const missed = (await readAll(host, view, shape)).filter(({ finding }) => finding.verdict === 'differs');
  const corrections = missed.flatMap(({ limit }) => {
    const directory = placeOf(limit.controller, view)?.directory;
    return directory === undefined ? [] : limit.writes.flatMap(([file, value]) => [`${directory}/${file}`, value]);
  });
  const raise = parentWeight(placeOf('cpu', view));
  await host.exec({ argv: ['sh', '-c', WRITE, 'sh', ...raise, ...corrections] });
}

/** Writes pairs of a file and its value. A write that fails shows when the limits are read back. */
const WRITE = 'while [ $# -ge 2 ]; do printf %s "$2" 2>/dev/null >"$1" || :; shift 2; done 2>/dev/null; :';

function parentWeight(place: CgroupPlace | undefined): readonly string[] {
  if (place === undefined) return [];
  const parent = place.directory.replace(/\/[^/]+$/, '');
  return place.version === 1 ? [`${parent}/cpu.shares`, '262144'] : [`${parent}/cpu.weight`, '10000'];
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

/** For each path that exists: its text, framed by a line with its length, for any number of files in one round trip. */
const READ =
  'for path; do text=$(cat "$path" 2>/dev/null) && printf "%s %s\\n%s\\n" "${#text}" "$path" "$text"; done; :';

async function readFiles(host: Executor, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const contents = new Map<string, string>();
  let rest = (await printed(host, ['env', 'LC_ALL=C', 'sh', '-c', READ, 'sh', ...paths])) ?? '';
  for (;;) {
    const header = /^(\d+) (.+)\n/.exec(rest);
    if (header?.[2] === undefined) return contents;
    const start = header[0].length;
    const end = start + Number(header[1]);
    contents.set(header[2], rest.slice(start, end));
    rest = rest.slice(end + 1);
  }
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
