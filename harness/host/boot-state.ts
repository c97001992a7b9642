import type { BootProfile, Finding, Hypervisor } from '../types.js';

/** The system that a host runs, read on the host; undefined where it could not be read. */
export interface BootState {
  /** Another one after every start of the kernel. */
  readonly bootId: string;
  readonly kernelRelease: string | undefined;
  /** CPUs online. */
  readonly cpus: number | undefined;
  readonly hypervisor: Hypervisor;
  readonly commandLine: readonly string[];
}

/** Prints the input of `readBootState`: a name and a value on each line. Does not need root. */
export const LOOK_AT_BOOT = `
print() { printf '%s %s\\n' "$1" "$2"; }
print boot "$(cat /proc/sys/kernel/random/boot_id)"
print release "$(uname -r)"
print online "$(getconf _NPROCESSORS_ONLN 2>/dev/null || nproc --all)"
print type "$(cat /sys/hypervisor/type 2>/dev/null)"
print capabilities "$(cat /proc/xen/capabilities 2>/dev/null)"
print clocks "$(cat /sys/devices/system/clocksource/clocksource0/available_clocksource 2>/dev/null)"
print cmdline "$(cat /proc/cmdline)"
`;

/** Reads what `LOOK_AT_BOOT` printed; undefined for anything else. Pure. */
export function readBootState(text: string): BootState | undefined {
  const word = (name: string): string => new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
  const bootId = word('boot');
  if (!/^[0-9a-f-]{1,64}$/.test(bootId)) return undefined;
  const cpus = word('online');
  return {
    bootId,
    kernelRelease: word('release') === '' ? undefined : word('release'),
    cpus: /^\d{1,6}$/.test(cpus) ? Number(cpus) : undefined,
    hypervisor: hypervisorOf(word('type'), word('capabilities'), word('clocks').split(/\s+/)),
    commandLine: word('cmdline')
      .split(/\s+/)
      .filter((each) => each !== ''),
  };
}

/** A kernel under KVM has its clock, whichever it uses (Linux, Documentation/virt/kvm/x86/msr.rst). */
function hypervisorOf(type: string, capabilities: string, clocks: readonly string[]): BootState['hypervisor'] {
  if (type === 'xen' || capabilities.includes('control_d')) return 'xen';
  return clocks.includes('kvm-clock') ? 'kvm' : 'none';
}

/** What a boot profile expects against what was found, a finding for each thing that it names. Pure. */
export function judgeBoot(expect: BootProfile['expect'], state: BootState): readonly Finding[] {
  const finding = (check: string, expected: string, found: string | undefined, ok: boolean): Finding => ({
    check,
    expected,
    found: found ?? 'cannot be read',
    verdict: ok ? 'ok' : 'differs',
  });
  const { kernelRelease, cpus, hypervisor, commandLine = [] } = expect;
  const { kernelRelease: release, commandLine: words } = state;
  return [
    ...(kernelRelease === undefined
      ? []
      : [finding('kernel release', `${kernelRelease}...`, release, release?.startsWith(kernelRelease) === true)]),
    ...(cpus === undefined ? [] : [finding('CPUs online', String(cpus), state.cpus?.toString(), state.cpus === cpus)]),
    ...(hypervisor === undefined
      ? []
      : [finding('hypervisor', hypervisor, state.hypervisor, state.hypervisor === hypervisor)]),
    ...commandLine.map((word) =>
      finding(
        'kernel command line',
        word,
        words.includes(word) ? word : `no such word in "${words.join(' ')}"`,
        words.includes(word),
      ),
    ),
  ];
}

/** The first thing that is not as a profile expects; undefined: the host is in that boot. */
export function firstMismatch(findings: readonly Finding[]): Finding | undefined {
  return findings.find(({ verdict }) => verdict === 'differs');
}
