import { gatherFacts } from '../../host/facts/index.js';
import type { OpenRun } from '../../store/index.js';
import type { HostId } from '../../types.js';
import type { HostSession } from './session.js';
import type { World } from './world.js';

/** The boots of hosts, and targets in them, whose facts this process has written into the journal; see `subjectIn`. */
export type Described = Set<string>;

/** Identifies a machine in a boot of its host: a restart may bring another kernel and other settings. */
export function subjectIn(subject: `host ${HostId}` | `target ${string}`, boot: string | undefined): string {
  return `${subject} ${boot ?? ''}`;
}

/** Reads the facts of a host and writes them into the journal. Returns the id of its boot; undefined if it has none. */
export async function journalHost(
  world: World,
  run: OpenRun,
  { host, connection }: HostSession,
  described: Described,
): Promise<string | undefined> {
  const facts = await gatherFacts(connection, host.workDir);
  const { bootId } = facts;
  const boot = typeof bootId === 'string' ? bootId : undefined;
  const at = world.now().toISOString();
  await run.journal({ at, event: 'facts', of: `host ${host.id}`, ...(boot === undefined ? {} : { boot }), facts });
  described.add(subjectIn(`host ${host.id}`, boot));
  return boot;
}
