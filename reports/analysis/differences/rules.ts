import type { DifferenceRule } from './rule.js';

/**
 * What the differences between two systems mean, after the normalized configuration of Soltesz et al. (Appendix A: same
 * hardware, kernel configuration, tick rate, file system and its features, network). The first rule that fits is taken.
 */
export const differenceRules: readonly DifferenceRule[] = [
  // Names, and what changes by itself.
  { path: 'hostname', is: 'ignored', why: 'a name' },
  { path: 'bootId', is: 'ignored', why: 'another boot' },
  { path: 'uptimeSeconds', is: 'ignored', why: 'a moment' },
  { path: 'load', is: 'ignored', why: 'a moment' },
  { path: 'cpu.mhz', is: 'ignored', why: 'a moment' },
  { path: 'fileSystem.mountPoint', is: 'ignored', why: 'a name' },
  { path: 'fileSystem.source', is: 'ignored', why: 'a name' },
  { path: 'disk.name', is: 'ignored', why: 'a name' },
  { path: 'kernel.version', is: 'ignored', why: 'the number and date of the build' },

  // What a guest is given.
  { path: 'shape.cpus', is: 'blocking', why: 'another number of CPUs' },
  { path: 'shape.memoryBytes', is: 'blocking', why: 'another amount of memory' },
  { path: 'shape.cpuWeight', is: 'blocking', why: 'another share of the CPUs' },
  { path: 'shape.cpuCap', is: 'blocking', why: 'another limit of CPU time' },
  { path: 'shape.*', is: 'unknown', why: 'another shape' },
  { path: 'options.*', is: 'by design', why: 'how the platform was asked to make the guest' },
  { path: 'platform', is: 'by design', why: 'what is compared' },
  { path: 'profile', is: 'blocking', why: 'other sizes of the suites' },
  { path: 'emulated', is: 'blocking', why: 'timings of an emulated machine say nothing about real ones' },
  { path: 'host', is: 'unknown', why: 'another machine: the facts say whether it is of the same kind' },
  { path: 'peer', is: 'unknown', why: 'another host at the other end of network suites' },
  { path: 'suite.*', is: 'blocking', why: 'another version of the suite' },
  { path: 'tool.*', is: 'blocking', why: 'another program made the numbers' },

  // Kernel.
  { path: 'kernelConfig.hz', is: 'blocking', why: 'another tick rate changes latencies and context switches' },
  { path: 'kernelConfig.preemption', is: 'blocking', why: 'another preemption model' },
  { path: 'kernelConfig.dynamicPreemption', is: 'blocking', why: 'another preemption model' },
  { path: 'kernelConfig.ticks', is: 'blocking', why: 'ticks on idle CPUs are handled otherwise' },
  { path: 'kernelConfig.smp', is: 'blocking', why: 'a kernel for one CPU saves the cost of locks' },
  { path: 'kernelConfig.virtualization', is: 'by design', why: 'options of the platform' },
  { path: 'kernel.release', is: 'by design', ownKernel: true, why: 'the platform is a kernel of its own' },
  { path: 'kernel.*', is: 'blocking', why: 'another kernel' },
  { path: 'commandLine', is: 'by design', acrossHypervisor: true, why: 'guests are booted by their hypervisor' },
  { path: 'commandLine', is: 'unknown', why: 'booted otherwise' },
  { path: 'mitigations.*', is: 'blocking', why: 'mitigations of hardware faults cost system calls and switches' },
  { path: 'aslr', is: 'blocking', why: 'addresses are randomized otherwise' },
  { path: 'thp', is: 'blocking', why: 'huge pages change memory latencies and page faults' },
  { path: 'ksm', is: 'blocking', why: 'merging pages takes CPU time' },
  { path: 'sysctl.net.*', is: 'blocking', why: 'another setting of the network' },
  { path: 'sysctl.vm.dirty*', is: 'blocking', why: 'writes are flushed otherwise' },
  { path: 'sysctl.vm.*', is: 'blocking', why: 'another setting of memory management' },
  { path: 'sysctl.kernel.*', is: 'unknown', why: 'another setting of the kernel' },

  // Processor.
  { path: 'cpu.count', is: 'by design', acrossHypervisor: true, why: 'a guest has virtual CPUs' },
  { path: 'cpusOnline', is: 'by design', acrossHypervisor: true, why: 'a guest has virtual CPUs' },
  { path: 'topology.*', is: 'by design', acrossHypervisor: true, why: 'a guest has virtual CPUs' },
  { path: 'cpu.packages', is: 'by design', acrossHypervisor: true, why: 'a guest has virtual CPUs' },
  { path: 'cpu.microcode', is: 'by design', acrossHypervisor: true, why: 'hypervisors hide it' },
  { path: 'cpu.*', is: 'blocking', why: 'another processor' },
  { path: 'cpusOnline', is: 'unknown', why: 'more or fewer CPUs for everything else' },
  { path: 'topology.*', is: 'blocking', why: 'CPUs share cores and caches otherwise' },
  { path: 'smt.*', is: 'by design', acrossHypervisor: true, why: 'a guest does not see it' },
  { path: 'smt.*', is: 'blocking', why: 'hyper-threads share a core' },
  { path: 'frequency.*', is: 'by design', acrossHypervisor: true, why: 'a guest does not see it' },
  { path: 'frequency.*', is: 'blocking', why: 'the clock of the processor differs' },
  { path: 'cpuIdle', is: 'by design', acrossHypervisor: true, why: 'a guest idles otherwise' },
  { path: 'cpuIdle', is: 'blocking', why: 'another idle driver changes wake-up times' },
  { path: 'clocksource', is: 'by design', acrossHypervisor: true, why: 'guests have clocks of their own' },
  { path: 'clocksource', is: 'blocking', why: 'reading the clock costs otherwise' },
  { path: 'virtualization.*', is: 'by design', why: 'what is compared' },
  { path: 'firmware.*', is: 'by design', acrossHypervisor: true, why: 'guests have the firmware of their hypervisor' },
  { path: 'firmware.*', is: 'unknown', why: 'another firmware' },
  { path: 'memory.hugePageBytes', is: 'blocking', why: 'another size of huge pages' },
  { path: 'memory.*', is: 'by design', acrossHypervisor: true, why: 'a guest has the memory of its shape' },
  { path: 'memory.*', is: 'blocking', why: 'another amount of memory' },
  { path: 'swaps', is: 'unknown', why: 'another swap space' },

  // User land.
  { path: 'libc', is: 'blocking', why: 'another C library' },
  { path: 'shell.*', is: 'blocking', why: 'another /bin/sh: the cost of `sh process` is its own' },
  { path: 'compiler', is: 'blocking', why: 'another compiler builds the kernel and the programs' },
  { path: 'os.*', is: 'blocking', why: 'another distribution' },

  // Disk and network.
  { path: 'fileSystem.type', is: 'blocking', why: 'another file system below the scratch directory' },
  { path: 'fileSystem.options', is: 'blocking', why: 'it is mounted otherwise' },
  { path: 'fileSystemFeatures.*', is: 'blocking', why: 'the file system has other features' },
  { path: 'disk.*', is: 'by design', acrossHypervisor: true, why: 'a guest has a virtual disk' },
  { path: 'disk.*', is: 'blocking', why: 'another disk, or other settings of it' },
  { path: 'congestionControl', is: 'blocking', why: 'TCP shares the link otherwise' },
  { path: 'mtu.*', is: 'unknown', why: 'interfaces differ' },
  { path: 'offloads.*', is: 'by design', acrossHypervisor: true, why: 'a guest has a virtual interface' },
  { path: 'offloads.*', is: 'unknown', why: 'interfaces differ' },
  { path: 'linkBitsPerSecond.*', is: 'unknown', why: 'interfaces differ' },
];
