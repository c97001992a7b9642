import { z } from 'zod';
import { PLAIN_PATH } from '../guest/names.js';

const rootfs = z.string().regex(PLAIN_PATH, 'an absolute path without blanks, colons or commas');

const network = z
  .enum(['host', 'none'], { error: '"host" or "none"' })
  .default('none')
  .describe(
    '"host": the guest shares the network of the host as it is. "none" (the default): a loopback interface only.',
  );

/** The `options` of a target whose tool starts guests from a directory. */
export const directoryOptions = z.strictObject({
  rootfs: rootfs.describe(
    'Directory on the host with a root file system. Guests share it and write to an overlay of their own.',
  ),
  network,
});

export type DirectoryOptions = z.infer<typeof directoryOptions>;

/** The `options` of a target whose tool starts guests from images: one of its own, or a directory made into one. */
export const imageOptions = z
  .strictObject({
    rootfs: rootfs
      .describe('Directory on the host with a root file system: imported once as an image `bench-rootfs`.')
      .optional(),
    image: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,254}$/, 'the name of an image')
      .describe('An image that the host already has; nothing is pulled while measuring.')
      .optional(),
    network,
    seccomp: z
      .enum(['default', 'unconfined'], { error: '"default" or "unconfined"' })
      .default('default')
      .describe("System calls pass the engine's own filter, as its users have it, or none."),
  })
  .refine(({ rootfs, image }) => (rootfs === undefined) !== (image === undefined), {
    error: 'either "rootfs" or "image"',
    path: ['rootfs'],
  });

export type ImageOptions = z.infer<typeof imageOptions>;
