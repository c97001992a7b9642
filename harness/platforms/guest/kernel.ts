import { printed } from '../../host/printed.js';
import type { Executor } from '../../types.js';

const CONFIGURATION = 'zcat /proc/config.gz 2>/dev/null || cat "/boot/config-$(uname -r)"';

/** CONFIG_HZ of the running kernel, in which old kernels count CPU time: 250 and 1000 were seen. */
export async function ticksPerSecond(host: Executor): Promise<number | undefined> {
  const configuration = await printed(host, ['sh', '-c', CONFIGURATION]);
  const hertz = Number(/^CONFIG_HZ=(\d+)$/m.exec(configuration ?? '')?.[1]);
  return hertz > 0 ? hertz : undefined;
}

/** Bytes of a page of memory. */
export async function pageBytes(host: Executor): Promise<number> {
  return Number((await printed(host, ['getconf', 'PAGESIZE'])) ?? 4096);
}
