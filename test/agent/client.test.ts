import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awaitDone, awaitReady, fetchRaw, launch, release, stateOf, stop } from '../../harness/agent/client.js';
import { throughLosses, type WaitClock } from '../../harness/agent/losses.js';
import { specBytes } from '../../harness/agent/spec.js';
import { BenchError } from '../../harness/errors.js';
import type { Executor } from '../../harness/types.js';
import { here, openBench, shell, spec, step, type Bench } from './fixture.js';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.remove());

const loss = (): BenchError => new BenchError({ stage: 'connect', message: 'connection lost' }, { transport: true });

/** A guest whose connection breaks `before` or `after` the command ran; the answer is lost in both cases. */
function flaky(breaks: (argv: readonly string[], call: number) => 'before' | 'after' | undefined): Executor {
  let call = 0;
  return {
    ...here,
    async exec(command) {
      call += 1;
      const when = breaks(command.argv, call);
      if (when === 'before') throw loss();
      const result = await here.exec(command);
      if (when === 'after') throw loss();
      return result;
    },
  };
}

/** Time that passes only by sleeping. */
function fakeClock(): WaitClock & { readonly slept: number[] } {
  const slept: number[] = [];
  return {
    slept,
    nowMs: () => slept.reduce((sum, ms) => sum + ms, 0),
    sleep: (ms) => {
      slept.push(ms);
      return Promise.resolve();
    },
  };
}

describe('a connection that is lost', () => {
  it('loses nothing, whichever call is hit and whether or not it was executed', async () => {
    for (const when of ['before', 'after'] as const) {
      const hit = new Set<string>();
      const guest = flaky(([, verb = '']) => {
        if (!['run', 'go', 'wait', 'pack'].includes(verb) || hit.has(verb)) return undefined;
        hit.add(verb);
        return when;
      });
      const reported: string[] = [];
      const persistence = { reconnectSeconds: 10, onReconnect: (what: string) => void reported.push(what) };
      const patience = { ...persistence, limitSeconds: 60 };
      const trial = spec(bench.trial(`lossy-${when}`), [shell('only', 'echo once >>"$LOG"; echo out')], {
        env: { LOG: bench.trial(`log-${when}`) },
      });
      await launch(guest, bench.agent, trial, persistence);
      expect(await awaitReady(guest, bench.agent, trial.dir, patience)).toBe('ready');
      await release(guest, bench.agent, trial.dir, 10, persistence);
      await awaitDone(guest, bench.agent, trial.dir, patience);
      const raw = Buffer.from(await fetchRaw(guest, bench.agent, trial.dir, persistence)).toString();
      expect(raw).toContain('==> only.out 4\nout\n\n');
      expect(await readFile(bench.trial(`log-${when}`), 'utf8')).toBe('once\n');
      expect([...hit].sort()).toEqual(['go', 'pack', 'run', 'wait']);
      expect(reported).toHaveLength(4);
      expect(reported[0]).toMatch(/^connection lost; reached again after \d/);
    }
  });

  it('is the error when it lasts too long, after pauses that grow to ten seconds', async () => {
    const clock = fakeClock();
    const guest = flaky(() => 'before');
    const waiting = awaitDone(guest, bench.agent, '/a/b', { limitSeconds: 600, reconnectSeconds: 30, clock });
    await expect(waiting).rejects.toMatchObject({ transport: true });
    expect(clock.slept).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 4250]);
  });

  it('is retried each time, up to 20 losses of one call', async () => {
    const clock = fakeClock();
    const guest = flaky(([, verb]) => (verb === 'pack' ? 'before' : undefined));
    await expect(fetchRaw(guest, bench.agent, bench.dir, { reconnectSeconds: 1, clock })).rejects.toMatchObject({
      transport: true,
    });
    expect(clock.slept).toHaveLength(20);
  });

  it('does not outlast an abort', async () => {
    const control = new AbortController();
    const clock: WaitClock = {
      nowMs: () => 0,
      sleep: () => new Promise(() => setTimeout(() => control.abort(new Error('Ctrl-C')), 10)),
    };
    const call = (): Promise<never> => Promise.reject(loss());
    await expect(throughLosses(call, call, { reconnectSeconds: 60, signal: control.signal, clock })).rejects.toThrow(
      'Ctrl-C',
    );
  });

  it('is not assumed for any other failure', async () => {
    let calls = 0;
    const call = (): Promise<never> => {
      calls += 1;
      return Promise.reject(new BenchError({ stage: 'launch', message: 'no such program' }));
    };
    await expect(throughLosses(call, call, { reconnectSeconds: 60 })).rejects.toThrow('no such program');
    expect(calls).toBe(1);
  });
});

describe('invalid answers', () => {
  const answering = (stdout: string, code = 0, stderr = ''): Executor => ({
    ...here,
    exec: () =>
      Promise.resolve({
        exit: { kind: 'code', code },
        stdout,
        stderr,
        stdoutBytes: Buffer.from(stdout),
        durationMs: 1,
      }),
  });

  it.each([
    ['stateOf', () => stateOf(answering('flying\n'), 'a', '/d'), 'absent | preparing'],
    ['release', () => release(answering('12; rm\n'), 'a', '/d', 1), 'a start instant in ns'],
    ['fetchRaw', () => fetchRaw(answering('Welcome!\nbench-raw/1\n'), 'a', '/d'), 'a raw file'],
  ])('are refused by %s', async (_, ask, expected) => {
    await expect(ask()).rejects.toThrow(expected);
  });

  it('reach the terminal without control characters', async () => {
    const failing = answering('', 1, 'bench-agent: \u001b[2Jboo\n');
    const error = await stop(answering('ready\n', 1, '\u001b]0;x\u0007'), 'a', '/d').catch((e: unknown) => e);
    expect(String(error)).not.toMatch(/[\u0000-\u0008\u001b]/);
    await expect(stateOf(failing, 'a', '/d')).rejects.toThrow(
      /the agent's state failed on local: .*boo \(found exit code 1\)/,
    );
  });
});

describe('the spec', () => {
  it('is a list of tokens, one setting each', () => {
    const trial = spec(
      '/w/trials/t1',
      [step('a', ['x', 'y=z'], { limitSeconds: 1.5, stdin: 'in', env: { K: 'v=w' } })],
      {
        cpus: [1, 3],
        scratch: '/w/scratch/t1',
        spin: true,
      },
    );
    expect(Buffer.from(specBytes(trial)).toString().split('\0')).toEqual([
      'bench-spec=1',
      'cpu=1',
      'cpu=3',
      'ready=20000',
      'scratch=/w/scratch/t1',
      'spin=1',
      'step=a',
      'phase=measure',
      'limit=1500',
      'onFailure=abort',
      'stdin=a.in',
      'env=PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'env=HOME=/w/scratch/t1',
      'env=LANG=C',
      'env=K=v=w',
      'arg=x',
      'arg=y=z',
      'end=',
      '',
    ]);
  });

  it.each([
    ['a NUL byte', spec('/a/b', [step('a', ['x\0y'])]), 'a NUL byte'],
    ['a step name with a slash', spec('/a/b', [step('a/b', ['x'])]), 'step name "a/b"'],
    ['two steps of one name', spec('/a/b', [step('a', ['x']), step('a', ['y'])]), 'two steps are named a'],
    ['no time limit', spec('/a/b', [step('a', ['x'], { limitSeconds: Infinity })]), 'limitSeconds of step a Infinity'],
    ['a limit of nothing', spec('/a/b', [step('a', ['x'], { limitSeconds: 0 })]), 'limitSeconds of step a 0'],
    ['half a CPU', spec('/a/b', [], { cpus: [0.5] }), 'a CPU 0.5'],
    ['a relative scratch directory', spec('/a/b', [], { scratch: 'x/y' }), 'scratch "x/y"'],
    ['a scratch directory that is the root', spec('/a/b', [], { scratch: '/' }), 'scratch "/"'],
    ['a scratch directory with dots', spec('/a/b', [], { scratch: '/a/../b' }), 'scratch "/a/../b"'],
    ['an odd environment name', spec('/a/b', [step('a', ['x'], { env: { 'A=B': '' } })]), 'environment name "A=B"'],
  ])('is not written with %s', (_, trial, found) => {
    expect(() => specBytes(trial)).toThrow(found);
  });
});

describe('a trial whose folder cannot be made', () => {
  it('fails at launch', async () => {
    await here.put({ path: join(bench.dir, 'file'), content: '' });
    const trial = spec(join(bench.dir, 'file', 'trial'), [step('x', ['true'])]);
    await expect(launch(here, bench.agent, trial)).rejects.toThrow(BenchError);
  });
});
