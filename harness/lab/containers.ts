import type { Json } from '../types.js';
import type { Extra } from './extras.js';

/** Where the root file system of guests is on a lab host, an emulated one that systemd booted included. */
export const GUEST_ROOTFS = '/srv/bench/rootfs';

/** The container tools that a lab can have besides LXC, which every lab has, as labels of targets name them. */
export const CONTAINER_LABELS = {
  docker: 'Docker',
  podman: 'Podman',
  nspawn: 'nspawn',
  runc: 'runc',
} as const satisfies Partial<Record<Extra, string>>;
type ContainerTool = keyof typeof CONTAINER_LABELS;
export const CONTAINER_TOOLS = Object.keys(CONTAINER_LABELS) as readonly ContainerTool[];

/** Targets of the container tools that the lab was made with, on one CPU and on all, as a hosts file has them. */
export function containerTargets(
  where: Readonly<Record<string, string>>,
  cpus: { readonly up: readonly number[]; readonly smp: readonly number[] },
  extras: readonly Extra[],
): Readonly<Record<string, Json>> {
  const tools = CONTAINER_TOOLS.filter((tool) => extras.includes(tool));
  // As for LXC: the peer is on the network of the host.
  const options = { rootfs: GUEST_ROOTFS, network: 'host' };
  const target = (tool: ContainerTool, shape: 'up' | 'smp'): readonly [string, Json] => [
    `${tool}-${shape}`,
    {
      label: `${CONTAINER_LABELS[tool]}-${shape.toUpperCase()}`,
      ...where,
      platform: tool,
      options,
      shape: { cpus: cpus[shape] },
    },
  ];
  return Object.fromEntries(tools.flatMap((tool) => [target(tool, 'up'), target(tool, 'smp')]));
}
