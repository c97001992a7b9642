import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ExecResult, Installation, RawStep, RawText, RawTrial, StepStatus } from '../../../harness/types.js';
import { kernelCompile } from '../../../suites/kernel-compile/index.js';
import { readInspection, readPart } from '../../../suites/kernel-compile/install.js';
import { parse } from '../../../suites/kernel-compile/parse.js';
import { recognize } from '../../../suites/kernel-compile/recognize.js';
import { sizes } from '../../../suites/kernel-compile/sizes.js';

const installation: Installation = { tools: {}, env: {}, data: { cpus: 2 } };
const done: StepStatus = { status: 'exited', code: 0 };

interface Printed {
  readonly stdout?: string;
  readonly stderr?: string;
  readonly outcome?: StepStatus;
  readonly wallSeconds?: number;
  readonly cpu?: readonly [number, number];
}

function trial(steps: Readonly<Record<string, Printed>>): RawTrial {
  return {
    profile: 'quick',
    installation,
    steps: Object.entries(steps).map(
      ([name, { stdout = '', stderr = '', outcome = done, wallSeconds = 5, cpu = [6, 1.5] }]): RawStep => ({
        name,
        phase: name === 'compile' ? 'measure' : 'cleanup',
        outcome,
        wallSeconds,
        rusage: {
          ...{ userSeconds: cpu[0], systemSeconds: cpu[1], maxRssKiB: 1, minorFaults: 1, majorFaults: 0 },
          ...{ voluntarySwitches: 1, involuntarySwitches: 1 },
        },
        stdout: { text: stdout, file: 'raw/t.txt', firstLine: 20 },
        stderr: { text: stderr, file: 'raw/t.txt', firstLine: 30 },
      }),
    ),
  };
}

const made = sizes.quick.products.map((product) => `file ${product} 356\n`).join('');
const good: Readonly<Record<'count-before' | 'compile' | 'count-after', Printed>> = {
  'count-before': { stdout: 'objects 16\nconfig 04eb4a1bcab4\n' },
  compile: {},
  'count-after': { stdout: `objects 39\n${made}new-objects 23\nfree-kib 24545600\n` },
};

describe('the readings of a trial', () => {
  it('are the agent’s times, and the line where it wrote them', () => {
    const at = { file: 'raw/t.txt', line: 9 };
    expect(parse(trial(good))).toEqual([
      { metric: 'elapsed', value: 5, resolution: 1e-9, at, tool: 'make' },
      { metric: 'user', value: 6, resolution: 1e-6, at, tool: 'make' },
      { metric: 'system', value: 1.5, resolution: 1e-6, at, tool: 'make' },
    ]);
  });

  const oom = "gcc: fatal error: Killed signal terminated program cc1\nmake[2]: *** [x] Error 1\nlast: it's\n";
  const lies: readonly (readonly [what: string, change: Partial<Record<string, Printed>>, why: RegExp])[] = [
    [
      'make failed',
      { compile: { outcome: { status: 'exited', code: 2 }, stderr: oom } },
      /^step compile exited with code 2: "last: it's"$/,
    ],
    ['out of memory', { compile: { outcome: { status: 'signaled', signal: 9 } } }, /killed by signal 9/],
    ['too slow', { compile: { outcome: { status: 'limit' } } }, /time limit/],
    ['skipped', { compile: { outcome: { status: 'skipped' } } }, /was skipped/],
    [
      'nothing was made',
      { 'count-after': { stdout: 'objects 16\nnew-objects 30\n' } },
      /made no kernel\/locking\/built-in\.a/,
    ],
    ['no new objects', { 'count-after': { stdout: `objects 16\n${made}new-objects 0\n` } }, /above zero/],
    [
      'few new objects',
      { 'count-after': { stdout: `objects 16\n${made}new-objects 3\n` } },
      /at least 15 objects, found 3/,
    ],
    ['no count', { 'count-after': { stdout: made } }, /found no count/],
    ['it was built before', { 'count-before': { stdout: `objects 39\n${made}` } }, /was there before the build/],
    ['an empty product', { 'count-after': { stdout: made.replace(/356/g, '0') } }, /above zero/],
    [
      'more CPU time than there was',
      { compile: { wallSeconds: 1, cpu: [5, 5] } },
      /10\.00 s of CPU time in 1\.00 s on 2 CPUs/,
    ],
    ['a clock that went back', { compile: { wallSeconds: -1 } }, /times above zero, found -1/],
    ['no CPU time', { compile: { cpu: [0, 0] } }, /times above zero/],
  ];
  it.each(lies)('are missing when: %s', (_, change, why) => {
    const readings = parse(trial({ ...good, ...(change as Record<string, Printed>) }));
    expect(readings).toHaveLength(3);
    for (const reading of readings) expect('missing' in reading ? reading.missing : '').toMatch(why);
  });

  it.each(Object.keys(good))('are missing without the step %s', (name) => {
    const rest = Object.fromEntries(Object.entries(good).filter(([step]) => step !== name));
    expect(parse(trial(rest))[0]).toEqual({ metric: 'elapsed', missing: `step ${name} is not in the raw file` });
  });

  it('are finite or missing for any output', () => {
    const words = fc.array(
      fc.oneof(
        fc.constantFrom('objects', 'file', 'new-objects', ' ', '\n', '23', ...sizes.quick.products),
        fc.string(),
      ),
    );
    const text = words.map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, fc.double(), fc.double(), (before, after, wallSeconds, user) => {
        const readings = parse(
          trial({
            'count-before': { stdout: before },
            compile: { wallSeconds, cpu: [user, 1] },
            'count-after': { stdout: after },
          }),
        );
        return readings.length === 3 && readings.every((one) => 'missing' in one || Number.isFinite(one.value));
      }),
    );
  });
});

describe('what is found in a guest', () => {
  const programs = ['gcc', 'make', 'flex', 'bison', 'bc', 'perl', 'xz', 'tar', 'ld', 'sha256sum'];
  const whole = [
    'archive /usr/src/linux-source-6.1.tar.xz',
    'archive-stamp 138009412 1794824260',
    ...programs.map((name) => `path-${name} /usr/bin/${name}`),
    'version-gcc 12.2.0 (x86_64-linux-gnu)',
    'version-make GNU Make 4.3',
    'header libelf.h',
    'header openssl/ssl.h',
    'ram /dev/shm',
    '',
  ].join('\n');

  it('is read', () => {
    expect(readInspection(whole)).toEqual({
      archive: '/usr/src/linux-source-6.1.tar.xz',
      stamp: '138009412 1794824260',
      gcc: { path: '/usr/bin/gcc', origin: 'target', version: '12.2.0 (x86_64-linux-gnu)' },
      make: { path: '/usr/bin/make', origin: 'target', version: '4.3' },
      ram: '/dev/shm',
    });
    expect(readInspection(whole.replace('ram /dev/shm\n', ''))).not.toHaveProperty('ram');
  });

  it.each([
    [/^archive .*$/m, '', /sources .* the Debian package is linux-source-6\.1/],
    [/^path-flex.*$/m, '', /^flex is missing; the Debian package is flex$/],
    [/^path-xz.*$/m, '', /^xz is missing; the Debian package is xz-utils$/],
    [/^header libelf.*$/m, '', /^the header libelf\.h is missing; the Debian package is libelf-dev$/],
    [/^path-gcc/m, 'cached /usr/local/bin/gcc\npath-gcc', /"\/usr\/local\/bin\/gcc" is a compiler cache/],
    [/^version-gcc.*$/m, 'version-gcc  ()', /^gcc: expected its version/],
  ])('without %s is refused with what to do', (what, instead, why) => {
    expect(() => readInspection(whole.replace(what, instead))).toThrow(why);
  });

  it('reports why the sources could not be prepared', () => {
    const result = (code: number, stdout: string, stderr: string): ExecResult => ({
      exit: { kind: 'code', code },
      ...{ stdout, stderr, stdoutBytes: new Uint8Array(), durationMs: 1 },
    });
    expect(readPart(result(0, 'part /x/part-1.tar\nkernel 6.1.192\n', ''), '/a')).toEqual({
      part: '/x/part-1.tar',
      version: '6.1.192',
    });
    expect(() => readPart(result(1, '', 'tar: No space left on device\n'), '/a')).toThrow(
      /\/a could not.*No space left/,
    );
    expect(() => readPart(result(0, '', ''), '/a')).toThrow(/no reason was given/);
  });
});

describe('times measured elsewhere', () => {
  const read = (text: string): RawText => ({ text, file: 'log', firstLine: 1 });
  const verbose = readFileSync(new URL('fixtures/time-v.txt', import.meta.url), 'utf8');
  const values = (text: string) =>
    recognize([read(text)])[0]?.readings.map((one) => ('value' in one ? one.value : one));

  it('are read from GNU time -v, with their lines', () => {
    const [found] = recognize([read(verbose)]);
    expect(found?.source).toEqual({ command: 'make -j2' });
    expect(found?.readings).toEqual([
      { metric: 'elapsed', value: 142.16, resolution: 0.01, at: { file: 'log', line: 5 }, tool: 'time' },
      { metric: 'user', value: 90.52, resolution: 0.01, at: { file: 'log', line: 2 }, tool: 'time' },
      { metric: 'system', value: 23.38, resolution: 0.01, at: { file: 'log', line: 3 }, tool: 'time' },
    ]);
  });

  it.each([
    ['bash', '  CC      init/main.o\n\nreal\t9m22.160s\nuser\t1m1.5s\nsys\t0m0.250s\n', [562.16, 61.5, 0.25]],
    ['POSIX', 'Kernel: arch/x86/boot/bzImage is ready  (#1)\nreal 62.10\nuser 50.00\nsys 9.01\n', [62.1, 50, 9.01]],
    [
      'GNU time without -v',
      '  CC      init/main.o\n90.52user 23.38system 2:22.16elapsed 80%CPU (0avgtext+0avgdata 145816maxresident)k\n63296inputs+22320outputs (252major+7796037minor)pagefaults 0swaps\n',
      [142.16, 90.52, 23.38],
    ],
    ['hours', verbose.replace('2:22.16', '1:02:03').replace('80%', '3%'), [3723, 90.52, 23.38]],
  ])('are read in the format of %s', (_, text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  it.each([
    ['another program', verbose.replace('make -j2', 'sleep 1'), /expected the time of a make/],
    ['a failed build', verbose.replace('Exit status: 0', 'Exit status: 2'), /expected exit status 0, found "2"/],
    [
      'a failed build of bash',
      'make: *** [Makefile:1] Error 2\nreal 1\nuser 1\nsys 1\n',
      /expected a build that ended well, found/,
    ],
    [
      'no make',
      'bash: make: command not found\nreal 0.027\nuser 0.01\nsys 0.01\n',
      /log:1: expected a build that ended well, found/,
    ],
    ['a build that printed nothing', 'real 62.10\nuser 50.00\nsys 9.01\n', /log:1: expected commands of a build/],
    [
      'a make without work',
      "make: Nothing to be done for 'all'.\nreal 0.03\nuser 0.02\nsys 0.01\n",
      /log:1: expected a build, found "make: Nothing/,
    ],
    [
      'a make that only descends',
      '  CALL    scripts/checksyscalls.sh\n  DESCEND objtool\nreal 1.03\nuser 0.52\nsys 0.31\n',
      /log:1: expected commands of a build/,
    ],
    ['a time cut in its middle', '  CC      a.o\nreal 62.10\nuser 50.00\nsys 9.0', /log:4: expected a whole line/],
    ['a report cut before its end', verbose.split('Swaps')[0] ?? '', /expected the exit status at the end/],
    [
      'times and a percentage that contradict',
      verbose.replace('90.52', '50.52'),
      /51\.98.* and the printed 80 contradict/,
    ],
    ['two of them', verbose + verbose, /log:24: expected the output of one time/],
    ['something else', 'hello\n', /found 0 elapsed times/],
    ['no number', '  CC      a.o\nreal NaN\nuser 1\nsys 1\n', /expected a number/],
  ])('of %s are refused', (_, text, why) => {
    expect(() => recognize([read(text)])).toThrow(why);
  });
});

it('promises each of its metrics, with two jobs for each CPU', () => {
  const data = {
    archive: '/a.tar.xz',
    part: '/p.tar',
    compiler: '/usr/bin/gcc',
    make: '/usr/bin/make',
    ram: null,
    cpus: 2,
  };
  const context = { installation: { ...installation, data }, scratch: '/s', dir: '/d', cpus: [2, 3] };
  for (const profile of ['paper', 'quick'] as const) {
    const steps = kernelCompile.steps({ ...context, profile });
    expect(steps.flatMap(({ yields = [] }) => yields)).toEqual(Object.keys(kernelCompile.metrics));
    expect(steps.find(({ name }) => name === 'compile')?.argv).toContain('-j4');
  }
});
