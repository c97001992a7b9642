import { z } from 'zod';
import { kernelIsWhole, vmOptions } from '../vm/options.js';

/** The `options` of a target on KVM. The defaults are those of the tools: an untuned guest. */
export const kvmOptions = z
  .strictObject({
    ...vmOptions,
    through: z
      .enum(['libvirt', 'qemu'])
      .describe('libvirt through `virsh`, or QEMU started directly. Default: libvirt where its daemon answers.')
      .optional(),
    accel: z
      .enum(['kvm', 'tcg'])
      .describe('`tcg` emulates the processor: its timings do not apply to virtualization. Default `kvm`.')
      .optional(),
    machine: z.enum(['pc', 'q35']).describe('The machine type that QEMU emulates. Default `pc`.').optional(),
    cpu: z
      .string()
      .regex(
        /^[A-Za-z0-9][A-Za-z0-9._-]*(,[+-]?[a-z0-9._-]+(=(on|off))?)*$/,
        'a processor of QEMU with features, `host,-rdtscp`',
      )
      .describe('The processor that the guest sees. Default `host`; emulated, `max`.')
      .optional(),
    topology: z
      .strictObject({
        sockets: z.number().int().min(1),
        cores: z.number().int().min(1),
        threads: z.number().int().min(1),
      })
      .describe(
        'How the virtual CPUs are arranged; their product is the number of CPUs of the shape. Default: a socket each.',
      )
      .optional(),
    pinning: z
      .enum(['set', 'each'])
      .describe(
        'Whether a virtual CPU may use all CPUs of the shape, or the i-th has the i-th to itself. Default `set`.',
      )
      .optional(),
    hugePages: z.boolean().describe("Back the guest's memory by huge pages, which the host must have free.").optional(),
    virtio: z
      .boolean()
      .describe('Paravirtual disk and network; else an emulated IDE disk and e1000. Default true.')
      .optional(),
    cache: z
      .enum(['none', 'writeback', 'writethrough', 'directsync', 'unsafe'])
      .describe("The host's caching of the guest's disk. Default `writeback`.")
      .optional(),
    disk: z
      .enum(['qcow2', 'raw'])
      .describe("The guest's disk: an overlay over the image, or a copy of it. Default `qcow2`.")
      .optional(),
  })
  .refine(kernelIsWhole, { error: 'belongs to "kernel", which is not given', path: ['kernel'] });

export type KvmOptions = z.infer<typeof kvmOptions>;

/** Network addresses that belong to QEMU. */
export const MAC_VENDOR = '52:54:00';

/** The memory of a guest whose shape has none. */
export const DEFAULT_MEMORY_BYTES = 512 * 2 ** 20;

/** A machine with every choice made. */
export interface Choices extends KvmOptions {
  readonly accel: 'kvm' | 'tcg';
  readonly machine: 'pc' | 'q35';
  readonly cpu: string;
  readonly pinning: 'set' | 'each';
  readonly hugePages: boolean;
  readonly virtio: boolean;
  readonly cache: NonNullable<KvmOptions['cache']>;
  readonly disk: 'qcow2' | 'raw';
}

/** The options of a target with their defaults. */
export function chosen(options: KvmOptions): Choices {
  const accel = options.accel ?? 'kvm';
  return {
    ...options,
    accel,
    machine: options.machine ?? 'pc',
    cpu: options.cpu ?? (accel === 'kvm' ? 'host' : 'max'),
    pinning: options.pinning ?? 'set',
    hugePages: options.hugePages ?? false,
    virtio: options.virtio ?? true,
    cache: options.cache ?? 'writeback',
    disk: options.disk ?? 'qcow2',
  };
}
