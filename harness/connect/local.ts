import { execa } from 'execa';
import type { BenchError } from '../errors.js';
import type { Command, Connection, ExecResult, Exit, HostId } from '../types.js';
import { impossible, notStarted, timedOut, tooMuchOutput, type Place } from './failure.js';
import { DEFAULT_MAX_BYTES, filesOver } from './files.js';
import { checkCommand } from './quote.js';

/** After a time limit killed the process group, how long a process that left the group may hold the pipes open. */
const PIPES_GRACE_MS = 1_000;

/** This machine. Each command runs in a process group of its own, so that a time limit ends its children too. */
export function connectLocal(host: HostId = 'local'): Connection {
  const place: Place = { where: 'local', host };
  const exec = (command: Command): Promise<ExecResult> => run(place, command);
  return { where: 'local', exec, ...filesOver(place, exec), close: () => Promise.resolve() };
}

async function run(place: Place, command: Command): Promise<ExecResult> {
  try {
    checkCommand(command);
  } catch (error) {
    throw impossible(place, error);
  }
  const maxBuffer = command.maxOutputBytes ?? DEFAULT_MAX_BYTES;
  const [program, ...args] = command.argv;
  const started = performance.now();
  const child = execa(program, args, {
    encoding: 'buffer',
    reject: false,
    detached: true,
    stripFinalNewline: false,
    maxBuffer,
    ...(command.env === undefined ? {} : { env: command.env }),
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    ...(command.stdin === undefined ? { stdin: 'ignore' } : { input: command.stdin }),
  });
  const deadline = keepLimit(child, command.timeoutMs);
  const result = await child;
  deadline.clear();
  const durationMs = performance.now() - started;
  if (deadline.passed()) throw timedOut(place, command, command.timeoutMs ?? 0);
  if (result.isMaxBuffer) {
    killGroup(child.pid);
    throw tooMuchOutput(place, command, maxBuffer);
  }
  const exit = exitOf(result.exitCode, result.signal);
  if (exit === undefined) throw unstarted(place, command, result);
  return {
    exit,
    stdout: decode(result.stdout),
    stderr: decode(result.stderr),
    stdoutBytes: result.stdout,
    durationMs,
  };
}

interface Limited {
  readonly pid?: number | undefined;
  readonly stdout: { destroy(): unknown } | null;
  readonly stderr: { destroy(): unknown } | null;
}

function keepLimit(child: Limited, timeoutMs: number | undefined): { clear(): void; passed(): boolean } {
  let passed = false;
  let pipes: NodeJS.Timeout | undefined;
  const end = (): void => {
    passed = true;
    killGroup(child.pid);
    pipes = setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, PIPES_GRACE_MS);
  };
  const timer = timeoutMs === undefined ? undefined : setTimeout(end, timeoutMs);
  return {
    clear() {
      clearTimeout(timer);
      clearTimeout(pipes);
    },
    passed: () => passed,
  };
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // ESRCH: the group has ended by itself.
  }
}

function exitOf(code: number | undefined, signal: string | undefined): Exit | undefined {
  if (signal !== undefined) return { kind: 'signal', signal };
  return code === undefined ? undefined : { kind: 'code', code };
}

function unstarted(
  place: Place,
  command: Command,
  failure: { originalMessage?: string | undefined; cause?: unknown },
): BenchError {
  const message = failure.originalMessage ?? 'it could not be started';
  return notStarted(place, command, message.includes('"cwd" option') ? 'directory' : 'program', message, failure.cause);
}

function decode(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
