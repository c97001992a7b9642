import type { Executor, Stage } from '../../types.js';
import { cgroupsScript, guestsScript, namesIn, runScript } from '../guest/script.js';

/** What the cleanup of guests in control groups needs to know about where they are. */
interface Guests {
  readonly guests: string;
  readonly group: string;
}

/** Ends guests in control groups, in any state that a crash left them in. Rejects with what remains. */
export interface Cleanup {
  /** Ends a guest and keeps its directory. */
  end(host: Executor, paths: Guests & { readonly name: string }, stage: Stage): Promise<void>;
  /** Ends and removes all guests but those to keep; resolves to the names of the removed ones. */
  reap(host: Executor, paths: Guests, keep: readonly string[]): Promise<readonly string[]>;
}

/** The cleanup of a tool by `groups.sh`; `functions` are the shell functions that it requires of each tool. */
export function cleanupBy(tool: string, functions: () => Promise<string>): Cleanup {
  const run = async (host: Executor, argv: readonly string[], stage: Stage): Promise<string> => {
    const groups = await cgroupsScript(new URL('./groups.sh', import.meta.url));
    const script = await guestsScript(groups, await functions());
    const message = `cannot clean up guests of ${tool} on ${host.where}`;
    const hint = 'fix the cause and try again; processes in uninterruptible sleep need a reboot of the host';
    return runScript(host, script, argv, { stage, message, hint });
  };
  return {
    async end(host, { guests, group, name }, stage) {
      await run(host, [group, 'end', guests, name], stage);
    },
    reap: async (host, { guests, group }, keep) => namesIn(await run(host, [group, 'reap', guests, ...keep], 'stop')),
  };
}
