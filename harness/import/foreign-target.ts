import { ID_EXPECTED, ID_PATTERN } from '../config/schema.js';
import { BenchError } from '../errors.js';
import { platforms, type PlatformDriver, type PlatformId } from '../platforms/index.js';
import type { TargetConfig, TargetId } from '../types.js';

export interface ForeignTargetRequest {
  readonly id: TargetId;
  /** The target of this id in the hosts file, when there is one. */
  readonly known?: TargetConfig;
  readonly label?: string;
  readonly platform?: PlatformId;
  /** How many CPUs it had. */
  readonly cpus?: number;
}

/** The host of a target that no hosts file has. */
const ELSEWHERE = 'elsewhere';

/**
 * The target that imported results are of: from the hosts file, else from the request, else from its name
 * (`vserver-up`: VServer with one CPU). Throws where that leaves the platform or the number of CPUs open.
 */
export function foreignTarget(request: ForeignTargetRequest): TargetConfig {
  const { id, known, label, platform = platformOf(id), cpus = cpusOf(id) } = request;
  if (!ID_PATTERN.test(id)) throw open('that is no name of a target', ID_EXPECTED, JSON.stringify(id));
  if (known !== undefined) return { ...known, ...(label === undefined ? {} : { label }) };
  if (platform === undefined)
    throw open(`the platform of target ${id} is not known`, '--platform ID, or a target of the hosts file');
  if (cpus === undefined)
    throw open(`the number of CPUs of target ${id} is not known`, '--cpus N, or a target of the hosts file');
  return {
    id,
    host: ELSEWHERE,
    platform,
    shape: { cpus: Array.from({ length: cpus }, (_none, cpu) => cpu) },
    options: {},
    ...(label === undefined ? {} : { label }),
  };
}

/** The platform whose id or alias a name begins with, in capitals or not; of several the longest. */
export function platformOf(name: string): PlatformId | undefined {
  const beginnings = platforms.flatMap((platform: PlatformDriver<PlatformId>) =>
    [platform.id, ...(platform.aliases ?? [])].map((text) => ({ id: platform.id, text })),
  );
  return beginnings
    .filter(({ text }) => name.toLowerCase().startsWith(text))
    .sort((a, b) => b.text.length - a.text.length)[0]?.id;
}

/** `up` is one CPU; `2cpu` and `two CPUs` are two. `smp` is all that a machine has, which its name does not state. */
export function cpusOf(name: string): number | undefined {
  const text = name.toLowerCase();
  if (/(?:^|[-. ])up$/.test(text)) return 1;
  if (text.endsWith(' two cpus')) return 2;
  const count = Number(/[-. ](\d{1,3})\s?cpus?$/.exec(text)?.[1]);
  return count >= 1 ? count : undefined;
}

function open(message: string, expected: string, found?: string): BenchError {
  return new BenchError({ stage: 'config', message, expected, ...(found === undefined ? {} : { found }) });
}
