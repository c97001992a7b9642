import { spawn, type ChildProcess } from 'node:child_process';
import { statSync } from 'node:fs';
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
  const started = performance.now();
  const child = begin(place, command);
  const deadline = keepLimit(child, command.timeoutMs);
  const ended = await endOf(child, maxBuffer);
  deadline.clear();
  const durationMs = performance.now() - started;
  if (deadline.passed()) throw timedOut(place, command, command.timeoutMs ?? 0);
  if (ended.kind === 'not started') throw unstarted(place, command, ended.error);
  if (ended.kind === 'too much output') throw tooMuchOutput(place, command, maxBuffer);
  const { exit, stdout, stderr } = ended;
  return { exit, stdout: stdout.toString('utf8'), stderr: stderr.toString('utf8'), stdoutBytes: stdout, durationMs };
}

function begin(place: Place, { argv, env, cwd, stdin }: Command): ChildProcess {
  const [program, ...args] = argv;
  try {
    const child = spawn(program, args, {
      detached: true,
      stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...(env === undefined ? {} : { env: { ...process.env, ...env } }),
      ...(cwd === undefined ? {} : { cwd }),
    });
    // EPIPE: a command may end without reading all of its input.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(stdin);
    return child;
  } catch (error) {
    // Such as arguments that are too long.
    throw unstarted(place, { argv, ...(cwd === undefined ? {} : { cwd }) }, error as Error);
  }
}

type Ended =
  | { readonly kind: 'ended'; readonly exit: Exit; readonly stdout: Buffer; readonly stderr: Buffer }
  | { readonly kind: 'too much output' }
  | { readonly kind: 'not started'; readonly error: Error };

/** Resolves once the command has ended and its pipes are closed. More than `maxBytes` on one of them ends its group. */
function endOf(child: ChildProcess, maxBytes: number): Promise<Ended> {
  return new Promise((resolve) => {
    let isTooMuch = false;
    const gather = (stream: ChildProcess['stdout']): Buffer[] => {
      const chunks: Buffer[] = [];
      let length = 0;
      stream?.on('data', (chunk: Buffer) => {
        length += chunk.length;
        chunks.push(chunk);
        if (length <= maxBytes) return;
        isTooMuch = true;
        killGroup(child.pid);
        child.stdout?.destroy();
        child.stderr?.destroy();
      });
      return chunks;
    };
    const [stdout, stderr] = [gather(child.stdout), gather(child.stderr)];
    child.on('error', (error) => resolve({ kind: 'not started', error }));
    child.once('close', (code, signal) => {
      const exit: Exit = signal === null ? { kind: 'code', code: code ?? 0 } : { kind: 'signal', signal };
      const output = { stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) };
      resolve(isTooMuch ? { kind: 'too much output' } : { kind: 'ended', exit, ...output });
    });
  });
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

function unstarted(place: Place, command: Command, error: Error): BenchError {
  // The system's error is the same for a program and for a directory that is not there.
  const isProgram = command.cwd === undefined || isDirectory(command.cwd);
  return notStarted(place, command, isProgram ? 'program' : 'directory', error.message, error);
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
