import type { DifferenceRule } from './rule.js';

/**
 * What the differences between two systems mean, after the normalized configuration of Soltesz et al. (Appendix A: same
 * hardware, kernel configuration, tick rate, file system and its features, network). The first rule that fits applies.
 */
export const differenceRules: readonly DifferenceRule[] = [
  // Names, and values that change over time.
  { path: 'hostname', is: 'ignored', why: 'only a name' },
  { path: 'bootId', is: 'ignored', why: 'differs at each boot' },
  { path: 'uptimeSeconds', is: 'ignored', why: 'changes over time' },
  { path: 'load', is: 'ignored', why: 'changes over time' },
  { path: 'cpu.mhz', is: 'ignored', why: 'changes over time' },
  { path: 'fileSystem.mountPoint', is: 'ignored', why: 'only a name' },
  { path: 'fileSystem.source', is: 'ignored', why: 'only a name' },
  { path: 'disk.name', is: 'ignored', why: 'only a name' },
  { path: 'kernel.version', is: 'ignored', why: 'only the number and date of the build' },

  // Resources of a guest, and what is measured in it.
  { path: 'shape.cpus', is: 'blocking', why: 'different number of CPUs' },
  { path: 'shape.memoryBytes', is: 'blocking', why: 'different amount of memory' },
  { path: 'shape.cpuWeight', is: 'blocking', why: 'different share of the CPUs' },
  { path: 'shape.cpuCap', is: 'blocking', why: 'different limit on CPU time' },
  { path: 'shape.*', is: 'unknown', why: 'different shape' },
  { path: 'options.*', is: 'by design', why: 'options of the platform for its guests' },
  { path: 'platform', is: 'by design', why: 'what is compared' },
  { path: 'profile', is: 'blocking', why: 'suites run with different sizes' },
  { path: 'emulated', is: 'blocking', why: 'times on an emulated machine do not apply to real hardware' },
  { path: 'host', is: 'unknown', why: 'different machine: compare the facts of both hosts' },
  { path: 'peer', is: 'unknown', why: 'different host at the other end of network suites' },
  { path: 'suite.*', is: 'blocking', why: 'different version of the suite' },
  { path: 'tool.*', is: 'blocking', why: 'measured with a different program' },

  // Kernel.
  { path: 'kernelConfig.hz', is: 'blocking', why: 'the tick rate affects latencies and context switches' },
  { path: 'kernelConfig.preemption', is: 'blocking', why: 'the preemption model affects latencies and throughput' },
  {
    path: 'kernelConfig.dynamicPreemption',
    is: 'blocking',
    why: 'the preemption model affects latencies and throughput',
  },
  { path: 'kernelConfig.ticks', is: 'blocking', why: 'idle CPUs handle timer ticks differently' },
  { path: 'kernelConfig.smp', is: 'blocking', why: 'a kernel built for one CPU has no locking costs' },
  { path: 'kernelConfig.virtualization', is: 'by design', why: 'options of the platform' },
  { path: 'kernel.release', is: 'by design', ownKernel: true, why: 'the platform needs its own kernel' },
  { path: 'kernel.*', is: 'blocking', why: 'different kernel' },
  { path: 'commandLine', is: 'by design', acrossHypervisor: true, why: 'the hypervisor boots its guests' },
  { path: 'commandLine', is: 'unknown', why: 'different boot parameters' },
  {
    path: 'mitigations.*',
    is: 'blocking',
    why: 'mitigations of CPU vulnerabilities slow down system calls and context switches',
  },
  { path: 'aslr', is: 'blocking', why: 'different address space randomization' },
  { path: 'thp', is: 'blocking', why: 'huge pages affect memory latencies and page faults' },
  { path: 'ksm', is: 'blocking', why: 'merging pages takes CPU time' },
  { path: 'sysctl.net.*', is: 'blocking', why: 'different network setting' },
  { path: 'sysctl.vm.dirty*', is: 'blocking', why: 'dirty pages are written back differently' },
  { path: 'sysctl.vm.*', is: 'blocking', why: 'different memory management setting' },
  { path: 'sysctl.kernel.*', is: 'unknown', why: 'different kernel setting' },

  // Processor.
  { path: 'cpu.count', is: 'by design', acrossHypervisor: true, why: 'a guest has virtual CPUs' },
  { path: 'cpusOnline', is: 'by design', acrossHypervisor: true, why: 'a guest has virtual CPUs' },
  { path: 'topology.*', is: 'by design', acrossHypervisor: true, why: 'a guest has virtual CPUs' },
  { path: 'cpu.packages', is: 'by design', acrossHypervisor: true, why: 'a guest has virtual CPUs' },
  { path: 'cpu.microcode', is: 'by design', acrossHypervisor: true, why: 'hypervisors hide the microcode version' },
  { path: 'cpu.*', is: 'blocking', why: 'different processor' },
  { path: 'cpusOnline', is: 'unknown', why: 'different number of CPUs for everything else on the machine' },
  { path: 'topology.*', is: 'blocking', why: 'CPUs share cores and caches differently' },
  { path: 'smt.*', is: 'by design', acrossHypervisor: true, why: 'not visible in a guest' },
  { path: 'smt.*', is: 'blocking', why: 'hyper-threads share a core' },
  { path: 'frequency.*', is: 'by design', acrossHypervisor: true, why: 'not visible in a guest' },
  { path: 'frequency.*', is: 'blocking', why: 'different CPU frequency settings' },
  { path: 'cpuIdle', is: 'by design', acrossHypervisor: true, why: 'a guest idles through its hypervisor' },
  { path: 'cpuIdle', is: 'blocking', why: 'the idle driver affects wake-up times' },
  { path: 'clocksource', is: 'by design', acrossHypervisor: true, why: 'a guest has its own clock source' },
  { path: 'clocksource', is: 'blocking', why: 'the clock source affects the cost of reading the time' },
  { path: 'virtualization.*', is: 'by design', why: 'what is compared' },
  {
    path: 'firmware.*',
    is: 'by design',
    acrossHypervisor: true,
    why: 'the hypervisor provides the firmware of its guests',
  },
  { path: 'firmware.*', is: 'unknown', why: 'different firmware' },
  { path: 'memory.hugePageBytes', is: 'blocking', why: 'different size of huge pages' },
  { path: 'memory.*', is: 'by design', acrossHypervisor: true, why: 'a guest has the memory of its shape' },
  { path: 'memory.*', is: 'blocking', why: 'different amount of memory' },
  { path: 'swaps', is: 'unknown', why: 'different swap space' },

  // User land.
  { path: 'libc', is: 'blocking', why: 'different C library' },
  { path: 'shell.*', is: 'blocking', why: '/bin/sh determines the time of `sh process`' },
  { path: 'compiler', is: 'blocking', why: 'programs are built by a different compiler' },
  { path: 'os.*', is: 'blocking', why: 'different distribution' },

  // Disk and network.
  { path: 'fileSystem.type', is: 'blocking', why: 'different file system of the scratch directory' },
  { path: 'fileSystem.options', is: 'blocking', why: 'different mount options' },
  { path: 'fileSystemFeatures.*', is: 'blocking', why: 'different file system features' },
  { path: 'disk.*', is: 'by design', acrossHypervisor: true, why: 'a guest has a virtual disk' },
  { path: 'disk.*', is: 'blocking', why: 'different disk or disk settings' },
  { path: 'congestionControl', is: 'blocking', why: 'different TCP congestion control' },
  { path: 'mtu.*', is: 'unknown', why: 'different network interfaces' },
  { path: 'offloads.*', is: 'by design', acrossHypervisor: true, why: 'a guest has a virtual interface' },
  { path: 'offloads.*', is: 'unknown', why: 'different network interfaces' },
  { path: 'linkBitsPerSecond.*', is: 'unknown', why: 'different network interfaces' },
];
