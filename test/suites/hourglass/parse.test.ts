import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hourglass, stepsOf } from '../../../suites/hourglass/index.js';
import { parse } from '../../../suites/hourglass/parse.js';
import { readReport } from '../../../suites/hourglass/report.js';
import { sizes } from '../../../suites/hourglass/sizes.js';
import { cpusWithin, windowOf } from '../../../suites/hourglass/window.js';
import { damaged, fixtureOf, shown, trialOf } from '../printed.js';

/** Of one second on two busy CPUs. */
const real = fixtureOf('hourglass', 'two-cpus.stdout');
const size = { seconds: 1, thresholdUs: 100, slotMs: 10 };
const edited = (from: string | RegExp, to: string) => {
  const text = real.text.replace(from, to);
  expect(text).not.toBe(real.text);
  return { ...real, text };
};

describe('the report of hourglass', () => {
  it('is read whole', () => {
    const { workers, ...whole } = readReport(real);
    expect(whole).toMatchObject({ startNs: 2421774393515n, endNs: 2422774393515n, thresholdNs: 100_000 });
    expect(workers.map(({ cpu, runNs, gaps, at }) => [cpu, runNs, gaps, at.line])).toEqual([
      [0, 173257572, 80, 2],
      [1, 163692087, 84, 3],
    ]);
    expect(workers.map(({ slots }) => slots.length)).toEqual([101, 101]);
  });

  it.each([
    ['no JSON', /^.*$/m, 'Segmentation fault', /expected the JSON that hourglass prints/],
    ['another format', 'hourglass/1', 'hourglass/2', /format: expected hourglass\/1, found ""hourglass\/2""/],
    ['lost gaps', '"lost":0', '"lost":7', /had no room for 7 gaps of CPU 0/],
    ['more time run than the slots have', '"runNs":173257572', '"runNs":173257573', /times of CPU 0 do not agree/],
    ['another end', '"wallNs":999928143', '"wallNs":999928144', /times of CPU 0 do not agree/],
    ['more gaps than in the histogram', '"gaps":80', '"gaps":81', /gaps of CPU 0 do not agree/],
    ['a longest gap that is not in the histogram', '"longestGapNs":240054609', '"longestGapNs":1', /gaps of CPU 0/],
    ['gaps longer than the time not run', '[27,1]', '[35,1]', /gaps of CPU 0 do not agree/],
    ['a negative number', '"polls":7808963', '"polls":-1', /polls: expected integers of at least 0, found "-1"/],
    ['a fraction', '"polls":7808963', '"polls":1.5', /polls: expected integers/],
    ['an instant that is a number', '"2421774465372"', '2421774465372', /firstNs: expected decimal digits/],
    ['one CPU twice', '{"cpu":1', '{"cpu":0', /workers: expected a CPU each/],
    ['no workers', /"workers":[^]*/, '"workers":[]}', /workers: expected one for each CPU/],
    ['slots of no length', '"slotNs":10000000', '"slotNs":0', /slotNs: expected more than 0/],
    ['a worker that is none', /"workers":\[/, '"workers":[null,', /expected an object of hourglass, found "null"/],
  ])('with %s is refused', (_, from, to, why) => {
    expect(() => readReport(edited(from, to))).toThrow(why);
  });
});

describe('the readings of a trial of hourglass', () => {
  it('are shares of one CPU, summed over the CPUs of the guest', () => {
    const readings = shown(parse(trialOf({ hourglass: { stdout: real.text } }), size));
    expect(Object.keys(readings)).toEqual(Object.keys(hourglass.metrics));
    expect(readings['run-time']).toBeCloseTo(17.327 + 16.371, 2);
    expect(readings['cpu-clock']).toBeCloseTo(17.472 + 16.511, 2);
    expect(readings['gaps']).toBeCloseTo(164, 1);
    expect(readings['switches']).toBeCloseTo(203, 1);
    expect(readings['longest-gap']).toBeCloseTo(240054.609, 3);
    expect(readings['poll']).toBeCloseTo(22.18, 2);
  });

  it.each([
    [{ stdout: real.text, wallSeconds: 0.5 }, /hourglass reports 1 s, but its step took 0.5000 s/],
    [{ stdout: '', outcome: { status: 'limit' } }, /exceeded its time limit/],
    [{ stdout: '', stderr: 'hourglass: cannot run on CPU 9\n', outcome: { status: 'exited', code: 1 } }, /on CPU 9/],
    [{ stdout: edited('"cpuClockNs":174705891', '"cpuClockNs":1200000000').text }, /1200000000 ns of CPU time within/],
  ] as const)('are missing with the reason, %#', (printed, why) => {
    const readings = parse(trialOf({ hourglass: printed }), size);
    expect(readings).toHaveLength(6);
    for (const reading of readings) expect('missing' in reading ? reading.missing : '').toMatch(why);
  });

  it('are missing when it was another size', () => {
    const [reading] = parse(trialOf({ hourglass: { stdout: real.text } }), sizes.quick);
    expect(reading).toMatchObject({ missing: expect.stringMatching(/^expected 5 s, gaps of 100 us/) as string });
  });

  it('are finite or missing for any output of a guest', () => {
    fc.assert(
      fc.property(damaged([real.text]), (stdout) => {
        const readings = parse(trialOf({ hourglass: { stdout } }), size);
        expect(new Set(readings.map(({ metric }) => metric)).size).toBe(6);
        for (const reading of readings) {
          if ('value' in reading) expect(Number.isFinite(reading.value) && reading.value >= 0).toBe(true);
          else expect(reading.missing).not.toBe('');
        }
      }),
    );
  });
});

describe('what a guest had of a window', () => {
  const report = readReport(real);
  const { fromNs, toNs } = windowOf(report);

  it('is what ran in the slots of the window', () => {
    expect(fromNs).toBe(2421774474057n);
    const [one, two] = report.workers;
    const ran = (one?.slots[1] ?? 0) + (one?.slots[2] ?? 0) + (two?.slots[1] ?? 0) + (two?.slots[2] ?? 0);
    expect(cpusWithin(report, { fromNs, toNs: fromNs + 29_000_000n })).toBe(ran / 2e7);
  });

  it('is missing when no slot lies in it', () => {
    expect(cpusWithin(report, { fromNs, toNs: fromNs + 9_000_000n })).toBeUndefined();
    expect(cpusWithin(report, { fromNs: toNs, toNs: fromNs })).toBeUndefined();
  });

  it('adds up, wherever it is divided', () => {
    const slot = BigInt(report.slotNs);
    const [first, end] = [fromNs / slot + 1n, toNs / slot];
    const share = (from: bigint, to: bigint): number =>
      (cpusWithin(report, { fromNs: from * slot, toNs: to * slot }) ?? 0) * Number(to - from);
    fc.assert(
      fc.property(fc.bigInt({ min: first, max: end }), (middle) => {
        expect(share(first, middle) + share(middle, end)).toBeCloseTo(share(first, end), 6);
      }),
    );
  });
});

describe('the step of a trial', () => {
  const tools = { hourglass: { path: '/b/hourglass', origin: 'project', version: '1' } } as const;
  const context = { profile: 'paper', scratch: '/s', dir: '/d', cpus: [0, 2] } as const;

  it('polls on every CPU of the guest for a minute', () => {
    const [step] = hourglass.steps({ ...context, installation: { tools, env: {}, data: {} } });
    expect(step?.argv.join(' ')).toBe('/b/hourglass --cpus 0,2 --seconds 60 --threshold-us 100 --slot-ms 10');
    expect([...(step?.yields ?? [])].sort()).toEqual(Object.keys(hourglass.metrics).sort());
  });

  it('refuses the installation of another suite', () => {
    expect(() => stepsOf({ ...context, installation: { tools: {}, env: {}, data: {} } }, size)).toThrow(/hourglass/);
  });
});
