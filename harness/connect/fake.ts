import type { BenchError } from '../errors.js';
import type { Command, Connection, ExecResult, PutFile } from '../types.js';
import { localFailure, transportLost, type Place } from './failure.js';

/** The result of a scripted command. Default: exit code 0 and no output. */
export interface FakeAnswer {
  readonly code?: number;
  readonly signal?: string;
  readonly stdout?: string | Uint8Array;
  readonly stderr?: string;
  /** Rejects with this. */
  readonly error?: BenchError;
  /** The transport ends while the command runs; the next call works again. */
  readonly lost?: true;
}

/** The first rule that matches answers: an argv that begins with these words, or a condition. */
export interface FakeRule {
  readonly when: readonly string[] | ((command: Command) => boolean);
  readonly answer: FakeAnswer | ((command: Command) => FakeAnswer);
}

/** A connection for unit tests. Files that were put can be got, and both are open to the test. */
export interface FakeConnection extends Connection {
  /** Every command that was executed, in order. */
  readonly commands: readonly Command[];
  /** What was put, by path; tests may add what `get` should find. */
  readonly files: Map<string, PutFile>;
}

/** Answers by table; a command without a rule rejects, so that no test passes by an answer that nobody wrote. */
export function fakeConnection(rules: readonly FakeRule[], where = 'fake'): FakeConnection {
  const place: Place = { where };
  const commands: Command[] = [];
  const files = new Map<string, PutFile>();
  return {
    where,
    commands,
    files,
    exec(command) {
      commands.push(command);
      const rule = rules.find(({ when }) => matches(when, command));
      if (rule === undefined) {
        return Promise.reject(localFailure(place, 'launch', `no answer for ${JSON.stringify(command.argv)}`));
      }
      return answered(place, typeof rule.answer === 'function' ? rule.answer(command) : rule.answer);
    },
    put(file) {
      files.set(file.path, file);
      return Promise.resolve();
    },
    get(path) {
      const file = files.get(path);
      if (file === undefined) {
        return Promise.reject(localFailure(place, 'fetch', `cannot read ${path}`, { found: 'no such file' }));
      }
      return Promise.resolve(bytesOf(file.content));
    },
    close: () => Promise.resolve(),
  };
}

function matches(when: FakeRule['when'], command: Command): boolean {
  if (typeof when === 'function') return when(command);
  return when.every((word, index) => command.argv[index] === word);
}

function answered(place: Place, answer: FakeAnswer): Promise<ExecResult> {
  if (answer.error !== undefined) return Promise.reject(answer.error);
  if (answer.lost === true) return Promise.reject(transportLost(place, 'lost by the script'));
  const stdoutBytes = bytesOf(answer.stdout ?? '');
  return Promise.resolve({
    exit:
      answer.signal === undefined
        ? { kind: 'code', code: answer.code ?? 0 }
        : { kind: 'signal', signal: answer.signal },
    stdout: Buffer.from(stdoutBytes).toString('utf8'),
    stderr: answer.stderr ?? '',
    stdoutBytes,
    durationMs: 0,
  });
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
}
