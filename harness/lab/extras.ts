import { BenchError } from '../errors.js';
import type { PlatformId } from '../platforms/index.js';

/** What `bench lab up --with` can add to a lab, with what it is for. */
export const EXTRAS = {
  docker: 'a Docker engine on the first host',
  podman: 'Podman on the first host',
  nspawn: 'systemd-nspawn on the first host',
  runc: 'runc on the first host',
  xen: 'an emulated machine that boots Linux or Xen',
  kvm: 'an emulated machine with nested KVM',
  systemd: 'an emulated machine that boots Debian with systemd and every container tool',
} as const satisfies Partial<Record<PlatformId | 'systemd', string>>;

export type Extra = keyof typeof EXTRAS;

/** Those that need an emulated machine; the others are tools on the first host. */
const EMULATED: readonly Extra[] = ['xen', 'kvm', 'systemd'];

/** Name of the emulated machine. */
export const EMULATED_HOST = 'emu';

export function needsMachine(extras: readonly Extra[]): boolean {
  return extras.some((extra) => EMULATED.includes(extra));
}

/** The names of a list like `xen,kvm`, each once, in the order of `EXTRAS`. */
export function readExtras(names: readonly string[]): readonly Extra[] {
  const wanted = names.flatMap((name) => name.split(',')).map((name) => name.trim());
  const known = Object.keys(EXTRAS) as Extra[];
  const strange = wanted.find((name) => !known.some((extra) => extra === name));
  if (strange === undefined) return known.filter((extra) => wanted.includes(extra));
  throw new BenchError({
    stage: 'config',
    message: `there is nothing called ${JSON.stringify(strange)} that a lab can be made with`,
    expected: known.join(', '),
    found: JSON.stringify(strange),
  });
}
