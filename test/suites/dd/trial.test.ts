import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dd, stepsOf } from '../../../suites/dd/index.js';
import { parse } from '../../../suites/dd/parse.js';
import { installHere, lacking, type Installed } from '../here.js';

const why = await lacking(dd);
const tiny = { blockMiB: 1, copies: 3 };

describe.skipIf(why !== '')(`a small trial of dd on this machine${why}`, () => {
  let installed: Installed;
  beforeAll(async () => {
    installed = await installHere(dd);
  });
  afterAll(() => installed.remove());

  it('yields every metric, and leaves nothing', async () => {
    const scratch = installed.scratch();
    const { trial, agent } = await installed.run((context) => stepsOf(context, tiny));
    expect(agent).toMatchObject({ state: 'done', error: null });
    const readings = parse(trial, tiny);
    expect(readings.map((reading) => ('value' in reading ? reading.metric : reading))).toEqual(Object.keys(dd.metrics));
    expect(existsSync(scratch)).toBe(false);
  });

  it('has no value for reading when nothing was dropped', async () => {
    const { trial } = await installed.run((context) =>
      stepsOf(context, tiny).map((step) =>
        step.name === 'drop-cache' ? { ...step, argv: ['sh', '-c', 'true'] as const } : step,
      ),
    );
    const readings = parse(trial, tiny);
    expect(readings.find(({ metric }) => metric === 'read')).toMatchObject({
      missing: expect.stringMatching(/not read from a disk: only 0 of its 3145728 bytes/) as string,
    });
    expect(readings.find(({ metric }) => metric === 'write')).toHaveProperty('value');
  });

  it('fails where there is no room', async () => {
    const { trial, agent } = await installed.run((context) => stepsOf(context, { blockMiB: 1, copies: 100_000_000 }));
    expect(agent.state).toBe('aborted');
    expect(trial.steps[0]?.stderr.text).toMatch(/^no room: 10485761\d+ bytes are needed, \d+ KiB are free$/m);
    expect(parse(trial, tiny).every((reading) => 'missing' in reading)).toBe(true);
  });
});
