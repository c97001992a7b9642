import { describe, expect, it } from 'vitest';
import { cpu, stepsOf } from '../../../suites/cpu/index.js';
import { parse } from '../../../suites/cpu/parse.js';
import { installHere, lacking } from '../here.js';

const why = await lacking(cpu);

describe.skipIf(why !== '')(`a small trial of cpu on this machine${why}`, () => {
  it('yields every metric', async () => {
    const installed = await installHere(cpu);
    try {
      const { trial, agent } = await installed.run((context) => stepsOf(context, { warmUp: 10, events: 100 }));
      expect(agent.state).toBe('done');
      const readings = parse(trial, { events: 100, primeLimit: 20_000 });
      expect(readings.map((reading) => ('value' in reading ? reading.metric : reading))).toEqual(
        Object.keys(cpu.metrics),
      );
      expect(parse(trial, { events: 101, primeLimit: 20_000 })[0]).toMatchObject({
        missing: expect.stringMatching(/expected 101 events/) as string,
      });
    } finally {
      await installed.remove();
    }
  });
});
