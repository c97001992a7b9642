import { z } from 'zod';
import { HYPERVISORS } from '../types/machine.js';

const text = (error: string) => z.string({ error }).min(1, { error });

/** `"a", "b" or "c"`. */
const alternatives = (names: readonly string[]): string =>
  names
    .map((name) => JSON.stringify(name))
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1');

const COMMAND = 'a command: a list of the program and its arguments';
const command = z.tuple([text(COMMAND)], text(COMMAND), { error: COMMAND });

const ENTRY = 'the title or id of an entry of the GRUB menu';
const SELECT = '{"grub": "title or id of a menu entry"} or {"command": ["program", "argument"]}';
const select = z
  .union(
    [
      // A leading dash would be an option of grub-reboot.
      z.strictObject({ grub: z.string({ error: ENTRY }).regex(/^[^-\s][^\n]*$/, { error: ENTRY }) }),
      z.strictObject({ command }),
    ],
    { error: SELECT },
  )
  .describe('Selects it for the next boot only: an entry of the GRUB menu, or a command that is run on the host.');

const SECONDS = 'a number of seconds, 1 to 86400';
const CPUS = 'a number of CPUs, 1 to 4096';
const EXPECT = 'an object with at least one of kernelRelease, cpus, hypervisor, commandLine';

const expectation = z
  .strictObject(
    {
      kernelRelease: text('the beginning of what `uname -r` prints')
        .optional()
        .describe('The beginning of what `uname -r` prints.'),
      cpus: z
        .int({ error: CPUS })
        .min(1, { error: CPUS })
        .max(4096, { error: CPUS })
        .optional()
        .describe('CPUs online.'),
      hypervisor: z
        .enum(HYPERVISORS, { error: alternatives(HYPERVISORS) })
        .optional()
        .describe('Under which the kernel runs: "xen" for the host VM of Xen, "none" for a machine without one.'),
      commandLine: z
        .array(z.string({ error: 'a word without blanks' }).regex(/^\S+$/, { error: 'a word without blanks' }), {
          error: 'a list of words',
        })
        .min(1, { error: 'at least one word' })
        .optional()
        .describe('Words that /proc/cmdline must have.'),
    },
    { error: EXPECT },
  )
  .refine((value) => Object.keys(value).length > 0, { error: EXPECT });

/** One system that a host can be booted into, as a hosts file has it. */
export const bootSchema = z.strictObject(
  {
    select,
    reboot: z
      .strictObject(
        {
          command,
          local: z
            .boolean({ error: 'true or false' })
            .optional()
            .describe('Run where `bench` runs (IPMI), not on the host.'),
        },
        { error: '{"command": ["program", "argument"]}' },
      )
      .optional()
      .describe('Restarts the host; default: reboot.'),
    limitSeconds: z
      .int({ error: SECONDS })
      .min(1, { error: SECONDS })
      .max(86_400, { error: SECONDS })
      .optional()
      .describe('How long it may take until SSH answers again; default 600.'),
    expect: expectation.describe('What must be found inside; at least one.'),
  },
  { error: 'an object that describes how the host is booted: "select" and "expect"' },
);
