/** Names of properties in a sentence, by their path or its beginning; the first that fits applies. */
const LABELS: readonly (readonly [path: string, label: string])[] = [
  ['shape.cpus', 'number of CPUs'],
  ['shape.memoryBytes', 'memory of the guest'],
  ['shape.cpuWeight', 'CPU weight'],
  ['shape.cpuCap', 'CPU cap'],
  ['profile', 'profile'],
  ['emulated', 'emulated machine'],
  ['suite.', 'version of the suite'],
  ['tool.', 'program'],
  ['kernelConfig.hz', 'tick rate'],
  ['kernelConfig.smp', 'SMP kernel'],
  ['kernelConfig.ticks', 'idle ticks'],
  ['kernelConfig.', 'preemption model'],
  ['kernel.release', 'kernel'],
  ['kernel.', 'kernel'],
  ['mitigations.', 'mitigation'],
  ['aslr', 'address randomization'],
  ['thp', 'transparent huge pages'],
  ['ksm', 'page merging'],
  ['sysctl.', 'sysctl'],
  ['cpu.count', 'number of CPUs'],
  ['cpu.microcode', 'microcode'],
  ['cpu.', 'processor'],
  ['topology.', 'topology of the CPUs'],
  ['smt.', 'hyper-threading'],
  ['frequency.', 'CPU frequency'],
  ['cpuIdle', 'idle driver'],
  ['clocksource', 'clock source'],
  ['memory.', 'memory'],
  ['libc', 'C library'],
  ['shell.path', '/bin/sh'],
  ['shell.', 'package of /bin/sh'],
  ['compiler', 'compiler'],
  ['os.', 'distribution'],
  ['fileSystem.type', 'file system'],
  ['fileSystem.options', 'mount options'],
  ['fileSystemFeatures.', 'file system feature'],
  ['disk.scheduler', 'I/O scheduler'],
  ['disk.', 'disk'],
  ['congestionControl', 'TCP congestion control'],
];

/** Families whose members are named by the rest of their path. */
const FAMILIES: readonly string[] = ['suite.', 'tool.', 'mitigations.', 'sysctl.', 'fileSystemFeatures.'];

/** The name of a property: `tick rate`, `mitigation spectre_v2`, `tick rate of the host`. */
export function labelOf(path: string): string {
  const below = path.startsWith('hostFacts.') ? path.slice('hostFacts.'.length) : undefined;
  if (below !== undefined) return `${labelOf(below)} of the host`;
  const [start, label] =
    LABELS.find(([known]) => (known.endsWith('.') ? path.startsWith(known) : path === known)) ?? [];
  if (start === undefined || label === undefined) return path;
  return FAMILIES.includes(start) ? `${label} ${path.slice(start.length)}` : label;
}
