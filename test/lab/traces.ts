import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Why the tests of the real lab cannot run here, or undefined when they can. */
export function whyNoLab(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root';
  if (!existsSync('/etc/debian_version')) return 'not Debian';
  for (const program of ['mmdebstrap', 'gcc', 'ip', 'unshare', 'setpriv', 'ssh']) {
    if (spawnSync('which', [program]).status !== 0) return `${program} is not installed`;
  }
  if (spawnSync('unshare', ['--mount', '--net', '--pid', '--fork', 'true']).status !== 0) return 'no namespaces';
  return undefined;
}

/** Process ids in all cgroups whose path has `name` in it. */
export function processesOf(name: string): number[] {
  return [...new Set(groupsOf(name).flatMap((dir) => readFileSync(join(dir, 'cgroup.procs'), 'utf8').split('\n')))]
    .map(Number)
    .filter((pid) => pid > 0);
}

/** Namespaces (`net:[4026532001]`) of these processes that are not this process's own. */
export function foreignNamespaces(pids: readonly number[]): Set<string> {
  const own = new Set(namespacesOf('self'));
  return new Set(pids.flatMap((pid) => namespacesOf(String(pid))).filter((namespace) => !own.has(namespace)));
}

/** Everything on this machine that a lab of this name could have left behind, in words; empty when it left nothing. */
export function tracesOf(name: string, namespaces: ReadonlySet<string> = new Set()): string[] {
  const own = `bench-lab.${name}`;
  const everyone = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  return [
    ...groupsOf(own).map((dir) => `cgroup ${dir}`),
    ...everyone
      .filter((pid) => !isZombie(pid) && namespacesOf(pid).some((namespace) => namespaces.has(namespace)))
      .map((pid) => `process ${pid} in a namespace of the lab`),
    ...readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .filter((line) => line.includes(`bench-lab/${name}`) || line.includes(own))
      .map((line) => `mount ${line}`),
    ...(existsSync(`/var/lib/bench-lab/${name}`) ? ['state directory'] : []),
    ...entries('/var/lib/bench-lab').filter((entry) => entry.startsWith(`${name}.`)),
  ];
}

/** The machine's own network, which a lab must not touch. */
export function machineNetwork(): string {
  const show = (...args: string[]): string => execFileSync('ip', args, { encoding: 'utf8' });
  return [show('-brief', 'link'), show('-brief', 'address'), show('route'), show('rule')].join('\n');
}

function groupsOf(name: string): string[] {
  const found = spawnSync('find', ['/sys/fs/cgroup', '-type', 'd', '-path', `*${name}*`], { encoding: 'utf8' });
  return found.stdout.split('\n').filter((line) => line !== '');
}

function namespacesOf(pid: string): string[] {
  const kinds = ['mnt', 'net', 'pid', 'uts', 'ipc', 'cgroup'];
  return kinds.flatMap((kind) => {
    try {
      return [readlinkSync(`/proc/${pid}/ns/${kind}`)];
    } catch {
      return [];
    }
  });
}

/** Dead, and waiting for the machine's process 1 to take notice, which takes its time over it. */
function isZombie(pid: string): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return true;
  }
}

function entries(path: string): string[] {
  return existsSync(path) ? readdirSync(path) : [];
}
