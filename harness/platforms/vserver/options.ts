import { z } from 'zod';
import { PLAIN_PATH } from '../guest/names.js';

const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/;

/** The `options` of a target on Linux-VServer. */
export const vserverOptions = z.strictObject({
  rootfs: z
    .string()
    .regex(PLAIN_PATH, 'an absolute path without blanks, colons or commas')
    .describe('Directory on the host with a root file system. Each guest gets a copy of its own.'),
  addresses: z
    .array(z.string().regex(ADDRESS, 'an IPv4 address and prefix length, as in "10.0.2.101/24"'))
    .min(1)
    .describe('Addresses for guests: each takes one that is free, so as many guests can run at once.'),
  device: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/, 'the name of a network interface')
    .describe('Interface of the host that the addresses are added to. Without it the host must have them already.')
    .optional(),
});
