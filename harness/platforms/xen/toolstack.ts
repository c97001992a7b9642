import { BenchError } from '../../errors.js';
import { printable } from '../../connect/failure.js';
import { printed } from '../../host/printed.js';
import type { Executor, Stage } from '../../types.js';
import { readCredits, readDomains, readInfo, readUuids, readVirtualCpus } from './output.js';
import type { Credit, Domain, VirtualCpu } from './output.js';

/** xl hangs where the toolstack behind it does not answer. */
const XL_TIMEOUT_MS = 60_000;

/** The schedulers whose weights and caps this version sets, with the command of each. */
export const SCHEDULERS: Readonly<Record<string, string>> = { credit: 'sched-credit', credit2: 'sched-credit2' };

/** What `xl ARGS` printed; throws a `BenchError` with its stderr when it fails. */
export async function xl(
  host: Executor,
  stage: Stage,
  args: readonly string[],
  timeoutMs = XL_TIMEOUT_MS,
): Promise<string> {
  // Its daemon would hold the streams of the command that started it.
  const { exit, stdout, stderr } = await host.exec({ argv: ['xl', ...args], timeoutMs });
  if (exit.kind === 'code' && exit.code === 0) return stdout;
  const message = `xl ${args[0] ?? ''} on ${host.where} failed: ${printable(stderr, 300)}`;
  throw new BenchError({ stage, message, hint: 'logs are in /var/log/xen of the host' });
}

export async function domains(host: Executor, stage: Stage): Promise<readonly Domain[]> {
  return readDomains(await xl(host, stage, ['list']));
}

/** In one round trip, so that both are as close in time as possible. */
const BOTH = 'xl vm-list && echo && xl list';

/** The domain with this UUID, running or ending; `undefined` when there is none. Its name is no proof that it is ours. */
export async function domainOf(host: Executor, uuid: string): Promise<Domain | undefined> {
  const text = (await printed(host, ['sh', '-c', BOTH])) ?? '';
  const id = readUuids(text).get(uuid);
  return id === undefined ? undefined : readDomains(text).find((domain) => domain.id === id);
}

/** Whether a domain can still do anything: not shut down, crashed or dying, xl(1) LIST. */
export function isLive({ state }: Domain): boolean {
  return !/[scd]/.test(state);
}

export async function virtualCpus(host: Executor, id: number, stage: Stage): Promise<readonly VirtualCpu[]> {
  return readVirtualCpus(await xl(host, stage, ['vcpu-list', String(id)]));
}

/** `xl info`, by name. */
export async function info(host: Executor, stage: Stage): Promise<ReadonlyMap<string, string>> {
  return readInfo(await xl(host, stage, ['info']));
}

/** Weight and cap in force; `undefined` under a scheduler that has none, or that does not know the domain. */
export async function creditOf(host: Executor, id: number): Promise<(Credit & { scheduler: string }) | undefined> {
  const scheduler = (await info(host, 'verify')).get('xen_scheduler') ?? '';
  const command = SCHEDULERS[scheduler];
  if (command === undefined) return undefined;
  const credit = readCredits(await xl(host, 'verify', [command, '-d', String(id)])).get(id);
  return credit === undefined ? undefined : { ...credit, scheduler };
}
