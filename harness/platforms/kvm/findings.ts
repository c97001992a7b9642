import { CHECK } from '../../host/limits.js';
import { printed } from '../../host/printed.js';
import type { Executor, Finding, Shape } from '../../types.js';
import type { GuestPaths } from '../vm/paths.js';
import { memoryMiB } from './qemu-argv.js';

/** The finding of a guest whose target requests emulation. */
export const EMULATED: Finding = {
  check: 'virtualization',
  expected: 'KVM',
  found: 'emulated (TCG)',
  verdict: 'unavailable',
  hint: 'as `options.accel` requests: its timings do not apply to virtualization',
};

/** The memory on a running QEMU's command line: its guest cannot have more. */
export async function memoryFinding(
  host: Executor,
  pid: number | undefined,
  shape: Shape,
): Promise<readonly Finding[]> {
  if (shape.memoryBytes === undefined) return [];
  const words = pid === undefined ? undefined : await printed(host, ['cat', `/proc/${pid}/cmdline`]);
  const found = Number(/\0-m\0(?:size=)?(\d+)[mMk]?/.exec(words ?? '')?.[1]);
  const wanted = memoryMiB(shape);
  return [
    {
      check: CHECK.memory,
      expected: `${wanted * 2 ** 20} B`,
      found: Number.isFinite(found) ? `${found * 2 ** 20} B` : 'cannot be read',
      verdict: found === wanted ? 'ok' : 'differs',
    },
  ];
}

/** The virtual size of the guest's disk. */
export async function diskFinding(
  host: Executor,
  paths: GuestPaths,
  { diskBytes }: Shape,
): Promise<readonly Finding[]> {
  if (diskBytes === undefined) return [];
  const text = await printed(host, ['qemu-img', 'info', '--force-share', '--output=json', paths.disk]);
  const size = Number(/"virtual-size": (\d+)/.exec(text ?? '')?.[1]);
  const found = Number.isFinite(size) ? `${size} B` : 'cannot be read';
  return [{ check: CHECK.disk, expected: `${diskBytes} B`, found, verdict: size === diskBytes ? 'ok' : 'differs' }];
}
