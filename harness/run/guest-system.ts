import { BenchError } from '../errors.js';
import { missingPackages } from '../host/prepare.js';
import type { Guest, Platform, Suite, TargetConfig } from '../types.js';
import type { HostSession } from './session/session.js';
import { installSuite, type InstalledSuite } from './trial/install.js';

/** Options of targets that name what guests are copied from. */
const SOURCES = ['rootfs', 'image', 'ostemplate'] as const;

/** What the guests of a target are copied from: what is installed in one of them is gone with it. */
export interface GuestSystem {
  readonly option: (typeof SOURCES)[number];
  /** A path on the host, or a name. */
  readonly value: string;
}

/** Pure. Undefined where a guest is the host itself. */
export function guestSystemOf({ boundary }: Pick<Platform, 'boundary'>, target: TargetConfig): GuestSystem | undefined {
  if (boundary === 'none') return undefined;
  for (const option of SOURCES) {
    const value = target.options[option];
    if (typeof value === 'string') return { option, value };
  }
  return undefined;
}

/** The problem that what guests are copied from lacks packages. */
export function lacksPackages(target: TargetConfig, system: GuestSystem, packages: readonly string[]): BenchError {
  const { option, value } = system;
  const names = packages.join(', ');
  const byHand = `chroot ${value} apt-get install --no-install-recommends ${packages.join(' ')}`;
  return new BenchError({
    stage: 'prepare',
    message: `guests of target ${target.id} are copies of options.${option}, which lacks packages: ${names}`,
    expected: names,
    found: value,
    hint:
      option === 'rootfs'
        ? `\`bench prepare --into-rootfs\` installs them there; by hand: ${byHand}`
        : `make the ${option === 'image' ? 'image' : 'template'} with these packages`,
  });
}

/** The suite, or the packages that it cannot do without and that are missing. */
export async function installOrLack(
  session: HostSession,
  guest: Guest,
  suite: Suite,
): Promise<InstalledSuite | { readonly lacking: readonly string[] }> {
  try {
    return await installSuite(session, guest, suite);
  } catch (error) {
    if (suite.needs.packages.length === 0 || (error instanceof BenchError && error.transport)) throw error;
    const lacking = await missingPackages(guest.executor, suite.needs.packages).catch((failure: unknown) => {
      if (failure instanceof BenchError && failure.transport) throw failure;
      return suite.needs.packages; // no dpkg there
    });
    if (lacking.length === 0) throw error;
    return { lacking };
  }
}
