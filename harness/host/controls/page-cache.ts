import { printable } from '../../connect/failure.js';
import type { Executor, Finding } from '../../types.js';

/** sync(2) first: pages that are not written back are not dropped (Documentation/admin-guide/sysctl/vm.rst, drop_caches). */
const DROP = 'sync && echo 3 >"$1/proc/sys/vm/drop_caches"';
const LIMIT_MS = 10 * 60_000;

/** Writes back and drops the page cache, dentries and inodes of a whole machine, so that what follows reads from disk. */
export async function dropPageCache(executor: Executor, root = ''): Promise<Finding> {
  const { exit, stderr } = await executor.exec({ argv: ['sh', '-c', DROP, 'sh', root], timeoutMs: LIMIT_MS });
  const common = { check: 'page cache', expected: 'dropped' };
  if (exit.kind === 'code' && exit.code === 0) return { ...common, found: 'dropped', verdict: 'ok' };
  return { ...common, found: 'kept', verdict: 'unavailable', hint: printable(stderr) };
}
