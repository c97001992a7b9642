import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cpu } from '../../../suites/cpu/index.js';
import { parse } from '../../../suites/cpu/parse.js';
import { areWhole, damaged, fixtureOf, shown, trialOf } from '../printed.js';

const fixed = fixtureOf('cpu', 'fixed.stdout');
const wanted = { events: 2000, primeLimit: 20_000 };
const of = (stdout: string, more = {}) => parse(trialOf({ primes: { stdout, wallSeconds: 2.7, ...more } }), wanted);

describe('the report of sysbench cpu', () => {
  it("is events divided by sysbench's time and by wall-clock time", () => {
    const readings = of(fixed.text);
    expect(shown(readings)).toEqual({ events: 2000 / 2.6492, 'events-wall-clock': 2000 / 2.7 });
    expect(readings[0]?.at).toEqual({
      file: 'raw/primes',
      line: 10 + fixed.text.split('\n').findIndex((line) => line.includes('total time')),
    });
  });

  it('allows for the time that a busy machine takes to read the time of its rate', () => {
    // As printed by sysbench 1.0.20 with a load of 17: 0.1345 s by the rate, 0.1187 s in total.
    const busy = fixed.text
      .replace(/(events per second: +)\S+/, '$1743.55')
      .replace('2.6492s', '0.1187s')
      .replaceAll('2000', '100')
      .replace(/(execution time \(avg\/stddev\): +)\S+/, '$10.1180/0.00')
      .replace('limit: 1000', 'limit: 20000');
    const readings = parse(trialOf({ primes: { stdout: busy, wallSeconds: 0.3 } }), {
      events: 100,
      primeLimit: 20_000,
    });
    expect(shown(readings)).toEqual({ events: 100 / 0.1187, 'events-wall-clock': 100 / 0.3 });
  });

  it.each([
    ['nothing, and exit code 0', '', {}, /expected the number of threads that sysbench prints, found none/],
    ['fewer events', fixed.text.replace(/2000$/m, '1999'), {}, /expected 2000 events .* found 1999/],
    ['other work', fixed.text.replace('limit: 20000', 'limit: 10000'), {}, /found 2000 up to 10000/],
    ['more threads', fixed.text.replace('threads: 1', 'threads: 2'), {}, /expected one thread, found 2/],
    ['no time', fixed.text.replace('2.6492s', '0.0000s'), {}, /above zero/],
    ['more time than there was', fixed.text, { wallSeconds: 2 }, /sysbench reports 2.6492 s, but its step took 2.0000/],
    [
      'a failure',
      fixed.text,
      { outcome: { status: 'exited', code: 1 }, stderr: 'invalid option: --bogus\n' },
      /exited with code 1: "invalid option/,
    ],
    ['a time limit', fixed.text, { outcome: { status: 'limit' } }, /time limit/],
    ['a report cut short', fixed.text.slice(0, 330), {}, /expected .* that sysbench prints, found none/],
  ])('%s has no value', (_, stdout, more, why) => {
    for (const reading of of(stdout, more))
      expect(reading).toMatchObject({ missing: expect.stringMatching(why) as string });
  });

  it('never throws on any input', () => {
    fc.assert(fc.property(damaged([fixed.text]), (text) => areWhole(of(text), cpu.metrics)));
  });
});

describe('sysbench cpu measured elsewhere', () => {
  it('is a trial a file', () => {
    expect(cpu.recognize([fixtureOf('cpu', 'cpu_1thread.stdout'), fixed])).toMatchObject([
      { source: { version: '1.0.20', 'prime limit': '20000', events: '5121' }, readings: [{ value: 5121 / 5.0012 }] },
      { readings: [{ metric: 'events', value: 2000 / 2.6492 }] },
    ]);
  });

  it('reads the labels of release 1.1', () => {
    const text = fixed.text
      .replace(/^General statistics:/m, 'Throughput:\n    events/s (eps): 754.94')
      .replace('total time:   ', 'time elapsed: ');
    expect(text).toContain('time elapsed: ');
    expect(cpu.recognize([{ ...fixed, text }])).toMatchObject([{ readings: [{ value: 2000 / 2.6492 }] }]);
  });

  it('refuses anything else', () => {
    expect(() => cpu.recognize([{ text: 'hello\n', file: 'x', firstLine: 1 }])).toThrow(
      /^x:1: expected the number of threads that sysbench/,
    );
  });
});
