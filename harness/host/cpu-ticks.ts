/** Time of one CPU since boot, in ticks (`getconf CLK_TCK` a second). */
export interface CpuTicks {
  /** User, nice, system, irq and softirq. */
  readonly busy: number;
  readonly idle: number;
  readonly iowait: number;
  /** Taken by a hypervisor for something else. */
  readonly steal: number;
}

/**
 * The `cpuN` lines of `/proc/stat` by CPU, proc_stat(5): user nice system idle iowait irq softirq steal guest
 * guest_nice. Guest time is in user time already.
 */
export function readCpuTicks(stat: string): ReadonlyMap<number, CpuTicks> {
  const ticks = new Map<number, CpuTicks>();
  for (const line of stat.split('\n')) {
    const match = /^cpu(\d+) ([\d ]+)$/.exec(line);
    if (match === null) continue;
    const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = (match[2] ?? '')
      .split(' ')
      .map(Number);
    ticks.set(Number(match[1]), { busy: user + nice + system + irq + softirq, idle, iowait, steal });
  }
  return ticks;
}
