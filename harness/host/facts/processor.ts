import type { Json } from '../../types.js';
import { readCpuList } from '../cpu-list.js';
import { asText, readPairs, type Fact } from './fact.js';

const CPU = '/sys/devices/system/cpu';

/** Processors: what they are, how they are connected, and what changes their speed. */
export const processorFacts: readonly Fact[] = [
  { name: 'cpu', argv: ['cat', '/proc/cpuinfo'], read: readCpuinfo },
  { name: 'cpusOnline', argv: ['cat', `${CPU}/online`], read: readOnline },
  {
    name: 'topology',
    argv: [
      'sh',
      '-c',
      `grep -H "" ${CPU}/cpu[0-9]*/topology/core_cpus_list ${CPU}/cpu[0-9]*/topology/physical_package_id`,
    ],
    read: readTopology,
  },
  { name: 'smt', argv: ['sh', '-c', `grep -H "" ${CPU}/smt/control ${CPU}/smt/active`], read: readSmt },
  {
    name: 'frequency',
    argv: [
      'sh',
      '-c',
      `cd ${CPU} && grep -H "" cpufreq/boost intel_pstate/no_turbo intel_pstate/status amd_pstate/status ` +
        'cpu[0-9]*/cpufreq/scaling_governor cpu[0-9]*/cpufreq/scaling_driver',
    ],
    read: readFrequency,
  },
  { name: 'mitigations', argv: ['grep', '-r', '-H', '', `${CPU}/vulnerabilities`], read: readMitigations },
  {
    name: 'clocksource',
    argv: ['cat', '/sys/devices/system/clocksource/clocksource0/current_clocksource'],
    read: asText,
  },
  {
    name: 'virtualization',
    argv: [
      'sh',
      '-c',
      'grep -H "" /sys/hypervisor/type /sys/hypervisor/guest_type /sys/class/dmi/id/sys_vendor ' +
        '/sys/class/dmi/id/product_name; grep -m1 "^flags" /proc/cpuinfo',
    ],
    read: readVirtualization,
  },
];

/**
 * /proc/cpuinfo as x86, ARM, POWER, RISC-V and s390x kernels print it: model, sockets (x86 only) and count. `mhz` is
 * the first CPU's at that moment.
 */
export function readCpuinfo(text: string): Json | undefined {
  const count = text.match(/^processor\s*\d*\s*:/gm)?.length ?? 0;
  if (count === 0) return undefined;
  const pairs = readPairs(text, /\s*:/);
  const packages = new Set(text.match(/^physical id\s*:.*$/gm) ?? []);
  const mhz = Number(pairs.get('cpu MHz') ?? Number.NaN);
  return {
    model: pairs.get('model name') ?? pairs.get('cpu') ?? armModel(pairs) ?? pairs.get('uarch') ?? null,
    vendor: pairs.get('vendor_id') ?? null,
    microcode: pairs.get('microcode') ?? null,
    count,
    packages: packages.size === 0 ? null : packages.size,
    mhz: Number.isFinite(mhz) ? mhz : null,
  };
}

/** 64-bit ARM kernels print numbers instead of a name: implementer and part of MIDR_EL1. */
function armModel(pairs: ReadonlyMap<string, string>): string | undefined {
  const implementer = pairs.get('CPU implementer');
  return implementer === undefined ? undefined : `ARM implementer ${implementer} part ${pairs.get('CPU part') ?? '?'}`;
}

/** The list of CPUs online, kept in the kernel's form. */
export function readOnline(text: string): Json | undefined {
  const cpus = readCpuList(text);
  return cpus === undefined || cpus.length === 0 ? undefined : text.trim();
}

/** Which CPUs share a core, and in which package each is: `{ "0": { siblings: "0,4", package: 0 } }`. */
export function readTopology(text: string): Json | undefined {
  const cpus: Record<string, { siblings: string | null; package: number | null }> = {};
  for (const [path, value] of readGrep(text)) {
    const match = /\/cpu(\d+)\/topology\/(\w+)$/.exec(path);
    if (match?.[1] === undefined) continue;
    const cpu = (cpus[match[1]] ??= { siblings: null, package: null });
    if (match[2] === 'core_cpus_list') cpu.siblings = value;
    else cpu.package = Number(value);
  }
  return Object.keys(cpus).length === 0 ? undefined : cpus;
}

/** Simultaneous multithreading: `control` on, off, forceoff, notsupported, notimplemented; `active` now. */
export function readSmt(text: string): Json | undefined {
  const files = byBaseName(text);
  const control = files.get('control');
  return control === undefined ? undefined : { control, active: files.get('active') === '1' };
}

/** Governor and driver (one of each, or all that occur), and whether turbo or boost may be used. */
export function readFrequency(text: string): Json | undefined {
  const values = readGrep(text);
  const distinct = (name: string): string | null => {
    const found = new Set(values.filter(([path]) => path.endsWith(`/${name}`)).map(([, value]) => value));
    return found.size === 0 ? null : [...found].sort().join(', ');
  };
  const single = (path: string): string | undefined => values.find(([found]) => found === path)?.[1];
  const [boost, noTurbo] = [single('cpufreq/boost'), single('intel_pstate/no_turbo')];
  const turbo = boost === undefined ? (noTurbo === undefined ? null : noTurbo === '0') : boost === '1';
  const frequency = { governor: distinct('scaling_governor'), driver: distinct('scaling_driver'), turbo };
  return Object.values(frequency).every((value) => value === null) ? undefined : frequency;
}

/** What the kernel does against each known hardware vulnerability, by its file name. */
export function readMitigations(text: string): Json | undefined {
  const files = [...byBaseName(text)].sort(([a], [b]) => (a < b ? -1 : 1));
  return files.length === 0 ? undefined : Object.fromEntries(files);
}

/** Whether a hypervisor is there (x86 flag), its kind (reported by Xen), and the machine's maker and product (DMI). */
export function readVirtualization(text: string): Json | undefined {
  const files = byBaseName(text);
  const flags = /^flags\s*:(.*)$/m.exec(text)?.[1]?.split(' ');
  const type = files.get('type') ?? null;
  if (flags === undefined && files.size === 0) return undefined;
  return {
    hypervisor: flags?.includes('hypervisor') ?? (type === null ? null : true),
    type,
    guestType: files.get('guest_type') ?? null,
    vendor: files.get('sys_vendor') ?? null,
    product: files.get('product_name') ?? null,
  };
}

/** `path:content` lines of `grep -H`. */
function readGrep(text: string): readonly (readonly [path: string, value: string])[] {
  return text.split('\n').flatMap((line) => {
    const at = line.indexOf(':');
    const path = line.slice(0, at);
    return at > 0 && path.includes('/') ? [[path, line.slice(at + 1).trim()] as const] : [];
  });
}

function byBaseName(text: string): ReadonlyMap<string, string> {
  return new Map(readGrep(text).map(([path, value]) => [path.slice(path.lastIndexOf('/') + 1), value]));
}
