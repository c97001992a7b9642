import { z } from 'zod';
import { platforms } from '../platforms/index.js';
import { bootSchema } from './boot-schema.js';
import { readSize } from './size.js';

// Every `error` text states what was expected: `mistakes.ts` prints it between the path and what was found.

/** Ids of the platforms that a target may name. */
export const PLATFORM_IDS = platforms.map(({ id }) => id);

/** Ids become names of guests, folders and columns: at most 32 characters, because host names are made of them. */
export const ID_PATTERN = /^[a-z0-9](?:[a-z0-9.-]{0,30}[a-z0-9])?$/;
export const ID_EXPECTED = 'an id: at most 32 lower-case letters, digits, dashes and dots';

const matching = (pattern: RegExp, error: string) => z.string({ error }).regex(pattern, { error });
const nonEmpty = (error: string) => z.string({ error }).min(1, { error });
const id = matching(ID_PATTERN, ID_EXPECTED);
const whole = (low: number, high: number, error: string) => z.int({ error }).min(low, { error }).max(high, { error });

const between = (low: number, high: number, error: string) =>
  z.number({ error }).min(low, { error }).max(high, { error });

const SIZE_EXPECTED = 'a size: bytes as a whole number, or text such as "512M" or "2G" (powers of 1024)';
const size = z.union(
  [
    z.int({ error: SIZE_EXPECTED }).min(1, { error: SIZE_EXPECTED }),
    z
      .string({ error: SIZE_EXPECTED })
      .regex(/^\d+(?:\.\d+)?(?:[KMGT](?:iB)?)$/, { error: SIZE_EXPECTED })
      .refine((text) => readSize(text) !== undefined, { error: SIZE_EXPECTED }),
  ],
  { error: SIZE_EXPECTED },
);

// A leading dash would be taken for an option by the programs that resolve and open connections.
const destination = matching(
  /^[^-\s]\S*$/,
  'a destination as ssh takes it: "host", "user@host" or a name of your SSH configuration',
);
const paths = z.array(nonEmpty('a path'), { error: 'a list of paths' });
const remoteFolder = matching(/^\/(?!\S*(?:^|\/)\.\.(?:\/|$))\S*$/, 'an absolute path without ".." and blanks');

const CONTROLS_EXPECTED = '"leave", or an object: controls and what they are set to';

const host = z.strictObject(
  {
    description: nonEmpty('text').optional().describe('What this machine is, for the reader of the file.'),
    connect: z
      .literal('local', { error: '"local" (a host over SSH has "ssh" instead)' })
      .optional()
      .describe('`"local"`: the machine that runs `bench`, without SSH. Required is either this or `ssh`.'),
    ssh: destination
      .optional()
      .describe('A destination as ssh takes it: a host, user@host, or a name of your SSH configuration.'),
    user: matching(/^[A-Za-z0-9_][A-Za-z0-9_.-]*\$?$/, 'a user name')
      .optional()
      .describe('Who to log in as; default: as ssh does.'),
    port: whole(1, 65535, 'a port, 1 to 65535').optional().describe('Port of its SSH server; default: as ssh does.'),
    identityFiles: paths
      .optional()
      .describe('Private keys, tried in this order; default: those that ssh would use, and those of the agent.'),
    knownHostsFiles: paths.optional().describe('Instead of the known_hosts files of your SSH configuration.'),
    configFile: nonEmpty('a path').optional().describe('An OpenSSH client configuration to use instead of yours.'),
    jump: destination.optional().describe('A host to go through, as ProxyJump.'),
    address: matching(/^[A-Za-z0-9][A-Za-z0-9.:-]{0,252}$/, 'an IP address or the name of a host')
      .optional()
      .describe('Where guests of other hosts reach it as their peer; default: the name that SSH connects to.'),
    workDir: remoteFolder.optional().describe('Where the harness keeps its files on the host; default /var/lib/bench.'),
    cpus: whole(1, 4096, 'a number of CPUs, 1 to 4096')
      .optional()
      .describe('How many CPUs it has: shapes are then checked before anything connects.'),
    toolDirs: z
      .record(nonEmpty('the id of a suite'), z.array(remoteFolder, { error: 'a list of folders on the host' }), {
        error: 'an object: a suite and its folders',
      })
      .optional()
      .describe('Folders on the host where a suite looks for its installed tools first.'),
    lab: z
      .enum(['namespace', 'emulated'], { error: '"namespace" or "emulated"' })
      .optional()
      .describe('Written by `bench lab up`: this host shares the machine, or is an emulated one.'),
    boots: z
      .record(id, bootSchema, { error: 'an object: names of boots and what they are' })
      .optional()
      .describe('The systems that the host can be booted into, by the names that "boot" of targets uses.'),
    controls: z
      .union([z.literal('leave'), z.record(nonEmpty('the name of a control'), z.json())], { error: CONTROLS_EXPECTED })
      .optional()
      .describe(
        'Values of settings while it is measured, other than the defaults of `bench list controls`; `"leave"` leaves all of them.',
      ),
  },
  { error: 'an object that describes a host' },
);

const shape = z.strictObject(
  {
    cpus: z
      .array(whole(0, 4095, 'a CPU number, 0 to 4095'), { error: 'a list of CPU numbers' })
      .min(1, { error: 'at least one CPU number' })
      .describe('CPUs of the host that a guest is pinned to, ascending. A target with one CPU is an "up" target.'),
    memory: size.optional().describe('Memory of a guest: bytes, or "512M", "2G". Default: all that the host has.'),
    disk: size.optional().describe('Disk of a guest, written as memory is.'),
    cpuWeight: between(1, 10_000, 'a weight, 1 to 10000 (100 is the default)')
      .optional()
      .describe('CPU time relative to other guests, 1 to 10000; 100 is the default.'),
    cpuCap: z
      .number({ error: 'a number of CPUs above 0' })
      .gt(0, { error: 'a number of CPUs above 0' })
      .optional()
      .describe('Hard limit in CPUs: 0.25 is a quarter of one.'),
    cpuReservation: z
      .number({ error: 'a number of CPUs above 0' })
      .gt(0, { error: 'a number of CPUs above 0' })
      .optional()
      .describe('CPU time guaranteed while other guests compete, in CPUs.'),
  },
  { error: 'an object that describes a shape' },
);

const target = z.strictObject(
  {
    label: nonEmpty('text').optional().describe('Name in reports; default: its id.'),
    host: id.describe('The id of a host of this file.'),
    platform: z
      .enum(PLATFORM_IDS, { error: 'a platform' })
      .describe('How its guests are made; see `bench list platforms`.'),
    shape: shape.describe('What a guest gets.'),
    peer: id.optional().describe('The host at the other end of network suites.'),
    options: z
      .record(z.string(), z.json(), { error: 'an object of options of the platform' })
      .optional()
      .describe("The platform's own options."),
    reproduces: nonEmpty('the name of a published column')
      .optional()
      .describe(
        'The published column that this target reproduces, for example "VServer-UP", or "soltesz2006-preprint/VServer-UP" of a named publication.',
      ),
    baseline: id
      .optional()
      .describe('The target that reports compare this one with; default: "baseline" of this file.'),
    boot: id.optional().describe('The boot, one of "boots" of its host, that the host must be in.'),
  },
  { error: 'an object that describes a target' },
);

const byId = <Value extends z.ZodType>(value: Value, error: string) => z.record(id, value, { error });

/** The content of a hosts file, as it is written. Its meaning across members is checked in `references.ts`. */
export const hostsFileSchema = z
  .strictObject(
    {
      $schema: z.string({ error: 'text' }).optional().describe('Lets editors complete this file.'),
      baseline: id.optional().describe('The target that others are compared with.'),
      hosts: byId(host, 'an object: ids of hosts and what they are'),
      targets: byId(target, 'an object: ids of targets and what they are'),
    },
    { error: 'an object with "hosts" and "targets"' },
  )
  .describe('The machines and systems under test of `bench`.');

export type HostsFile = z.output<typeof hostsFileSchema>;
export type HostEntry = HostsFile['hosts'][string];
export type TargetEntry = HostsFile['targets'][string];
export type BootEntry = z.output<typeof bootSchema>;

/** JSON Schema (draft 2020-12) of the hosts file, for editors: `bench schema` prints it. */
export function hostsJsonSchema(): Record<string, unknown> {
  return { title: 'hosts file of bench', ...z.toJSONSchema(hostsFileSchema, { io: 'input' }) };
}
