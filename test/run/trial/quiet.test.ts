import { describe, expect, it } from 'vitest';
import { awaitQuiet, activityOf, unrest, type Activity } from '../../../harness/run/trial/quiet.js';

/** Two readings, a second apart: CPU 0 was a quarter busy, CPU 1 idle. */
const PRINTED = `cpu  300 0 100 1600 0 0 0 0 0 0
cpu0 100 0 50 800 0 0 0 0 0 0
cpu1 200 0 50 800 0 0 0 0 0 0
==> then
cpu  320 0 105 1775 0 0 0 0 0 0
cpu0 115 0 55 875 0 0 0 5 0 0
cpu1 200 0 50 900 0 0 0 0 0 0
==> temperature
41000
52500
`;

describe('how busy a machine is', () => {
  it('is read for the CPUs under test', () => {
    expect(activityOf(PRINTED, [0, 1])).toEqual({
      busy: [
        { cpu: 0, percent: 25 },
        { cpu: 1, percent: 0 },
      ],
      temperature: 52.5,
    });
  });

  it.each([
    ['nothing', ''],
    ['garbage', '\u0000==> then\n==> then\n==> x\nabc'],
  ])('is not known from %s', (_, text) => {
    expect(activityOf(text, [0])).toEqual({ busy: [], temperature: undefined });
  });

  it.each([
    ['an idle CPU', [1], 50, undefined],
    ['a busy one', [0], 50, 'CPU 0 is 25 % busy'],
    ['one that the machine does not know', [7], undefined, undefined],
    ['a machine that has become hotter', [1], 40, 'the temperature is 53 °C, 40 °C when the run began'],
  ])('is described: %s', (_, cpus, usual, why) => {
    expect(unrest(activityOf(PRINTED, cpus), usual)).toBe(why);
  });
});

describe('waiting for quiet', () => {
  const busy: Activity = { busy: [{ cpu: 1, percent: 60 }], temperature: undefined };
  const idle: Activity = { busy: [{ cpu: 1, percent: 1 }], temperature: 40 };
  const wait = async (seconds: number, looks: readonly Activity[], signal = new AbortController().signal) => {
    let [now, count] = [0, 0];
    const [notices, reasons]: [string[], string[]] = [[], []];
    const outcome = await awaitQuiet({
      seconds,
      usual: undefined,
      look: () => {
        now += 1000;
        count += 1;
        return Promise.resolve(looks[Math.min(count, looks.length) - 1] ?? idle);
      },
      nowMs: () => now,
      notice: (what) => notices.push(what),
      waiting: (why) => reasons.push(why),
      signal,
    });
    return { ...outcome, notices, reasons, count };
  };

  it('does not even look when it is off', async () => {
    expect(await wait(0, [busy])).toEqual({ notices: [], reasons: [], count: 0 });
  });

  it('goes on at once where it is quiet', async () => {
    expect(await wait(60, [idle])).toEqual({ last: idle, notices: [], reasons: [], count: 1 });
  });

  it('waits, and notifies of the reason once', async () => {
    const notices = ['waiting up to 60 s for the machine to be quiet: CPU 1 is 60 % busy'];
    const reasons = ['CPU 1 is 60 % busy', 'CPU 1 is 60 % busy'];
    expect(await wait(60, [busy, busy, idle])).toEqual({ last: idle, notices, reasons, count: 3 });
  });

  it('is bounded, and leaves a finding', async () => {
    const { finding, count } = await wait(5, [busy]);
    expect(count).toBe(5);
    expect(finding).toMatchObject({ verdict: 'differs', found: 'CPU 1 is 60 % busy, after 5 s' });
  });

  it('ends with the run', async () => {
    await expect(wait(60, [busy], AbortSignal.abort(new Error('interrupted')))).rejects.toThrow('interrupted');
  });
});
