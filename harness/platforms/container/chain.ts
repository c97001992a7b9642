import { placeOf, type CgroupPlace, type CgroupView } from '../../host/cgroup.js';
import { CHECK } from '../../host/limits.js';
import type { Executor, Finding, Shape } from '../../types.js';
import { readFiles } from './files.js';

/** The highest weight that the kernel takes: MAX_SHARES in sched.h, and cpu.weight in cgroup-v2.rst. */
export const PARENT_WEIGHT = { 1: ['cpu.shares', 262_144], 2: ['cpu.weight', 10_000] } as const;

const FILES = {
  cpu: { 1: ['cpu.shares', 'cpu.cfs_quota_us', 'cpu.cfs_period_us'], 2: ['cpu.weight', 'cpu.max'] },
  cpuset: { 1: ['cpuset.effective_cpus'], 2: ['cpuset.cpus.effective'] },
} as const;

/** One group above a guest's, with the contents of those of its files that exist. */
interface Ancestor {
  /** Below the mount point, as `/lab/bench_0123abcd`; `/` for the group at the mount point. */
  readonly path: string;
  readonly files: ReadonlyMap<string, string>;
}

/**
 * The groups above a guest's, up to the mount point of each hierarchy: a weight, cap or CPU set of theirs limits the guest
 * as much as its own. `differs` when its parent has another weight than `settleLimits` gave it, or when a group has a cap
 * below the CPUs of the shape. The second finding has all values, so that a change shows when they are read again.
 */
export async function readChain(host: Executor, view: CgroupView, shape: Shape): Promise<readonly Finding[]> {
  const cpu = placeOf('cpu', view);
  const cpuset = placeOf('cpuset', view);
  const ofCpu = directoriesAbove(cpu, view);
  const wanted = [
    ...ofCpu.flatMap((at) => FILES.cpu[cpu?.version ?? 1].map((file) => ({ ...at, file }))),
    ...directoriesAbove(cpuset, view).flatMap((at) =>
      FILES.cpuset[cpuset?.version ?? 1].map((file) => ({ ...at, file })),
    ),
  ];
  const contents = await readFiles(
    host,
    wanted.map(({ directory, file }) => `${directory}/${file}`),
  );
  const ancestors = new Map<string, Map<string, string>>();
  for (const { directory, path, file } of wanted) {
    const text = contents.get(`${directory}/${file}`)?.trim();
    const files = ancestors.get(path) ?? new Map<string, string>();
    if (text !== undefined) files.set(file, text);
    ancestors.set(path, files);
  }
  const all = [...ancestors].map(([path, files]): Ancestor => ({ path, files }));
  return [
    ...(cpu === undefined
      ? []
      : judgeParent(
          all.find(({ path }) => path === ofCpu[0]?.path),
          cpu.version,
        )),
    judgeAbove(all, shape),
  ];
}

/** From the parent of a group up to the mount point. */
function directoriesAbove(
  place: CgroupPlace | undefined,
  { mounts }: CgroupView,
): readonly { readonly directory: string; readonly path: string }[] {
  if (place === undefined) return [];
  const { directory: own, version } = place;
  const points = mounts.filter((mount) => mount.version === version && own.startsWith(`${mount.mountPoint}/`));
  const point = points.map(({ mountPoint }) => mountPoint).sort((a, b) => b.length - a.length)[0];
  if (point === undefined) return [];
  const words = own.slice(point.length + 1).split('/');
  return words.map((_, index) => {
    const above = words.slice(0, words.length - 1 - index);
    return { directory: [point, ...above].join('/'), path: `/${above.join('/')}` };
  });
}

function judgeParent(parent: Ancestor | undefined, version: 1 | 2): readonly Finding[] {
  // A guest at the mount point has no parent of ours: its tool was started so, and no weight was given.
  if (parent === undefined || parent.path === '/') return [];
  const [file, value] = PARENT_WEIGHT[version];
  const unit = file.replace('cpu.', '');
  const text = parent.files.get(file);
  const finding = {
    check: CHECK.parentWeight,
    expected: `${unit} ${value}`,
    found: text === undefined ? `cannot read ${file}` : `${unit} ${text}`,
  };
  if (text === String(value)) return [{ ...finding, verdict: 'ok' }];
  const hint = `guests compete with the rest of the host by the weight of ${parent.path}; another program has set it`;
  return [{ ...finding, verdict: 'differs', hint }];
}

function judgeAbove(ancestors: readonly Ancestor[], shape: Shape): Finding {
  const needed = Math.min(shape.cpuCap ?? Infinity, shape.cpus.length);
  const low = ancestors.find(({ files }) => (capOf(files) ?? Infinity) < needed);
  const found = ancestors.map(describe).filter((text) => text !== '');
  const finding = {
    check: CHECK.above,
    expected: `no cap below ${needed} CPUs`,
    found: found.length === 0 ? 'none' : found.join('; '),
  };
  if (low === undefined) return { ...finding, verdict: 'ok' };
  return { ...finding, verdict: 'differs', hint: `the cap of ${low.path} limits all guests: raise it` };
}

/** In CPUs; `undefined` for none, and where it cannot be read. */
function capOf(files: Ancestor['files']): number | undefined {
  const [quota, period] = (files.get('cpu.max') ?? `${files.get('cpu.cfs_quota_us')} ${files.get('cpu.cfs_period_us')}`)
    .split(/\s+/)
    .map(Number);
  const cap = (quota ?? NaN) / (period ?? NaN);
  return cap > 0 && Number.isFinite(cap) ? cap : undefined;
}

function describe({ path, files }: Ancestor): string {
  const weight = files.get('cpu.weight') ?? files.get('cpu.shares');
  const cpus = files.get('cpuset.cpus.effective') ?? files.get('cpuset.effective_cpus');
  const cap = capOf(files);
  const words = [
    ...(weight === undefined ? [] : [`${files.has('cpu.weight') ? 'weight' : 'shares'} ${weight}`]),
    ...(cap === undefined ? [] : [`cap ${cap} CPUs`]),
    ...(cpus === undefined ? [] : [`CPUs ${cpus}`]),
  ];
  return words.length === 0 ? '' : `${path}: ${words.join(', ')}`;
}
