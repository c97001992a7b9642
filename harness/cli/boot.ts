import { BenchError, EXIT, problemOf } from '../errors.js';
import { bootHost, type BootRequest } from '../run/session/boot-host.js';
import type { TargetConfig } from '../types.js';
import type { CommonOptions, Context } from './context.js';
import { INTERRUPTED } from './exit-code.js';
import { watchInterrupts } from './interrupt.js';
import { readHosts } from './plan-request.js';
import { byId } from './select.js';
import { makeWorld } from './world.js';

export interface BootOptions extends CommonOptions {
  readonly target: readonly string[];
  readonly hosts: string;
  readonly breakLock: boolean;
}

/** `bench boot`: reboots the hosts of targets into the boots that these name, and verifies it. */
export async function boot({ printer, process }: Context, options: BootOptions): Promise<number> {
  const config = await readHosts(options.hosts);
  if (options.target.length === 0) {
    const named = [...config.targets.values()].filter((target) => target.boot !== undefined).map(({ id }) => id);
    const hint =
      named.length === 0 ? 'no target of the hosts file has a "boot"' : `targets with a "boot": ${named.join(', ')}`;
    throw new BenchError({ stage: 'config', message: 'no target to boot is named', expected: '--target ID', hint });
  }
  const targets = options.target.map((id) => byId('target', id, config.targets.values()));
  const world = await makeWorld();
  const { signal, stop } = watchInterrupts(process, printer);
  const request = (target: TargetConfig): BootRequest => ({
    target,
    hosts: config.hosts,
    breakLock: options.breakLock,
    signal,
    report: (what) => printer.line(what),
  });
  let exitCode: number = EXIT.done;
  try {
    for (const target of onePerHost(targets)) {
      try {
        const { state, rebooted } = await bootHost(world, request(target));
        const how = rebooted ? 'was rebooted into' : 'is in';
        const { kernelRelease = '?', cpus = '?', hypervisor } = state;
        const what = `Linux ${kernelRelease}, ${cpus} CPU${cpus === 1 ? '' : 's'}, hypervisor ${hypervisor}`;
        printer.out(`${target.host}: ${how} ${target.boot ?? '?'}: ${what}, boot ${state.bootId}\n`);
      } catch (error) {
        if (signal.aborted) return INTERRUPTED;
        printer.problem(error instanceof BenchError ? error : new BenchError(problemOf(error, 'prepare')));
        exitCode = EXIT.unreachable;
      }
    }
  } finally {
    stop();
  }
  return exitCode;
}

/** One target for each host. Throws if two targets need different boots of the same host. */
function onePerHost(targets: readonly TargetConfig[]): readonly TargetConfig[] {
  const byHost = new Map<string, TargetConfig>();
  for (const target of targets) {
    const { id, host, boot: name } = target;
    const other = byHost.get(host);
    if (name === undefined) {
      const hint = 'add "boot" to the target, one of the "boots" of its host';
      throw new BenchError({ stage: 'config', target: id, message: 'the target has no "boot"', hint });
    }
    if (other !== undefined && other.boot !== name) {
      const found = `${other.id}: ${other.boot ?? 'none'}, ${id}: ${name}`;
      throw new BenchError({ stage: 'config', host, message: 'a host can be in one boot at a time', found });
    }
    byHost.set(host, target);
  }
  return [...byHost.values()];
}
