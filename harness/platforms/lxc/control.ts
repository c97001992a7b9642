import { readFile } from 'node:fs/promises';
import { BenchError } from '../../errors.js';
import { placeOf, viewCgroups, type CgroupPlace, type CgroupVersion, type CgroupView } from '../../host/cgroup.js';
import { CHECK, judgeLimit, limitsOf, type Limit } from '../../host/limits.js';
import { printed } from '../../host/printed.js';
import type { CpuSeconds, Executor, Finding, Shape, Stage } from '../../types.js';
import type { Place } from './place.js';

/** The controllers that a guest's limits need. */
export const CONTROLLERS = ['cpuset', 'cpu', 'memory'] as const;

/** Which interface each controller has, as the host's own groups show; `undefined` for one that is not mounted. */
export function versionIn(view: CgroupView | undefined, controller: Limit['controller']): CgroupVersion | undefined {
  return view === undefined ? undefined : placeOf(controller, view)?.version;
}

/** The host's control groups as a running guest's first process is in them; throws when the guest does not run. */
export async function guestGroups(host: Executor, { guests, name }: Place, stage: Stage): Promise<CgroupView> {
  const pid = Number(await printed(host, ['lxc-info', '-P', guests, '-n', name, '-p', '-H']));
  const view = pid > 0 ? await viewCgroups(host, pid) : undefined;
  if (view !== undefined) return view;
  throw new BenchError({
    stage,
    message: `cannot find the control groups of ${name} on ${host.where}: is it running?`,
  });
}

/** The limits in force, read from the files of the guest's groups on the host. */
export async function readLimits(host: Executor, place: Place, shape: Shape): Promise<readonly Finding[]> {
  const view = await guestGroups(host, place, 'verify');
  const limits = limitsOf(shape, (controller) => versionIn(view, controller) ?? 1);
  const paths = limits.map(({ controller, reads }) => pathsIn(placeOf(controller, view), reads));
  const contents = await readFiles(
    host,
    paths.flat().filter((path) => path !== undefined),
  );
  const findings = limits.map((limit, index) =>
    judgeLimit(
      limit,
      (paths[index] ?? []).map((path) => (path === undefined ? undefined : contents.get(path))),
    ),
  );
  return shape.diskBytes === undefined ? findings : [...findings, noDiskLimit(shape.diskBytes)];
}

/** CPU seconds of everything that ran in the guest since it started, by the kernel's accounting of its group. */
export async function readCpuTime(host: Executor, place: Place): Promise<CpuSeconds> {
  const view = await guestGroups(host, place, 'measure');
  const legacy = placeOf('cpuacct', view);
  const group = legacy?.version === 1 ? legacy : placeOf('cpu', view);
  const file = group === undefined ? '' : `${group.directory}/${group.version === 1 ? 'cpuacct.usage' : 'cpu.stat'}`;
  const text = (await readFiles(host, [file])).get(file) ?? '';
  const count = group?.version === 1 ? /^(\d+)$/.exec(text) : /^usage_usec (\d+)$/m.exec(text);
  if (count === null) {
    throw new BenchError({ stage: 'measure', message: `cannot read the CPU time of ${place.name} on ${host.where}` });
  }
  const perSecond = group?.version === 1 ? 1e9 : 1e6;
  const source = `cgroup v${group?.version ?? ''} ${group?.version === 1 ? 'cpuacct.usage' : 'cpu.stat usage_usec'} of the guest`;
  return { seconds: Number(count[1]) / perSecond, source };
}

/** Ends guests after any crash: see the usage in the script. Rejects with what remains. */
export async function cleanUp(host: Executor, argv: readonly string[], stage: Stage): Promise<string> {
  const script = await readFile(new URL('./cleanup.sh', import.meta.url), 'utf8');
  const { exit, stdout, stderr } = await host.exec({ argv: ['sh', '-c', script, 'sh', ...argv] });
  if (exit.kind === 'code' && exit.code === 0) return stdout;
  const hint =
    'processes in uninterruptible sleep cannot be killed; try again when they have ended, or reboot the host';
  const message = `cannot clean up LXC guests on ${host.where}: ${stderr.trim()}`;
  throw new BenchError({ stage, message, hint });
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
