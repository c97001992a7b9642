import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, ClientChannel } from 'ssh2';
import { BenchError } from '../errors.js';
import type { Command, ExecResult, Exit } from '../types.js';
import { connectFailure, timedOut, tooMuchOutput, transportLost, type Place } from './failure.js';
import { DEFAULT_MAX_BYTES } from './files.js';

/** How long after its time limit a command may take to be seen ending, before the wait is given up. */
const ENDING_GRACE_MS = 5_000;

/** SSH_OPEN_CONNECT_FAILED (RFC 4254, section 5.1): what sshd answers when it has no session to spare at the moment. */
const NO_SESSION = 2;
const OPEN_TRIES = 8;
const FIRST_DELAY_MS = 20;

/** A connection as its channels see it. */
export interface Carrier {
  readonly client: Client;
  /** Why the transport ended; undefined while it lives. */
  loss(): BenchError | undefined;
  /** Calls the listener when the transport ends, at once if it has; returns a function that removes the listener. */
  onLoss(listener: (loss: BenchError) => void): () => void;
}

/** Runs one command line on a channel of its own. `command` gives stdin and limits; its time limit starts here. */
export function runOnChannel(place: Place, carrier: Carrier, line: string, command: Command): Promise<ExecResult> {
  const { timeoutMs } = command;
  const started = performance.now();
  return new Promise((resolve, reject) => {
    let channel: ClientChannel | undefined;
    let settled = false;
    let timer: NodeJS.Timeout | undefined;
    let unsubscribe = (): void => undefined;
    const settle = (how: () => void): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      unsubscribe();
      how();
    };
    const abandon = (error: unknown): void =>
      settle(() => {
        if (carrier.loss() === undefined) channel?.close();
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    if (timeoutMs !== undefined) {
      timer = setTimeout(() => abandon(timedOut(place, command, timeoutMs)), timeoutMs + ENDING_GRACE_MS);
    }
    unsubscribe = carrier.onLoss(abandon);
    const begin = (opened: ClientChannel): Promise<Ended> => {
      channel = opened;
      const ended = collect(place, carrier, opened, command);
      if (settled) opened.close();
      return ended;
    };
    openChannel(place, carrier, line, begin, () => settled).then(
      (ended) => settle(() => resolve({ ...ended, durationMs: performance.now() - started })),
      abandon,
    );
  });
}

async function openChannel(
  place: Place,
  carrier: Carrier,
  line: string,
  begin: Begin,
  abandoned: () => boolean,
): Promise<Ended> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { ended } = await execOnce(carrier.client, line, begin);
      return await ended;
    } catch (error) {
      if (error instanceof BenchError) throw error;
      const loss = carrier.loss();
      if (loss !== undefined) throw loss;
      const message = error instanceof Error ? error.message : String(error);
      const { reason } = error as { reason?: unknown };
      if (typeof reason !== 'number') throw transportLost(place, message);
      // The command must not start after the caller has given up.
      if (reason !== NO_SESSION || attempt === OPEN_TRIES || abandoned()) {
        throw connectFailure(place, `${place.where} refuses to open a session`, {
          found: message,
          hint: 'see MaxSessions in its sshd_config',
        });
      }
      await sleep(FIRST_DELAY_MS * 2 ** (attempt - 1));
    }
  }
}

/**
 * `begin` is called before anything else can happen: a short command's exit status may be in the same packet as the
 * answer that it was started, and ssh2 emits it once.
 */
function execOnce(client: Client, line: string, begin: Begin): Promise<{ readonly ended: Promise<Ended> }> {
  return new Promise((resolve, reject) => {
    // Throws at once, inside this promise, when the socket has already ended.
    client.exec(line, (error, channel) => {
      if (error === undefined) resolve({ ended: begin(channel) });
      else reject(error);
    });
  });
}

type Ended = Omit<ExecResult, 'durationMs'>;
type Begin = (channel: ClientChannel) => Promise<Ended>;

function collect(place: Place, carrier: Carrier, channel: ClientChannel, command: Command): Promise<Ended> {
  const limit = command.maxOutputBytes ?? DEFAULT_MAX_BYTES;
  return new Promise((resolve, reject) => {
    const exceeded = (): void => reject(tooMuchOutput(place, command, limit));
    const stdout = boundedBytes(channel, limit, exceeded);
    const stderr = boundedBytes(channel.stderr, limit, exceeded);
    let exit: Exit | undefined;
    channel.on('exit', (code: number | null, signal?: string) => {
      exit = code === null ? { kind: 'signal', signal: signal ?? 'unknown' } : { kind: 'code', code };
    });
    channel.on('error', (error: Error) => reject(transportLost(place, error.message)));
    const closed = new Promise<void>((done) => channel.on('close', () => done()));
    void Promise.all([closed, stdout.end, stderr.end]).then(() => {
      // ssh2 closes the channels of a dead connection as if they had ended; what they carried may be incomplete.
      const loss = carrier.loss();
      if (loss !== undefined) reject(loss);
      else if (exit === undefined) reject(transportLost(place, 'the command ended without an exit status'));
      else resolve({ exit, ...texts(stdout.bytes(), stderr.bytes()) });
    });
    channel.end(command.stdin ?? '');
  });
}

function texts(stdout: Buffer, stderr: Buffer): Omit<Ended, 'exit'> {
  return { stdout: stdout.toString('utf8'), stderr: stderr.toString('utf8'), stdoutBytes: stdout };
}

interface Gathered {
  readonly end: Promise<void>;
  bytes(): Buffer;
}

/** Collects a stream up to a limit; beyond it `exceeded` is called once and the rest is thrown away. */
function boundedBytes(stream: NodeJS.ReadableStream, limit: number, exceeded: () => void): Gathered {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    const before = size;
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else if (before <= limit) exceeded();
  });
  const end = new Promise<void>((done) => stream.on('end', () => done()));
  return { end, bytes: () => Buffer.concat(chunks) };
}
