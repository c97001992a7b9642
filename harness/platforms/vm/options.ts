import { z } from 'zod';
import { PLAIN_PATH } from '../guest/names.js';

const plainPath = z.string().regex(PLAIN_PATH, 'an absolute path without blanks, colons, commas or quotes');

/** Words of a kernel's command line: no quotes, for they would have to pass through three grammars. */
const COMMAND_LINE = /^[A-Za-z0-9_.,:=/@%+-]+( [A-Za-z0-9_.,:=/@%+-]+)*$/;
const IPV4 = '(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)(?:\\.(?!/)|(?=/))){4}';

/** The `options` that targets on every hypervisor have. */
export const vmOptions = {
  image: plainPath.describe(
    'Disk image on the host, raw or qcow2; every guest writes to a disk of its own on top of it, or to a copy. It lets ' +
      'the harness in by a second disk, an ISO 9660 image labelled CIDATA: cloud-init reads it as it is (NoCloud), so ' +
      "that a distribution's cloud image will do. An image without cloud-init mounts it at its start and takes from it " +
      '`authorized_keys` for root, `ssh_host_ed25519_key` for its SSH server, `hostname`, and `address` for its first ' +
      'interface (`ADDRESS/PREFIX GATEWAY MAC`).',
  ),
  kernel: plainPath
    .describe("Kernel on the host that the guest is started with. Without it the image's own boot loader is used.")
    .optional(),
  initrd: plainPath.describe('Initial RAM disk on the host, for `kernel`.').optional(),
  commandLine: z
    .string()
    .max(1024)
    .regex(COMMAND_LINE, 'words without quotes, one blank between')
    .describe('Command line for `kernel`, for example `root=/dev/vda1`. The console is added to it.')
    .optional(),
  network: z
    .strictObject({
      bridge: z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/, 'the name of a network interface')
        .describe('Bridge on the host that guests are attached to.'),
      address: z
        .string()
        .regex(new RegExp(`^${IPV4}/(?:[89]|1\\d|2[0-9])$`), 'IPv4 address and prefix, `10.9.0.1/24`')
        .describe("The host's own address on that bridge: guests get the next ones, and it is their gateway."),
    })
    .describe('How guests are connected.')
    .optional(),
  bootSeconds: z
    .number()
    .int()
    .min(5)
    .max(3600)
    .describe('How long a guest may take until its SSH server answers. Default 120.')
    .optional(),
};

export type VmOptions = z.infer<z.ZodObject<typeof vmOptions>>;

export const DEFAULT_BOOT_SECONDS = 120;

/** `kernel`, `initrd` and `commandLine` belong together: a refinement of every schema that has them. */
export function kernelIsWhole({ kernel, initrd, commandLine }: Partial<VmOptions>): boolean {
  return kernel !== undefined || (initrd === undefined && commandLine === undefined);
}
