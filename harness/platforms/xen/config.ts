import { z } from 'zod';
import type { Shape } from '../../types.js';
import { kernelIsWhole, vmOptions } from '../vm/options.js';
import type { GuestPaths } from '../vm/paths.js';
import { poolName } from './pool.js';

/** The `options` of a target on Xen. */
export const xenOptions = z
  .strictObject({
    ...vmOptions,
    type: z
      .enum(['pv', 'pvh'])
      .describe('Paravirtualized (`pv`, as in the paper), or in a hardware container (`pvh`). Default `pv`.')
      .optional(),
    hostVm: z
      .strictObject({
        cpus: z
          .array(z.number().int().min(0).max(4095))
          .min(1)
          .describe(
            'CPUs that the host VM (Dom0) is pinned to while guests are there: its own, or those of the guest.',
          ),
        memoryBytes: z
          .number()
          .int()
          .min(128 * 2 ** 20)
          .describe('Memory that the host VM is set to, in bytes.')
          .optional(),
      })
      .describe('What the host VM gets. Its original state is restored when the last guest is gone.')
      .optional(),
    pool: z
      .literal('own')
      .describe(
        "`own`: the guests have a CPU pool of the shape's CPUs, in which weights bind. It is removed with the last guest. Default: the pool of the host VM.",
      )
      .optional(),
    cpuid: z
      .string()
      .regex(/^[a-z0-9:=,_.-]{1,200}$/, 'a cpuid setting of xl.cfg(5)')
      .describe('CPU features of the guest, as `cpuid` of xl.cfg(5): for example `host,rdtscp=0`.')
      .optional(),
  })
  .refine(kernelIsWhole, { error: 'belongs to "kernel", which is not given', path: ['kernel'] })
  .refine(({ pool, hostVm }) => pool === undefined || hostVm !== undefined, {
    error: '"hostVm" with CPUs of its own, outside of the pool of the guests',
    path: ['pool'],
  })
  .refine(({ network }) => network !== undefined, {
    error: 'a bridge over which the guest is reached, by its name and address',
    path: ['network'],
  });

export type XenOptions = z.infer<typeof xenOptions>;

/** Network addresses that belong to Xen. */
export const MAC_VENDOR = '00:16:3e';

/** The memory of a guest whose shape has none: half a gigabyte, as the guests of the paper had. */
export const DEFAULT_MEMORY_BYTES = 512 * 2 ** 20;

/** Weights of the credit schedulers: 256 is the default, xl(1) SCHED-CREDIT. The bounds are the hypervisor's. */
export const creditWeight = (cpuWeight: number): number =>
  Math.min(65_535, Math.max(1, Math.round((cpuWeight * 256) / 100)));

/** Caps are in percent of one CPU, whole and at least 1; 0 would mean none. */
export const creditCap = (cpuCap: number): number => Math.max(1, Math.round(cpuCap * 100));

/** Whole MiB are what a domain's memory is counted in. */
export const memoryMiB = (shape: Shape): number => Math.floor((shape.memoryBytes ?? DEFAULT_MEMORY_BYTES) / 2 ** 20);

/** A domain's configuration file, xl.cfg(5). Virtual CPU i is pinned to the i-th CPU of the shape. */
export function xenConfig(paths: GuestPaths, shape: Shape, options: XenOptions, mac: string): string {
  const { type = 'pv', kernel, initrd, commandLine, cpuid, network } = options;
  const words = ['console=hvc0', ...(commandLine === undefined ? [] : [commandLine])].join(' ');
  const boot: Settings =
    kernel === undefined
      ? [['bootloader', 'pygrub']]
      : [['kernel', kernel], ...(initrd === undefined ? [] : [['ramdisk', initrd] as const]), ['extra', words]];
  const settings: Settings = [
    ['name', paths.name],
    ['uuid', paths.uuid],
    ['type', type],
    ...boot,
    ['memory', memoryMiB(shape)],
    ['maxmem', memoryMiB(shape)],
    ...(options.pool === undefined ? [] : [['pool', poolName(paths.root)] as const]),
    ['vcpus', shape.cpus.length],
    ['cpus', shape.cpus.map(String)],
    ...(shape.cpuWeight === undefined ? [] : [['cpu_weight', creditWeight(shape.cpuWeight)] as const]),
    ...(shape.cpuCap === undefined ? [] : [['cap', creditCap(shape.cpuCap)] as const]),
    ...(cpuid === undefined ? [] : [['cpuid', cpuid] as const]),
    [
      'disk',
      [`format=raw,vdev=xvda,access=rw,target=${paths.disk}`, `format=raw,vdev=xvdb,access=ro,target=${paths.seed}`],
    ],
    ['vif', network === undefined ? [] : [`mac=${mac},bridge=${network.bridge},script=vif-bridge`]],
    ['on_poweroff', 'destroy'],
    ['on_reboot', 'destroy'],
    ['on_crash', 'destroy'],
  ];
  return settings.map(([name, value]) => `${name} = ${written(value)}\n`).join('');
}

type Settings = readonly (readonly [name: string, value: string | number | readonly string[]])[];

function written(value: string | number | readonly string[]): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? quoted(value) : `[ ${value.map(quoted).join(', ')} ]`;
}

/** Every value is a constant or matched a pattern without quotes and backslashes; anything else is a mistake here. */
function quoted(value: string): string {
  if (/["\\\n]/.test(value)) throw new RangeError(`not a value for xl.cfg: ${JSON.stringify(value)}`);
  return `"${value}"`;
}
