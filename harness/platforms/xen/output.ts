import { readCpuList } from '../../host/cpu-list.js';

/** One domain, as `xl list` and `xl vm-list` show it. */
export interface Domain {
  readonly name: string;
  readonly id: number;
  readonly memoryMiB: number;
  readonly vcpus: number;
  /** Six places, `rbpscd`: running, blocked, paused, shut down, crashed, dying; xl(1) LIST. */
  readonly state: string;
  /** CPU time since its start, to a tenth of a second. */
  readonly seconds: number;
}

/** `xl list`: a name may have blanks, the columns behind it have none. Lines of another form are left out. */
export function readDomains(text: string): readonly Domain[] {
  return text.split('\n').flatMap((line): Domain[] => {
    const match = /^(\S.*?)\s+(\d+)\s+(\d+)\s+(\d+)\s+([-rbpscd]{6})\s+(\d+\.\d+)$/.exec(line.trimEnd());
    if (match === null) return [];
    const [, name = '', id, memory, vcpus, state = '', seconds] = match;
    return [
      {
        name,
        id: Number(id),
        memoryMiB: Number(memory),
        vcpus: Number(vcpus),
        state,
        seconds: Number(seconds),
      },
    ];
  });
}

/** `xl vm-list`: ids of domains by UUID. */
export function readUuids(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').map((line) => /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\s+(\d+)\s/.exec(line));
  return new Map(lines.flatMap((match) => (match?.[1] === undefined ? [] : [[match[1], Number(match[2])] as const])));
}

/** Where a virtual CPU may run: ascending CPUs, or `all`. */
export type Affinity = 'all' | readonly number[];

export interface VirtualCpu {
  readonly domain: string;
  readonly id: number;
  readonly vcpu: number;
  readonly hard: Affinity;
  readonly soft: Affinity;
}

/** `xl vcpu-list`; a virtual CPU that is offline has `-` instead of a CPU, and its affinity does not count. */
export function readVirtualCpus(text: string): readonly VirtualCpu[] {
  return text.split('\n').flatMap((line): VirtualCpu[] => {
    const match = /^(\S.*?)\s+(\d+)\s+(\d+)\s+(?:\d+|-)\s+[-a-z]{3}\s+\d+\.\d+\s+(\S+) \/ (\S+)$/.exec(line.trimEnd());
    const [hard, soft] = [readAffinity(match?.[4]), readAffinity(match?.[5])];
    if (match === null || hard === undefined || soft === undefined) return [];
    return [{ domain: match[1] ?? '', id: Number(match[2]), vcpu: Number(match[3]), hard, soft }];
  });
}

function readAffinity(text: string | undefined): Affinity | undefined {
  if (text === 'all') return 'all';
  const cpus = text === undefined ? undefined : readCpuList(text);
  return cpus === undefined || cpus.length === 0 ? undefined : cpus;
}

/** What the credit schedulers have of a domain. `cap` is in percent of one CPU, 0 none. */
export interface Credit {
  readonly weight: number;
  readonly cap: number;
}

/** `xl sched-credit -d NAME` and `xl sched-credit2 -d NAME`, and the same of all domains: by id. */
export function readCredits(text: string): ReadonlyMap<number, Credit> {
  const lines = text.split('\n').map((line) => /^\S.*?\s+(\d+)\s+(\d+)\s+(\d+)$/.exec(line.trimEnd()));
  return new Map(
    lines.flatMap((match) =>
      match === null ? [] : [[Number(match[1]), { weight: Number(match[2]), cap: Number(match[3]) }] as const],
    ),
  );
}

export interface Pool {
  readonly name: string;
  readonly cpus: readonly number[];
}

/** `xl cpupool-list -c`: the CPUs of each pool. */
export function readPools(text: string): readonly Pool[] {
  return text.split('\n').flatMap((line): Pool[] => {
    const [, name = '', list = ''] = /^(\S+)\s+(\d[\d,-]*)$/.exec(line.trimEnd()) ?? [];
    const cpus = name === '' ? undefined : readCpuList(list);
    return cpus === undefined ? [] : [{ name, cpus }];
  });
}

/** `xl info`: `name : value` a line. */
export function readInfo(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').map((line) => /^(\w+)\s*: ?(.*)$/.exec(line));
  return new Map(
    lines.flatMap((match) => (match?.[1] === undefined ? [] : [[match[1], (match[2] ?? '').trim()] as const])),
  );
}
