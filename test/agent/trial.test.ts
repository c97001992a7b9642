import { existsSync } from 'node:fs';
import { mkdir, readFile, rmdir, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { awaitReady, launch, release, stateOf } from '../../harness/agent/client.js';
import {
  adoptsOrphans,
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

/** Marks the processes of this test among all of the machine: the fraction of a `sleep`. */
const MARKED = { MARK: String(process.pid) };
const PATIENCE = { limitSeconds: 60, reconnectSeconds: 0 };
/** How many CPUs this process may use. */
const cpus = availableParallelism();

/** Shell code that uses CPU time. */
const spinning = (rounds: number): string => `i=0; while [ $i -lt ${rounds} ]; do i=$((i + 1)); done`;
/** Shell code that waits for a file in the directory of the trial. */
const until = (file: string): string => `until [ -e ../${file} ]; do sleep 0.05; done`;

describe('steps', () => {
  it('accounts for each step and keeps its streams apart', async () => {
    const ended = await runTrial(
      bench,
      spec(bench.trial('plain'), [
        shell('first', 'echo out; echo err >&2'),
        shell('busy', 'i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; exit 0'),
      ]),
    );
    expect(ended.agent).toMatchObject({ state: 'done', error: null, diskFull: false });
    expect([output(ended, 'first.out'), output(ended, 'first.err')]).toEqual(['out\n', 'err\n']);
    expect(stepOf(ended, 'first')).toMatchObject({ status: 'exited', code: 0, stdoutBytes: 4, stderrBytes: 4 });
    const busy = stepOf(ended, 'busy');
    expect(busy.userUs + busy.systemUs).toBeGreaterThan(1000);
    expect(BigInt(busy.endNs) - BigInt(busy.startNs)).toBeGreaterThan(1_000_000n);
    expect(busy.cpuFirst).toBeGreaterThanOrEqual(0);
    expect(ended.agent.cpusSeen).toContain(busy.cpuLast);
  });

  it('starts at the instant that was given, records how late it was, and counts the ticks around it', async () => {
    const { agent } = await runTrial(bench, spec(bench.trial('instant'), [step('only', ['true'])], { spin: true }));
    expect(BigInt(agent.startNs)).toBeGreaterThan(BigInt(agent.readyNs));
    expect(BigInt(agent.startedNs)).toBeGreaterThanOrEqual(BigInt(agent.startNs));
    expect(agent.startedNs).toBe(agent.steps[0]?.startNs);
    expect(agent.endedNs).toBe(agent.steps[0]?.endNs);
    expect(Object.keys(agent.cpuTicks.after).length).toBeGreaterThan(0);
    expect(Object.keys(agent.cpuTicks.before)).toEqual(Object.keys(agent.cpuTicks.after));
    expect(agent.loadAfter).toHaveLength(3);
  });

  it.each([
    ['a program that does not exist', step('x', ['/no/such/program']), /^\/no\/such\/program: No such file/],
    ['a name that PATH does not find', step('x', ['no-such-program-anywhere']), /^no-such-program-anywhere: No such/],
    ['a file that is no program', step('x', ['/etc/passwd']), /^\/etc\/passwd: Permission denied/],
    ['a directory that does not exist', step('x', ['true'], { cwd: '/no/such' }), /working directory: No such file/],
  ])('reports %s as unstarted, with the message of the system', async (title, unstartable, words) => {
    const ended = await runTrial(bench, spec(bench.trial(title.replaceAll(' ', '-')), [unstartable]));
    expect(stepOf(ended, 'x')).toMatchObject({ status: 'unstarted', code: null, signal: null });
    expect(stepOf(ended, 'x').message).toMatch(words);
    expect(ended.agent.state).toBe('aborted');
  });

  it('goes to the cleanup after a failure, or on to the next step if `onFailure` is `continue`', async () => {
    const ended = await runTrial(
      bench,
      spec(bench.trial('failures'), [
        shell('tolerated', 'exit 3', { onFailure: 'continue' }),
        shell('signaled', 'kill -USR1 $$'),
        step('never', ['true']),
        shell('tidy', 'exit 1', { phase: 'cleanup' }),
        step('tidy-more', ['true'], { phase: 'cleanup' }),
      ]),
    );
    expect(ended.agent).toMatchObject({ state: 'aborted', error: 'step signaled: ended by signal 10' });
    expect(ended.agent.steps.map(({ status, code, signal }) => [status, code, signal])).toEqual([
      ['exited', 3, null],
      ['signaled', null, 10],
      ['skipped', null, null],
      ['exited', 1, null],
      ['exited', 0, null],
    ]);
  });

  it('measures nothing after a failed preparation, and reports that to the caller that waits for `ready`', async () => {
    const trial = spec(bench.trial('unprepared'), [
      shell('make', 'exit 7', { phase: 'prepare' }),
      step('never', ['true']),
      shell('tidy', 'echo tidied', { phase: 'cleanup' }),
    ]);
    await launch(here, bench.agent, trial);
    expect(await awaitReady(here, bench.agent, trial.dir, PATIENCE)).toBe('ended');
    const ended = await endTrial(bench, trial.dir);
    expect(ended.agent).toMatchObject({ state: 'aborted', error: 'step make: exited with code 7', startedNs: '0' });
    expect(output(ended, 'tidy.out')).toBe('tidied\n');
  });

  it('gives a step exactly the requested arguments, environment and input', async () => {
    const nasty = [
      'a b',
      "it's",
      '"',
      '$(id)',
      '`id`',
      '-n',
      '',
      'new\nline',
      'tab\t',
      'ümläut 🐢',
      '*',
      '\\',
      '=',
      '%s',
    ];
    const ended = await runTrial(
      bench,
      spec(
        bench.trial('nasty'),
        [
          step('args', ['printf', '<%s>\\n', ...nasty]),
          step('environment', ['env', '-0'], { env: { NASTY: 'x=1\ny ü', BASE: 'of the step' } }),
          step('input', ['cat'], { stdin: 'lines\nof ü input' }),
          step('no-input', ['cat']),
        ],
        { env: { BASE: 'of the trial', OTHER: '$HOME' } },
      ),
    );
    expect(output(ended, 'args.out')).toBe(nasty.map((word) => `<${word}>\n`).join(''));
    const found = output(ended, 'environment.out').split('\0').slice(0, -1).sort();
    // Where orphans are not adopted, a mark shows whose they are.
    const marks: unknown[] = adoptsOrphans() ? [] : [expect.stringMatching(/^BENCH_AGENT=\d+\.\d+$/)];
    expect(found).toEqual([
      'BASE=of the step',
      ...marks,
      `HOME=${bench.trial('nasty')}/scratch`,
      'LANG=C',
      'NASTY=x=1\ny ü',
      'OTHER=$HOME',
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ]);
    expect(output(ended, 'input.out')).toBe('lines\nof ü input');
    expect(output(ended, 'no-input.out')).toBe('');
  });

  it('starts steps with default signals, no open files of its own, and a process group of their own', async () => {
    const ended = await runTrial(
      bench,
      spec(bench.trial('clean'), [
        shell('signals', 'grep -E "^Sig(Blk|Ign)" /proc/self/status'),
        shell('files', 'ls /proc/self/fd'),
        shell('group', 'ps -o pgid= -p $$; echo $$'),
        shell('umask', 'umask'),
      ]),
    );
    expect(output(ended, 'signals.out')).toMatch(/^SigBlk:\t0+\nSigIgn:\t0+\n$/);
    expect(output(ended, 'files.out').split('\n').filter(Boolean)).toEqual(['0', '1', '2', '3']); // 3: ls reading it
    const [group, pid] = output(ended, 'group.out').trim().split(/\s+/);
    expect(group).toBe(pid);
    expect(output(ended, 'umask.out')).toBe('0022\n');
  });

  it('accepts a directory with a hostile name', async () => {
    const dir = bench.trial('-rf $(id) "\n\' ü');
    const ended = await runTrial(bench, spec(dir, [shell('where', 'pwd')]));
    expect(output(ended, 'where.out')).toBe(`${dir}/scratch\n`);
  });
});

describe('limits', () => {
  it('kills the group and a grandchild that left it and ignores SIGTERM', async () => {
    const ended = await runTrial(
      bench,
      spec(bench.trial('escape'), [
        shell('stuck', `setsid sh -c 'trap "" TERM; echo $$; sleep 300' & trap "" TERM; sleep 301`, {
          limitSeconds: 0.5,
          onFailure: 'continue',
        }),
        step('after', ['true']),
      ]),
    );
    expect(stepOf(ended, 'stuck')).toMatchObject({ status: 'limit', code: null, signal: null });
    expect(stepOf(ended, 'after').status).toBe('exited');
    expect(await lives(Number(output(ended, 'stuck.out').trim()))).toBe(false);
  });

  it('kills what a step leaves behind although it ended well, through several generations', async () => {
    const ended = await runTrial(
      bench,
      spec(
        bench.trial('leftover'),
        [
          shell(
            'leaves',
            `setsid sh -c 'setsid sh -c "setsid sleep 302.$MARK & echo \\$! ; sleep 303.$MARK" & sleep 304.$MARK' & sleep 0.2`,
          ),
          shell('counts', 'ps -eo args= | grep -c "^sleep 30[234].$MARK" || true'),
        ],
        { env: MARKED },
      ),
    );
    expect(stepOf(ended, 'leaves')).toMatchObject({ status: 'exited', code: 0 });
    expect(Number(output(ended, 'leaves.out').trim())).toBeGreaterThan(1);
    expect(output(ended, 'counts.out')).toBe('0\n');
  });

  const isRoot = process.getuid?.() === 0;
  it.skipIf(!isRoot)('kills an orphan that left its session and its environment (skipped: not root)', async () => {
    const ended = await runTrial(
      bench,
      spec(
        bench.trial('stripped'),
        [
          shell('leaves', `(setsid env -i sh -c 'exec sleep 306.'$MARK &) ; sleep 0.3`),
          shell('counts', 'ps -eo args= | grep -c "^sleep 306.$MARK" || true'),
        ],
        { env: MARKED },
      ),
    );
    expect(output(ended, 'counts.out')).toBe('0\n');
  });

  it('accounts for all descendants during the measurement: waited for, orphaned, and kept servers', async () => {
    const burn = 'end=$(($(date +%s%N) + 300000000)); while [ $(date +%s%N) -lt $end ]; do :; done';
    // Each loop prints what it used itself, because the same loop does not take the same time twice.
    const spin = (name: string): string => `${spinning(250_000)}; times >../${name}.times`;
    const ended = await runTrial(
      bench,
      spec(bench.trial('own'), [
        shell('server', `(${until('begun')}; ${spin('server')}; touch ../served; sleep 300) & :`, {
          phase: 'prepare',
          keep: true,
        }),
        shell('before', spin('before'), { phase: 'prepare' }),
        shell('waited', `touch ../begun; ${spin('waited')}; ${until('served')}`),
        shell('orphan', `(setsid sh -c '${spin('orphan')}; touch ../done' &) ; ${until('done')}`),
        shell('shows', 'cat ../waited.times ../orphan.times ../server.times', { phase: 'cleanup' }),
        shell('after', burn, { phase: 'cleanup' }),
      ]),
    );
    const { before = 0, after = 0 } = ended.agent.ownCpuUs ?? {};
    // Of each shell the first line, which leaves out the children, and of that the user time.
    const loops = output(ended, 'shows.out')
      .split('\n')
      .filter((_, line) => line % 2 === 0)
      .flatMap((line) => /^(\d+)m([\d.]+)s/.exec(line)?.slice(1).map(Number) ?? []);
    expect(loops).toHaveLength(6);
    const looped = 1e6 * loops.reduce((sum, value, index) => sum + (index % 2 === 0 ? 60 * value : value), 0);
    const used = after - before;
    // Three loops; an orphan that is not adopted is lost when it ends.
    expect(used).toBeGreaterThan((adoptsOrphans() ? 0.85 : 0.5) * looped);
    // The rest is what waits for files; the loops before and after would add a third each.
    expect(used).toBeLessThan(1.6 * looped);
    expect(before).toBeGreaterThan(0.85 * stepOf(ended, 'before').userUs);
  });

  it('keeps a bounded output and kills the step that writes more', async () => {
    const trial = spec(bench.trial('output'), [step('floods', ['yes', 'flood'])], { outputLimitBytes: 100_000 });
    const ended = await runTrial(bench, trial);
    expect(stepOf(ended, 'floods')).toMatchObject({ status: 'output', stdoutBytes: 100_000 });
    expect(ended.parts.get('floods.out')?.length).toBe(100_000);
    expect(ended.agent.error).toBe('step floods: killed beyond its output limit');
  });

  it('notices too much output of a step that ended before the agent looked', async () => {
    const trial = spec(bench.trial('quick-output'), [shell('floods', 'head -c 5000 /dev/zero >&2')], {
      outputLimitBytes: 1000,
    });
    expect(stepOf(await runTrial(bench, trial), 'floods')).toMatchObject({ status: 'output', stderrBytes: 1000 });
  });

  it('abandons a trial that is never released, after its cleanup', async () => {
    const trial = spec(
      bench.trial('abandoned'),
      [step('never', ['true']), shell('tidy', 'echo tidied', { phase: 'cleanup' })],
      { readyLimitSeconds: 0.3 },
    );
    await launch(here, bench.agent, trial);
    const ended = await endTrial(bench, trial.dir);
    expect(ended.agent).toMatchObject({ state: 'abandoned', error: 'no start instant came within 300 ms' });
    expect(ended.agent.steps.map(({ status }) => status)).toEqual(['skipped', 'exited']);
    await expect(release(here, bench.agent, trial.dir, 10)).rejects.toThrow('the agent is not ready');
  });
});

describe('more than 256 children of one parent', () => {
  it('are all accounted for, kept, and killed', async () => {
    const many = (seconds: number): string =>
      `i=0; while [ $i -lt 300 ]; do sleep ${seconds}.$MARK & i=$((i + 1)); done`;
    const counted = 'ps -eo args= | grep -c "^sleep 34[01].$MARK"';
    // The last child of the server is the only one that uses CPU time while the trial measures.
    const burner = `(${until('begun')}; ${spinning(400_000)}; touch ../burned; exec sleep 342.$MARK)`;
    const ended = await runTrial(
      bench,
      spec(
        bench.trial('many'),
        [
          shell('server', `(${many(340)}; ${burner} & wait) & ${many(341)}`, { phase: 'prepare', keep: true }),
          shell('settled', `until [ $(${counted}) -eq 600 ]; do sleep 0.05; done`, { phase: 'prepare' }),
          shell('alike', `touch ../begun; ${spinning(400_000)}; ${until('burned')}`),
          shell('leaves', many(340)),
          shell('counts', counted, { phase: 'cleanup' }),
        ],
        { env: MARKED },
      ),
    );
    expect(ended.agent).toMatchObject({ state: 'done', error: null });
    expect(output(ended, 'counts.out')).toBe('600\n');
    const cpuUs = (name: string): number => stepOf(ended, name).userUs + stepOf(ended, name).systemUs;
    const { before = 0, after = 0 } = ended.agent.ownCpuUs ?? {};
    expect(after - before - cpuUs('alike') - cpuUs('leaves')).toBeGreaterThan(0.6 * cpuUs('alike'));
    const left = await here.exec({ argv: ['sh', '-c', `${counted} || true`], env: MARKED });
    expect(left.stdout).toBe('0\n');
  });
});

describe('kept daemons', () => {
  it('live from the preparation to the end of the cleanup, with their children, and die then', async () => {
    const seen = 'ps -eo args= | grep -c "^sleep 31[01].$MARK" || true';
    const ended = await runTrial(
      bench,
      spec(
        bench.trial('kept'),
        [
          shell('server', `setsid sh -c 'sleep 310.$MARK & sleep 311.$MARK & echo $$; wait' & sleep 0.2`, {
            phase: 'prepare',
            keep: true,
          }),
          shell('check', `setsid sleep 312.$MARK & ${seen}`),
          shell('stray', 'ps -eo args= | grep -c "^sleep 312.$MARK" || true'),
          shell('late', seen, { phase: 'cleanup' }),
        ],
        { env: MARKED },
      ),
    );
    expect(['check', 'stray', 'late'].map((name) => output(ended, `${name}.out`))).toEqual(['2\n', '0\n', '2\n']);
    expect(await lives(Number(output(ended, 'server.out').trim()))).toBe(false);
    const left = await here.exec({ argv: ['sh', '-c', seen], env: MARKED });
    expect(left.stdout).toBe('0\n');
  });
});

describe('scratch directory', () => {
  it('is empty at the start, is where steps run, and is removed without following links', async () => {
    const outside = join(bench.dir, 'outside');
    await here.exec({ argv: ['mkdir', outside] });
    await writeFile(join(outside, 'precious'), 'x');
    const trial = spec(bench.trial('scratch'), [
      shell(
        'fill',
        'ls -A; mkdir -p a/b/c; touch a/b/c/f; chmod 0 a/b/c; ln -s "$OUTSIDE" link; ln -s "$OUTSIDE" a/link',
        {
          env: { OUTSIDE: outside },
        },
      ),
    ]);
    const ended = await runTrial(bench, trial);
    expect(ended.agent.error).toBe(null);
    expect(output(ended, 'fill.out')).toBe('');
    await expect(readFile(join(outside, 'precious'), 'utf8')).resolves.toBe('x');
    await expect(readFile(join(trial.dir, 'scratch'))).rejects.toThrow('ENOENT');
  });

  it('is refused where there is something already, or a link', async () => {
    const full = join(bench.dir, 'full');
    await here.put({ path: `${full}/file`, content: 'mine' });
    await expect(launch(here, bench.agent, spec(bench.trial('s1'), [], { scratch: full }))).rejects.toThrow(
      /scratch directory .*: File exists/,
    );
    const link = join(bench.dir, 'link');
    await symlink(full, link);
    await expect(launch(here, bench.agent, spec(bench.trial('s2'), [], { scratch: link }))).rejects.toThrow(
      'File exists',
    );
    await expect(readFile(`${full}/file`, 'utf8')).resolves.toBe('mine');
  });
});

describe('CPUs', () => {
  it('pins itself and its steps', async () => {
    const shown = await here.exec({
      argv: ['sh', '-c', 'sed -n "s/^Cpus_allowed_list:.\\([0-9]*\\).*/\\1/p" /proc/self/status'],
    });
    const first = Number(shown.stdout.trim());
    const ended = await runTrial(
      bench,
      spec(bench.trial('pinned'), [shell('where', 'sed -n "s/^Cpus_allowed_list:.//p" /proc/self/status')], {
        cpus: [first],
      }),
    );
    expect(ended.agent).toMatchObject({ affinity: String(first), pinned: [first], cpusSeen: [first] });
    expect(output(ended, 'where.out')).toBe(`${first}\n`);
  });

  it('refuses a CPU that does not exist', async () => {
    const trial = spec(bench.trial('no-cpu'), [step('x', ['true'])], { cpus: [1023] });
    await expect(launch(here, bench.agent, trial)).rejects.toThrow(/stage launch: .*cannot pin to the requested CPUs/);
    expect(await stateOf(here, bench.agent, trial.dir)).toBe('absent');
  });

  it('refuses a set of which only a part may be used', async () => {
    const trial = spec(bench.trial('part-cpu'), [step('x', ['true'])], { cpus: [0, 1023] });
    await expect(launch(here, bench.agent, trial)).rejects.toThrow(/only \d+ of 2 may be used|cannot pin/);
  });

  const CPUSET = '/sys/fs/cgroup/cpuset';
  it.skipIf(cpus < 2 || process.getuid?.() !== 0 || !existsSync(`${CPUSET}/cpuset.cpus`))(
    'aborts when it may not return to its CPUs at the start (skipped without two CPUs, root and cpusets of version 1)',
    async () => {
      const trial = spec(bench.trial('moved'), [shell('never', 'echo ran')], { cpus: [1], home: 0 });
      const group = `${CPUSET}/bench-test-${process.pid}`;
      await mkdir(group);
      try {
        await writeFile(`${group}/cpuset.mems`, await readFile(`${CPUSET}/cpuset.mems`));
        await writeFile(`${group}/cpuset.cpus`, '0');
        await launch(here, bench.agent, trial);
        expect(await awaitReady(here, bench.agent, trial.dir, PATIENCE)).toBe('ready');
        const [pid = ''] = (await readFile(join(trial.dir, 'pid'), 'utf8')).split(' ');
        await writeFile(`${group}/tasks`, pid);
        await release(here, bench.agent, trial.dir, 30);
        const ended = await endTrial(bench, trial.dir);
        expect(ended.agent.error).toBe('cannot return to the requested CPUs at the start');
        expect(stepOf(ended, 'never').status).toBe('skipped');
      } finally {
        // The agent writes its result before it ends.
        await expect.poll(() => rmdir(group).then(() => 'removed', String)).toBe('removed');
      }
    },
  );

  it.skipIf(cpus < 2)('has the list of all CPUs where it is not pinned (skipped: one CPU only)', async () => {
    const { agent } = await runTrial(bench, spec(bench.trial('unpinned'), [step('x', ['true'])]));
    expect(agent.pinned.length).toBeGreaterThan(1);
  });
});
