import { BenchError } from '../errors.js';
import type { Executor } from '../types.js';

/** An agent that lives on a machine, in a guest of it or on the machine itself, whichever run started it. */
export interface LivingAgent {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat (proc(5)). */
  readonly pidStart: string;
  /** Directory of its trial, as seen by itself. */
  readonly dir: string;
  /** Of the directory: the run, and the trial with the attempt (`t0001.2`); `unknown` where it names none. */
  readonly run: string;
  readonly trial: string;
  /** Whether it is in another PID namespace, that of a guest. */
  readonly inGuest: boolean;
  /** Until it ends by its own limits, at most; undefined where its limits cannot be read. */
  readonly secondsLeft: number | undefined;
}

/**
 * Lists agents in one shell: the uptime, ticks a second and PID namespace of the machine, then for each process of an agent
 * its namespace and whether it was given its start, its limits in ms (see `spec.c`), its /proc/PID/stat and its directory.
 * A process that ends meanwhile is left out.
 */
export const LIST_AGENTS = `{
read -r up _ </proc/uptime; echo "machine $up $(getconf CLK_TCK 2>/dev/null || echo 100) $(readlink /proc/self/ns/pid)"
for file in $(grep -l bench-agent /proc/[0-9]*/cmdline 2>/dev/null); do
  at=\${file%/cmdline}
  { read -r program; read -r verb; read -r dir; } <<END
$(tr '\\000' '\\n' 2>/dev/null <"$file")
END
  [ "\${program##*/}" = bench-agent ] && [ "$verb" = run ] || continue
  stat=$(cat "$at/stat" 2>/dev/null) || continue
  limits=$({ tr '\\000' '\\n' <"$at/cwd/spec" | sed -n 's/^\\(ready\\|limit\\|hold\\)=\\([0-9]*\\)$/\\1=\\2/p'; } 2>/dev/null)
  [ -e "$at/cwd/go" ] && begun=begun || begun=waiting
  echo "agent $(readlink "$at/ns/pid") $begun" $limits
  echo "stat $stat"
  echo "dir $dir"
done
} 2>/dev/null
:`;

/** Starting, killing and removing, in addition to the limits of the steps. */
const SLACK_SECONDS = 60;

interface AgentProcess {
  readonly agent: LivingAgent;
  readonly parent: number;
  readonly session: number;
}

/** What `LIST_AGENTS` printed; nothing where it could not be run. Pure. */
export function readAgents(text: string): readonly LivingAgent[] {
  const [, uptime = '', frequency = '', namespace = ''] = /^machine (\S+) (\S+) (\S*)$/m.exec(text) ?? [];
  const found = [...text.matchAll(/^agent (\S*) (begun|waiting)(.*)\nstat (\d+) \(.*\) (.*)\ndir (.*)$/gm)];
  const processes = found.map(([, inside = '', begun, limits = '', pid = '', rest = '', dir = '']): AgentProcess => {
    // proc(5): counted from the state, which is field 3.
    const fields = rest.split(' ');
    const [, run = 'unknown', trial = 'unknown'] = /\/trials\/([^/]+)\/(t\d+\.\d+)[^/]*$/.exec(dir) ?? [];
    const pidStart = fields[19] ?? '';
    const age = Number(uptime) - Number(pidStart) / Number(frequency);
    const allowed = secondsOf(limits, begun === 'begun');
    const inGuest = inside !== '' && namespace !== '' && inside !== namespace;
    const secondsLeft =
      allowed === undefined || !Number.isFinite(age) ? undefined : Math.max(0, Math.ceil(allowed - age));
    return {
      agent: { pid: Number(pid), pidStart, dir, run, trial, inGuest, secondsLeft },
      parent: Number(fields[1]),
      session: Number(fields[3]),
    };
  });
  return processes.filter((each) => !isOther(each, processes)).map(({ agent }) => agent);
}

/** Whether a process of an agent is its guard, or a step between fork(2) and execve(2): the agent itself is listed, too. */
function isOther(one: AgentProcess, processes: readonly AgentProcess[]): boolean {
  const isGuard = ({ agent, session }: AgentProcess): boolean => agent.pid === session;
  const others = processes.filter(
    (each) => each !== one && each.session === one.session && each.agent.dir === one.agent.dir,
  );
  if (isGuard(one)) return others.length > 0;
  return others.some((each) => !isGuard(each) && each.agent.pid === one.parent);
}

/** The sum of the limits of an agent; `ready` ends with the start instant. */
function secondsOf(limits: string, begun: boolean): number | undefined {
  const all = [...limits.matchAll(/ (ready|limit|hold)=(\d+)/g)];
  if (all.length === 0) return undefined;
  const counted = all.filter(([, name]) => !(begun && name === 'ready'));
  return counted.reduce((sum, [, , ms]) => sum + Number(ms) / 1000, SLACK_SECONDS);
}

/** The agents that live on a machine and in those of its guests that share its kernel. One command, which changes nothing. */
export async function livingAgents(machine: Executor): Promise<readonly LivingAgent[]> {
  const { stdout } = await machine.exec({ argv: ['sh', '-c', LIST_AGENTS], timeoutMs: 60_000 });
  return readAgents(stdout);
}

/**
 * `sh -c END_AGENT sh PID START`: stops the agent, which starts nothing then and still adopts orphans, kills its children
 * until there are none, then the agent. Exits with 1 when it does not end. Where the kernel lists no children, they are
 * the processes with this parent, and where orphans are not adopted, the agent's guard kills what is left and then ends.
 */
const END_AGENT = `
children() {
  if [ -e "/proc/$1/task/$1/children" ]; then cat "/proc/$1/task/$1/children"
  else set +f; sed -n "s/^\\([0-9]*\\) (.*) [A-Z] $1 .*/\\1/p" /proc/[0-9]*/stat; fi 2>/dev/null
}
look() { stat=$(cat "/proc/$1/stat" 2>/dev/null) || stat='gone) X'; set -f; set -- \${stat##*)}; state=$1 parent=\${2:-0} session=\${4:-} start=\${20:-}; }
look "$1"; [ "$start" = "$2" ] || exit 0
kill -STOP "$1" || exit 1
quiet=0 pass=0
while [ $quiet -lt 2 ] && [ $pass -lt 300 ]; do
  alive=0
  for child in $(children "$1"); do
    look "$child"
    case $state in X | Z) ;; *) kill -KILL "$child" 2>/dev/null && alive=1 ;; esac
  done
  if [ $alive = 0 ]; then quiet=$((quiet + 1)); else quiet=0; sleep 0.02; fi
  pass=$((pass + 1))
done
look "$1"; guard=0
if [ "$start" = "$2" ]; then [ "$parent" != "$session" ] || guard=$parent; kill -KILL "$1"; fi
pass=0
while look "$1"; [ "$start" = "$2" ] && [ "$state" != Z ]; do
  [ $pass -lt 200 ] || exit 1
  sleep 0.05; pass=$((pass + 1))
done
while [ $guard -gt 1 ] && look "$guard" && [ "$session" = "$guard" ] && [ "$state" != Z ]; do
  [ $pass -lt 400 ] || exit 1
  sleep 0.05; pass=$((pass + 1))
done`;

/** Ends an agent and all that it started. Throws a `BenchError` of stage `stop` when it does not end. */
export async function endLivingAgent(machine: Executor, { pid, pidStart, run, trial }: LivingAgent): Promise<void> {
  const argv = ['sh', '-c', END_AGENT, 'sh', String(pid), pidStart] as const;
  const { exit, stderr } = await machine.exec({ argv, timeoutMs: 60_000 });
  if (exit.kind === 'code' && exit.code === 0) return;
  const message = `agent ${pid} of trial ${trial}, run ${run}, does not end on ${machine.where}`;
  throw new BenchError({ stage: 'stop', message, ...(stderr === '' ? {} : { found: stderr.trim().slice(0, 200) }) });
}
