import { spawnSync } from 'node:child_process';
import { chmod, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  awaitDone,
  awaitMeasured,
  awaitReady,
  discard,
  fetchRaw,
  finish,
  launch,
  release,
  stateOf,
  stop,
} from '../../harness/agent/client.js';
import { specBytes } from '../../harness/agent/spec.js';
import { splitRawFile } from '../../harness/trial/raw-file.js';
import {
  endTrial,
  here,
  lives,
  openBench,
  output,
  runTrial,
  shell,
  spec,
  step,
  stepOf,
  type Bench,
} from './fixture.js';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.remove());

const PATIENCE = { limitSeconds: 60, reconnectSeconds: 0 };

async function agentPid(dir: string): Promise<number> {
  return Number((await readFile(join(dir, 'pid'), 'utf8')).split(' ')[0]);
}

/** Starts a trial whose measuring step lasts until the test ends it. */
async function measuring(name: string): Promise<string> {
  const trial = spec(bench.trial(name), [
    shell('server', 'setsid sleep 320 & echo $!', { phase: 'prepare', keep: true }),
    shell('long', 'setsid sleep 321 & e=$!; sleep 322 & echo $$ $e $! half; wait', { limitSeconds: 300 }),
  ]);
  await launch(here, bench.agent, trial);
  await awaitReady(here, bench.agent, trial.dir, PATIENCE);
  await release(here, bench.agent, trial.dir, 0);
  await contentOf(join(trial.dir, 'long.out'), 'half');
  return trial.dir;
}

/** The content of a file as soon as it has `part` in it. */
async function contentOf(path: string, part: string): Promise<string> {
  const end = performance.now() + 30_000;
  for (;;) {
    const text = await readFile(path, 'utf8').catch(() => '');
    if (text.includes(part)) return text;
    if (performance.now() > end) throw new Error(`${path} has no ${part} after 30 s`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('state', () => {
  it('follows a trial through its life', async () => {
    const trial = spec(bench.trial('life'), [
      shell('make', 'while [ ! -e "$GATE" ]; do sleep 0.05; done', {
        phase: 'prepare',
        env: { GATE: bench.trial('gate') },
      }),
      step('only', ['true']),
    ]);
    const state = (): Promise<string> => stateOf(here, bench.agent, trial.dir);
    expect(await state()).toBe('absent');
    await launch(here, bench.agent, trial);
    expect(await state()).toBe('preparing');
    expect((await stat(trial.dir)).mode & 0o777).toBe(0o700);
    await expect(release(here, bench.agent, trial.dir, 0)).rejects.toThrow('the agent is not ready');
    await writeFile(bench.trial('gate'), '');
    expect(await awaitReady(here, bench.agent, trial.dir, PATIENCE)).toBe('ready');
    expect(await state()).toBe('ready');
    const first = await release(here, bench.agent, trial.dir, 500);
    expect(await state()).toBe('measuring');
    expect(await release(here, bench.agent, trial.dir, 9000)).toEqual(first); // repeated after a lost answer
    await awaitDone(here, bench.agent, trial.dir, PATIENCE);
    expect(await state()).toBe('done');
    expect((await endTrial(bench, trial.dir)).agent.startNs).toBe(first.startNs);
  });

  it('refuses a second trial in the same directory, running or done', async () => {
    const dir = await measuring('twice');
    const again = spec(dir, [step('x', ['true'])], { scratch: bench.trial('other-scratch') });
    await expect(launch(here, bench.agent, again)).rejects.toThrow('this directory belongs to another trial');
    await stop(here, bench.agent, dir);
    await expect(launch(here, bench.agent, again)).rejects.toThrow('this directory belongs to another trial');
  });

  it('refuses a start instant that is years away instead of sleeping until then', async () => {
    const trial = spec(bench.trial('years'), [step('only', ['true'])]);
    await launch(here, bench.agent, trial);
    await awaitReady(here, bench.agent, trial.dir, PATIENCE);
    await here.exec({ argv: [bench.agent, 'go', trial.dir, '9000000000000000000'] });
    const { agent } = await endTrial(bench, trial.dir);
    expect(agent).toMatchObject({ state: 'aborted', error: 'the start instant is not within the next hour' });
  });
});

describe('an agent that was killed', () => {
  it('is reported as dead; its processes are killed, and what was written stays', async () => {
    const dir = await measuring('killed');
    const processes = [...(await contentOf(join(dir, 'long.out'), 'half')).matchAll(/\d+/g)].map(Number);
    processes.push(Number(await readFile(join(dir, 'server.out'), 'utf8')));
    expect(processes).toHaveLength(4);
    const waiting = awaitDone(here, bench.agent, dir, PATIENCE);
    const died = expect(waiting).rejects.toThrow(/stage measure: the agent on local died without a result/);
    process.kill(await agentPid(dir), 'SIGKILL');
    await died;
    expect(await stateOf(here, bench.agent, dir)).toBe('dead');
    for (const pid of processes) await expect.poll(() => lives(pid)).toBe(false);
    const parts = splitRawFile('raw', await fetchRaw(here, bench.agent, dir));
    expect(parts.map(({ name }) => name)).toEqual(['server.out', 'server.err', 'long.out', 'long.err']);
    await stop(here, bench.agent, dir);
    await expect(stat(join(dir, 'scratch'))).rejects.toThrow('ENOENT');
  });

  it.each([
    ['a pid that another process has now', (pid: string, start: string, boot: string) => `1 ${start} ${boot} ${pid}`],
    ['a boot that is over', (pid: string, start: string) => `${pid} ${start} 00000000-0000-0000-0000-000000000000`],
    ['another start time', (pid: string, start: string, boot: string) => `${pid} ${Number(start) - 1} ${boot}`],
    ['garbage', () => 'garbage'],
    ['nothing', () => ''],
  ])('is recognized by %s, and no other process is killed', async (title, forge) => {
    const dir = bench.trial(title.replaceAll(' ', '-'));
    await mkdir(dir);
    const self = await readFile('/proc/self/stat', 'utf8');
    const start = self.slice(self.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
    await writeFile(join(dir, 'pid'), forge(String(process.pid), start, boot));
    await writeFile(join(dir, 'spec'), specBytes(spec(dir, [])));
    expect(await stateOf(here, bench.agent, dir)).toBe('dead');
    await stop(here, bench.agent, dir); // it must not kill this process
    await expect(awaitDone(here, bench.agent, dir, PATIENCE)).rejects.toThrow('died without a result');
    await discard(here, bench.agent, dir);
    await expect(stat(dir)).rejects.toThrow('ENOENT');
  });
});

describe('stop', () => {
  it('ends the steps, what escaped them, the kept daemons and the agent, and removes the scratch directory', async () => {
    const dir = await measuring('stopped');
    const agent = await agentPid(dir);
    const daemon = Number((await readFile(join(dir, 'server.out'), 'utf8')).trim());
    await expect(discard(here, bench.agent, dir)).rejects.toThrow('this trial has not ended');
    await stop(here, bench.agent, dir);
    expect([await lives(agent), await lives(daemon)]).toEqual([false, false]);
    expect(await stateOf(here, bench.agent, dir)).toBe('dead');
    await expect(stat(join(dir, 'scratch'))).rejects.toThrow('ENOENT');
    await discard(here, bench.agent, dir);
    await expect(stat(dir)).rejects.toThrow('ENOENT');
  });

  it('is followed by the removal of the directory of the run with that of its last trial', async () => {
    const run = bench.trial('run');
    const dirs = [join(run, 't0001.1'), join(run, 't0002.1')] as const;
    for (const dir of dirs) {
      await launch(here, bench.agent, spec(dir, [step('one', ['true'])]));
      await stop(here, bench.agent, dir);
    }
    await discard(here, bench.agent, dirs[0]);
    expect(await readdir(run)).toEqual(['t0002.1']);
    await discard(here, bench.agent, dirs[1]);
    await expect(stat(run)).rejects.toThrow('ENOENT');
  });

  it('does nothing where there is no trial', async () => {
    await stop(here, bench.agent, bench.trial('nowhere'));
    await mkdir(bench.trial('empty'));
    await discard(here, bench.agent, bench.trial('empty'));
    await discard(here, bench.agent, bench.trial('nowhere'));
    await writeFile(join(bench.trial('empty'), 'spec'), 'of something else');
    await discard(here, bench.agent, bench.trial('empty'));
    await expect(stat(bench.trial('empty'))).resolves.toBeDefined();
  });
});

describe('waiting', () => {
  it('fails when the time is over', async () => {
    const dir = await measuring('slow');
    const impatient = { limitSeconds: 0, reconnectSeconds: 0 };
    await expect(awaitDone(here, bench.agent, dir, impatient)).rejects.toThrow(/is not done in time .*at most 0 s/);
    await stop(here, bench.agent, dir);
  });

  it('ends at once on an abort, and the trial goes on', async () => {
    const dir = await measuring('interrupted');
    const control = new AbortController();
    const waiting = awaitDone(here, bench.agent, dir, { ...PATIENCE, signal: control.signal });
    control.abort(new Error('Ctrl-C'));
    await expect(waiting).rejects.toThrow('Ctrl-C');
    expect(await stateOf(here, bench.agent, dir)).toBe('measuring');
    await stop(here, bench.agent, dir);
  });
});

describe('the raw file', () => {
  it('holds every byte of every stream, in the order of the steps', async () => {
    const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7 + (index >> 8)) % 256));
    const blob = join(bench.dir, 'blob');
    await writeFile(blob, bytes);
    const ended = await runTrial(
      bench,
      spec(bench.trial('bytes'), [
        step('binary', ['cat', blob]),
        shell('decoy', 'printf "==> result.json 3\\nbench-raw/1\\n\\n" >&2; printf "no line feed"'),
        step('silent', ['true'], { phase: 'cleanup' }),
      ]),
    );
    expect([...ended.parts.keys()]).toEqual([
      'result.json',
      ...['binary', 'decoy', 'silent'].flatMap((name) => [`${name}.out`, `${name}.err`]),
    ]);
    expect(ended.parts.get('binary.out')?.equals(bytes)).toBe(true);
    expect(output(ended, 'decoy.err')).toBe('==> result.json 3\nbench-raw/1\n\n');
    expect(output(ended, 'decoy.out')).toBe('no line feed');
    expect(output(ended, 'silent.err')).toBe('');
  });

  it('ignores a file with which a step replaced its output', async () => {
    const trial = spec(bench.trial('swapped'), [
      shell(
        'evil',
        'rm "$DIR/evil.out"; ln -s /etc/passwd "$DIR/evil.out"; rm "$DIR/evil.err"; mkfifo "$DIR/evil.err"',
        {
          env: { DIR: bench.trial('swapped') },
        },
      ),
    ]);
    const ended = await runTrial(bench, trial);
    expect([output(ended, 'evil.out'), output(ended, 'evil.err')]).toEqual(['', '']);
    expect(stepOf(ended, 'evil')).toMatchObject({ stdoutBytes: 0, stderrBytes: 0 });
  });
});

const asRoot = process.getuid?.() === 0;
const canMount = asRoot && spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

describe.skipIf(!canMount)('with disks of its own (skipped where no tmpfs can be mounted, which takes root)', () => {
  const disk = (): string => join(bench.dir, 'disk');
  beforeAll(async () => {
    await mkdir(disk());
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=755', 'none', disk()]);
  });
  afterAll(async () => {
    await bench.stopTrials(disk());
    spawnSync('umount', [disk()]);
  });

  it('loses nothing of the accounting when a step fills the disk', async () => {
    const trial = spec(join(disk(), 'filled'), [
      shell('fills', 'cat /dev/zero >big; echo more output', { onFailure: 'continue' }),
      step('after', ['true']),
    ]);
    const { agent } = await runTrial(bench, trial);
    expect(agent).toMatchObject({ state: 'done', diskFull: true });
    expect(agent.steps.map(({ name }) => name)).toEqual(['fills', 'after']);
    await discard(here, bench.agent, trial.dir);
  });

  it('does not remove what was mounted into the scratch directory, by a bind mount of the same disk either', async () => {
    const precious = join(bench.dir, 'precious');
    await here.put({ path: join(precious, 'kept', 'file'), content: 'x' });
    const trial = spec(bench.trial('mounted'), [
      shell(
        'mounts',
        'mkdir bound other plain; mount --bind "$P" bound; mount -t tmpfs none other; touch other/x plain/x',
        {
          env: { P: precious },
        },
      ),
    ]);
    const unmount = (): unknown => spawnSync('umount', [join(trial.scratch, 'bound'), join(trial.scratch, 'other')]);
    const { agent } = await runTrial(bench, trial).catch((error: unknown) => {
      unmount();
      throw error;
    });
    const other = await readFile(join(trial.scratch, 'other', 'x'), 'utf8').catch(() => 'removed');
    unmount();
    expect(agent.state).toBe('done');
    expect(agent.error).toMatch(/^the scratch directory could not be removed/);
    await expect(readFile(join(precious, 'kept', 'file'), 'utf8')).resolves.toBe('x');
    expect(other).toBe('');
    await expect(stat(join(trial.scratch, 'plain'))).rejects.toThrow('ENOENT');
  });

  it('fails at once when the disk is full before', async () => {
    const dir = join(disk(), 'refused');
    await here.put({ path: join(dir, 'spec'), content: specBytes(spec(dir, [step('x', ['true'])])) });
    await here.exec({ argv: ['sh', '-c', 'cat /dev/zero >"$1"', 'sh', join(disk(), 'ballast')] });
    const refused = await here.exec({ argv: [bench.agent, 'run', dir] });
    expect(refused.exit).toEqual({ kind: 'code', code: 1 });
    expect(refused.stderr).toBe('bench-agent: cannot reserve space for the result: No space left on device\n');
  });
});

describe('bad requests', () => {
  const END = 'end=\0';
  it.each([
    ['an empty spec', '', 'cut short'],
    ['another format', `bench-spec=2\0${END}`, 'expected bench-spec=1'],
    ['a spec without its end', 'bench-spec=1\0', 'cut short'],
    ['a spec whose last token is torn', 'bench-spec=1\0step=a', 'cut short'],
    ['something after the end', `bench-spec=1\0${END}step=a\0`, 'bad token'],
    ['a token without a value', `bench-spec=1\0spin\0${END}`, 'bad token'],
    ['an unknown setting', `bench-spec=1\0colour=red\0${END}`, 'unknown key colour'],
    ['a step setting before any step', `bench-spec=1\0limit=3\0${END}`, 'unknown key limit'],
    ['a step without a program', `bench-spec=1\0step=a\0phase=measure\0limit=5\0${END}`, 'step a lacks'],
    ['a step without a limit', `bench-spec=1\0step=a\0phase=measure\0arg=x\0${END}`, 'step a lacks'],
    ['a step that leaves the directory', `bench-spec=1\0step=../a\0${END}`, 'bad step name'],
    ['two steps of one name', `bench-spec=1\0step=a\0step=a\0${END}`, 'two steps are named a'],
    ['a number that is none', `bench-spec=1\0ready=1x\0${END}`, 'bad number 1x'],
    ['a negative number', `bench-spec=1\0cpu=-1\0${END}`, 'bad number -1'],
    ['a number too large', `bench-spec=1\0ready=99999999999999999999\0${END}`, 'bad number'],
    ['a phase that is none', `bench-spec=1\0step=a\0phase=later\0${END}`, 'bad value later'],
    ['a relative scratch directory', `bench-spec=1\0scratch=tmp\0${END}`, 'absolute'],
  ])('refuses %s in one line', async (title, content, words) => {
    const dir = bench.trial(`bad-${title.replaceAll(' ', '-')}`);
    await here.put({ path: join(dir, 'spec'), content });
    const result = await here.exec({ argv: [bench.agent, 'run', dir] });
    expect(result.exit).toEqual({ kind: 'code', code: 1 });
    expect(result.stderr).toMatch(/^bench-agent: [^\n]+\n$/);
    expect(result.stderr).toContain(words);
  });

  it.each([[[]], [['run']], [['wait', '/tmp', 'never', '1']], [['go', '/tmp']], [['explode', '/tmp']]])(
    'answers %j with its usage and code 2',
    async (args) => {
      const result = await here.exec({ argv: [bench.agent, ...args] });
      expect(result.exit).toEqual({ kind: 'code', code: 2 });
      expect(result.stderr).toMatch(/^usage: bench-agent/);
    },
  );

  it.skipIf(asRoot)('reports a directory that it cannot write to (skipped for root, who can)', async () => {
    const dir = bench.trial('forbidden');
    await here.put({ path: join(dir, 'spec'), content: specBytes(spec(dir, [])) });
    await chmod(dir, 0o500);
    const result = await here.exec({ argv: [bench.agent, 'run', dir] });
    expect(result.stderr).toContain('cannot write the result: Permission denied');
  });
});

describe('finish', () => {
  it('ends the step that measures, lets it print its results, skips the rest, and cleans up', async () => {
    const trial = spec(bench.trial('finish'), [
      shell('load', 'trap "echo wrote 7; exit 0" TERM; echo half; while :; do sleep 0.05; done', { limitSeconds: 300 }),
      shell('more', 'echo never'),
      shell('clean', 'echo cleaned', { phase: 'cleanup' }),
    ]);
    await launch(here, bench.agent, trial);
    await awaitReady(here, bench.agent, trial.dir, PATIENCE);
    await release(here, bench.agent, trial.dir, 0);
    await contentOf(join(trial.dir, 'load.out'), 'half');
    await finish(here, bench.agent, trial.dir);
    const ended = await endTrial(bench, trial.dir);
    expect(ended.agent.state).toBe('done');
    expect(ended.agent.steps.map(({ status }) => status)).toEqual(['finished', 'skipped', 'exited']);
    expect(output(ended, 'load.out')).toBe('half\nwrote 7\n');
    expect(BigInt(ended.agent.awakeNs)).toBeGreaterThanOrEqual(BigInt(ended.agent.startNs));
    await finish(here, bench.agent, trial.dir);
  });

  it('starts a delayed cleanup; the result follows it', async () => {
    const steps = [shell('work', 'echo worked'), shell('clean', 'echo cleaned', { phase: 'cleanup' })];
    const trial = spec(bench.trial('hold'), steps, { holdSeconds: 300 });
    await launch(here, bench.agent, trial);
    await awaitReady(here, bench.agent, trial.dir, PATIENCE);
    await release(here, bench.agent, trial.dir, 0);
    await awaitMeasured(here, bench.agent, trial.dir, PATIENCE);
    expect(await stateOf(here, bench.agent, trial.dir)).toBe('measuring');
    expect(await contentOf(join(trial.dir, 'work.out'), 'worked')).toBe('worked\n');
    await finish(here, bench.agent, trial.dir);
    const ended = await endTrial(bench, trial.dir);
    expect(ended.agent.steps.map(({ status }) => status)).toEqual(['exited', 'exited']);
    const [work, clean] = [stepOf(ended, 'work'), stepOf(ended, 'clean')];
    expect(ended.agent.endedNs).toBe(work.endNs);
    expect(BigInt(clean.startNs)).toBeGreaterThan(BigInt(work.endNs));
  });

  it('is announced without a write: nothing reaches a disk between the start and the last end', async () => {
    const trial = spec(bench.trial('quiet'), [shell('work', 'sleep 0.5')], { holdSeconds: 300 });
    await launch(here, bench.agent, trial);
    await awaitReady(here, bench.agent, trial.dir, PATIENCE);
    await release(here, bench.agent, trial.dir, 300);
    const [pid = ''] = (await readFile(join(trial.dir, 'pid'), 'utf8')).split(' ');
    const writes = async () => /^syscw: \d+$/m.exec(await readFile(`/proc/${pid}/io`, 'utf8'))?.[0];
    const [before, names] = [await writes(), await readdir(trial.dir)];
    await awaitMeasured(here, bench.agent, trial.dir, PATIENCE);
    expect(before).toMatch(/syscw/);
    expect(await writes()).toBe(before);
    expect(await readdir(trial.dir)).toEqual(names);
    await finish(here, bench.agent, trial.dir);
    expect((await endTrial(bench, trial.dir)).agent.state).toBe('done');
  });

  it('is awaited no longer than the limit, and not at all if nothing was measured', async () => {
    const clean = shell('clean', 'echo cleaned', { phase: 'cleanup' });
    const short = spec(bench.trial('hold-over'), [shell('work', 'true'), clean], { holdSeconds: 0.2 });
    expect((await runTrial(bench, short)).agent.state).toBe('done');
    const broken = spec(bench.trial('hold-broken'), [shell('pre', 'exit 3', { phase: 'prepare' }), clean], {
      holdSeconds: 300,
    });
    expect((await runTrial(bench, broken)).agent.state).toBe('aborted');
  });

  it('kills a step that ignores SIGTERM', async () => {
    const trial = spec(bench.trial('stubborn'), [
      shell('load', 'trap "" TERM; echo half; while :; do sleep 0.05; done', { limitSeconds: 300 }),
    ]);
    await launch(here, bench.agent, trial);
    await awaitReady(here, bench.agent, trial.dir, PATIENCE);
    await expect(finish(here, bench.agent, trial.dir)).rejects.toThrow(/does not measure/);
    await release(here, bench.agent, trial.dir, 0);
    await contentOf(join(trial.dir, 'load.out'), 'half');
    await finish(here, bench.agent, trial.dir);
    const ended = await endTrial(bench, trial.dir);
    expect(stepOf(ended, 'load')).toMatchObject({ status: 'finished', code: null, signal: null });
  });
});
