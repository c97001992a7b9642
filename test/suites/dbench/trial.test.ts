import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dbench, stepsOf } from '../../../suites/dbench/index.js';
import { parse } from '../../../suites/dbench/parse.js';
import { installHere, lacking } from '../here.js';

const why = await lacking(dbench);
const tiny = { 'whole-load': 2, 'first-90000': 2 };

describe.skipIf(why !== '')(`a small trial of dbench on this machine${why}`, () => {
  it('yields every metric, and leaves nothing', { timeout: 60_000 }, async () => {
    const installed = await installHere(dbench);
    try {
      const scratch = installed.scratch();
      const { trial, agent } = await installed.run((context) => stepsOf(context, tiny));
      expect(agent.state).toBe('done');
      const readings = parse(trial, tiny);
      expect(readings.map((reading) => ('value' in reading ? reading.metric : reading))).toEqual(
        Object.keys(dbench.metrics),
      );
      expect(existsSync(scratch)).toBe(false);
      const cut = trial.steps.find(({ name }) => name === 'cut-load');
      expect(cut?.stdout.text).toMatch(/^operations 90000, and \d+ that put things back$/m);
    } finally {
      await installed.remove();
    }
  });
});
