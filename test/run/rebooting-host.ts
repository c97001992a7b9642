import { readFileSync } from 'node:fs';
import { connectLocal } from '../../harness/connect/local.js';
import type { Command, Connection, ExecResult } from '../../harness/types.js';

/** This machine as a host that can be restarted: only the id of its boot changes, and nothing else happens. */
export interface RebootingHost {
  readonly connection: Connection;
  /** Number of restarts so far. */
  readonly reboots: () => number;
  /** Restarts it without anybody having asked for that. */
  restart(): void;
}

const REAL = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();

/** The id of the boot after so many restarts, as long as the real one. */
export const bootAfter = (reboots: number): string => `${REAL.slice(0, -4)}${String(reboots).padStart(4, '0')}`;

/** What a host is sent compares the present boot with the kernel's own. */
function inReality(command: Command, id: string): Command {
  const [program, ...words] = command.argv.map((word) => word.replaceAll(id, REAL));
  const { stdin } = command;
  const input = typeof stdin === 'string' ? { stdin: stdin.replaceAll(id, REAL) } : {};
  return { ...command, argv: [program ?? '', ...words], ...input };
}

export function rebootingHost(): RebootingHost {
  const local = connectLocal('alpha');
  let reboots = 0;
  const exec = async (command: Command): Promise<ExecResult> => {
    const isReboot = command.argv[0] === 'reboot';
    if (isReboot) reboots += 1;
    const result = await local.exec(isReboot ? { ...command, argv: ['true'] } : inReality(command, bootAfter(reboots)));
    const id = bootAfter(reboots);
    const stdoutBytes = Buffer.from(Buffer.from(result.stdoutBytes).toString('latin1').replaceAll(REAL, id), 'latin1');
    return { ...result, stdoutBytes, stdout: result.stdout.replaceAll(REAL, id) };
  };
  return {
    connection: { ...local, exec },
    reboots: () => reboots,
    restart: () => {
      reboots += 1;
    },
  };
}
