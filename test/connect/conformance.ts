import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BenchError } from '../../harness/errors.js';
import type { Command, Executor } from '../../harness/types.js';
import { HOSTILE } from './hostile.js';

/** An executor under test, with an empty directory that it can write to. */
export interface Subject {
  readonly executor: Executor;
  readonly scratch: string;
  close(): Promise<void>;
}

export interface Traits {
  /**
   * How a death by signal comes back: kept, as exit code 128 + n (most tools that enter a guest), or as one exit code
   * whatever the signal was (`ssh` as such a tool).
   */
  readonly signals?: 'kept' | 'as code' | number;
  /** What a time limit ends: the whole process group, or the command alone (busybox). */
  readonly limits?: 'group' | 'command';
}

/** What every executor must do. One suite for all: local, over SSH, inside a guest. */
export function conformance(title: string, make: () => Promise<Subject>, traits: Traits = {}): void {
  describe(title, () => {
    let subject: Subject | undefined;
    const at = (): Subject => {
      if (subject === undefined) throw new Error('the subject was not made');
      return subject;
    };
    const run = (command: Command): ReturnType<Executor['exec']> => at().executor.exec(command);
    const refusal = (promise: Promise<unknown>): Promise<BenchError> => refused(promise);

    beforeAll(async () => {
      subject = await make();
    });
    afterAll(() => subject?.close());

    it('passes every word of an argv as it is', async () => {
      const { stdout, exit } = await run({ argv: ['printf', '%s\\0', ...HOSTILE] });
      expect(exit).toEqual({ kind: 'code', code: 0 });
      expect(stdout.split('\0').slice(0, -1)).toEqual(HOSTILE);
    });

    it.each([0, 1, 2, 42, 125, 126, 127, 128, 137, 254, 255])('reports exit code %i', async (code) => {
      const { exit } = await run({ argv: ['sh', '-c', 'exit "$1"', 'sh', String(code)] });
      expect(exit).toEqual({ kind: 'code', code });
    });

    it.each([
      ['KILL', 9],
      ['TERM', 15],
      ['SEGV', 11],
    ])('reports death by SIG%s', async (name, number) => {
      const { exit } = await run({ argv: ['sh', '-c', 'kill -"$1" $$', 'sh', name] });
      const { signals = 'kept' } = traits;
      if (signals === 'kept') expect(exit).toEqual({ kind: 'signal', signal: `SIG${name}` });
      else expect(exit).toEqual({ kind: 'code', code: signals === 'as code' ? 128 + number : signals });
    });

    it('keeps stdout and stderr apart, and every byte of white space', async () => {
      const result = await run({ argv: ['sh', '-c', 'printf " out\\n\\n"; printf "\\nerr \\n" >&2'] });
      expect(result.stdout).toBe(' out\n\n');
      expect(result.stderr).toBe('\nerr \n');
    });

    it('carries a megabyte of bytes both ways', async () => {
      const content = randomBytes(1024 * 1024);
      const result = await run({ argv: ['cat'], stdin: content });
      expect(Buffer.from(result.stdoutBytes).equals(content)).toBe(true);
    });

    it('gives the bytes as they are and the text as UTF-8', async () => {
      const result = await run({ argv: ['printf', '\\303\\274\\377'] });
      expect([...result.stdoutBytes]).toEqual([0xc3, 0xbc, 0xff]);
      expect(result.stdout).toBe('ü\ufffd');
    });

    it('gives no input when there is none, and an empty one when it is empty', async () => {
      expect((await run({ argv: ['wc', '-c'] })).stdout.trim()).toBe('0');
      expect((await run({ argv: ['wc', '-c'], stdin: '' })).stdout.trim()).toBe('0');
    });

    it('does not mind a program that reads none of its input', async () => {
      const { exit } = await run({ argv: ['true'], stdin: randomBytes(512 * 1024) });
      expect(exit).toEqual({ kind: 'code', code: 0 });
    });

    it('runs in a directory, also one with a hostile name', async () => {
      const cwd = `${at().scratch}/it's a "dir"\n$HOME -x`;
      await run({ argv: ['mkdir', '--', cwd] });
      expect((await run({ argv: ['pwd', '-P'], cwd })).stdout).toBe(`${cwd}\n`);
    });

    it('passes environment variables as they are, on top of those that are there', async () => {
      const env = { BENCH_EMPTY: '', BENCH_HOSTILE: HOSTILE.join('='), BENCH_LINE: 'a\n b ', stage: 'kept' };
      const script = 'printf "%s\\0" "$BENCH_EMPTY" "$BENCH_HOSTILE" "$BENCH_LINE" "$stage" "${PATH:+inherited}"';
      const { stdout } = await run({ argv: ['sh', '-c', script], env });
      expect(stdout.split('\0').slice(0, -1)).toEqual([...Object.values(env), 'inherited']);
    });

    it('finds a program through the PATH of its environment', async () => {
      const bin = `${at().scratch}/own bin`;
      await at().executor.put({ path: `${bin}/bench-own`, content: '#!/bin/sh\necho own "$1"\n', mode: 0o755 });
      const { stdout } = await run({ argv: ['bench-own', 'x y'], env: { PATH: bin } });
      expect(stdout).toBe('own x y\n');
    });

    it('ends a command at its time limit, with its children', async () => {
      const marker = `${at().scratch}/ticks`;
      const ticks = 'for tick in $(seq 600); do echo alive >>"$1"; sleep 0.1; done';
      const script = traits.limits === 'command' ? ticks : `(${ticks}) & sleep 60`;
      const error = await refusal(run({ argv: ['sh', '-c', script, 'sh', marker], timeoutMs: 400 }));
      expect(error.problem.message).toContain('ran longer than 400 ms');
      expect(error.transport).toBe(false);
      const written = async (): Promise<string> =>
        (await run({ argv: ['sh', '-c', 'cat "$1" 2>&1 | wc -l', 'sh', marker] })).stdout;
      // What was alive would go on for a minute.
      const grows = async (): Promise<boolean> => {
        const before = await written();
        await new Promise((resolve) => setTimeout(resolve, 600));
        return (await written()) !== before;
      };
      await expect.poll(grows, { timeout: 20_000 }).toBe(false);
    });

    it('lets a command that is faster than its time limit be', async () => {
      const { exit, stdout } = await run({
        argv: ['sh', '-c', 'echo out; exit 7'],
        timeoutMs: 30_000,
        env: { A: 'b' },
      });
      expect([exit, stdout]).toEqual([{ kind: 'code', code: 7 }, 'out\n']);
    });

    it.each([
      ['does not exist', 'bench-no-such-program'],
      ['does not exist, with a path', '/nonexistent/bench-program'],
      ['is not executable', '/etc/passwd'],
      ['is a directory', '/tmp'],
    ])('rejects a program that %s', async (_, program) => {
      const error = await refusal(run({ argv: [program, 'x'] }));
      expect(error.problem.message).toContain(`cannot run ${program}`);
      expect(error.transport).toBe(false);
    });

    it('rejects a program that is missing under a time limit, too', async () => {
      const error = await refusal(run({ argv: ['bench-no-such-program'], timeoutMs: 20_000 }));
      expect(error.problem.message).toContain('cannot run bench-no-such-program');
    });

    it('rejects a directory that cannot be entered', async () => {
      const error = await refusal(run({ argv: ['true'], cwd: '/nonexistent/bench' }));
      expect(error.problem.message).toContain('cannot enter /nonexistent/bench');
    });

    it.each<[string, Command]>([
      ['a NUL byte', { argv: ['echo', 'a\0b'] }],
      ['a lone surrogate', { argv: ['echo', '\ud800'] }],
      ['a relative directory', { argv: ['pwd'], cwd: 'tmp' }],
      ['a bad name of a variable', { argv: ['true'], env: { 'A B': 'c' } }],
      ['an empty program', { argv: [''] }],
    ])('rejects a command with %s', async (_, command) => {
      expect((await refusal(run(command))).transport).toBe(false);
    });

    it('rejects too much output on either stream, and goes on afterwards', async () => {
      const script = 'head -c 300000 /dev/zero';
      const limit = { maxOutputBytes: 100_000 };
      for (const argv of [['sh', '-c', script] as const, ['sh', '-c', `${script} >&2`] as const]) {
        expect((await refusal(run({ argv, ...limit }))).problem.message).toContain('wrote too much');
      }
      expect((await run({ argv: ['head', '-c', '100000', '/dev/zero'], ...limit })).stdoutBytes.length).toBe(100_000);
    });

    files(at, refusal);
  });
}

function files(at: () => Subject, refusal: (promise: Promise<unknown>) => Promise<BenchError>): void {
  it('puts and gets bytes, makes directories and sets the mode', async () => {
    const { executor, scratch } = at();
    const content = randomBytes(200_000);
    const path = `${scratch}/a b/c'd/$e\nf.bin`;
    await executor.put({ path, content, mode: 0o750 });
    expect(Buffer.from(await executor.get(path)).equals(content)).toBe(true);
    expect((await executor.exec({ argv: ['stat', '-c', '%a', path] })).stdout).toBe('750\n');
    await executor.put({ path, content: 'ü' });
    expect((await executor.exec({ argv: ['stat', '-c', '%a %s', path] })).stdout).toBe('644 2\n');
  });

  it('puts and gets an empty file', async () => {
    const path = `${at().scratch}/empty`;
    await at().executor.put({ path, content: '' });
    expect((await at().executor.get(path)).byteLength).toBe(0);
  });

  it('leaves the old file and nothing else when a put fails', async () => {
    const { executor, scratch } = at();
    const path = `${scratch}/kept/file`;
    await executor.put({ path, content: 'old' });
    await executor.exec({ argv: ['mkdir', `${scratch}/kept/directory`] });
    const error = await refusal(executor.put({ path: `${scratch}/kept/directory`, content: 'x' }));
    expect(error.problem.found).toContain('is a directory');
    expect((await executor.exec({ argv: ['ls', '-A', `${scratch}/kept`] })).stdout).toBe('directory\nfile\n');
    expect((await executor.exec({ argv: ['ls', '-A', `${scratch}/kept/directory`] })).stdout).toBe('');
  });

  it("names the file and gives the system's own words when it cannot be written", async () => {
    const { executor, scratch } = at();
    const path = `${scratch}/file/below`;
    await executor.put({ path: `${scratch}/file`, content: 'in the way' });
    const error = await refusal(executor.put({ path, content: 'x' }));
    expect(error.problem.message).toContain(path);
    expect(error.problem.found).toMatch(/not a directory|file exists/i);
  });

  it.each([
    ['a missing file', '/nonexistent/bench', 'no such file'],
    ['a directory', '/tmp', 'not a regular file'],
    ['a device', '/dev/zero', 'not a regular file'],
  ])('rejects getting %s', async (_, path, found) => {
    const error = await refusal(at().executor.get(path));
    expect(error.problem.message).toContain(path);
    expect(error.problem.found).toContain(found);
  });

  it('rejects getting a file that is larger than allowed, and allows one that is as large', async () => {
    const { executor, scratch } = at();
    await executor.put({ path: `${scratch}/ten`, content: '0123456789' });
    expect((await refusal(executor.get(`${scratch}/ten`, 9))).problem.found).toContain('has 10 bytes');
    expect((await executor.get(`${scratch}/ten`, 10)).byteLength).toBe(10);
  });

  it('gets files of /proc, whose size is given as 0', async () => {
    expect(Buffer.from(await at().executor.get('/proc/self/stat')).toString()).toMatch(/^\d+ \(/);
  });

  it.each(['relative/path', '/tmp/', '/tmp/\0'])('rejects the path %j', async (path) => {
    expect((await refusal(at().executor.put({ path, content: '' }))).problem.stage).toBe('prepare');
    expect((await refusal(at().executor.get(path))).problem.stage).toBe('fetch');
  });
}

/** The `BenchError` that a promise rejects with; fails the test when it does not. */
export async function refused(promise: Promise<unknown>): Promise<BenchError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof BenchError) return error;
    throw error;
  }
  throw new Error('expected a BenchError, found that it worked');
}
