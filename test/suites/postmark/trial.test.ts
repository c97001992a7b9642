import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postmark, stepsOf } from '../../../suites/postmark/index.js';
import { parse } from '../../../suites/postmark/parse.js';
import { installHere, lacking, type Installed } from '../here.js';

const why = await lacking(postmark);
const tiny = { files: 300, transactions: 1_000 };

describe.skipIf(why !== '')(`a small trial of postmark on this machine${why}`, () => {
  let installed: Installed;
  beforeAll(async () => {
    installed = await installHere(postmark);
  });
  afterAll(() => installed.remove());

  it('yields every metric, and leaves nothing', async () => {
    const scratch = installed.scratch();
    const { trial, agent } = await installed.run((context) => stepsOf(context, tiny));
    expect(agent.state).toBe('done');
    const readings = parse(trial, tiny);
    expect(readings.map((reading) => ('value' in reading ? reading.metric : reading))).toEqual(
      Object.keys(postmark.metrics),
    );
    expect(existsSync(scratch)).toBe(false);
  });

  it('has no value when files could not be written, though PostMark exits with 0', async () => {
    const { trial } = await installed.run((context) =>
      stepsOf(context, tiny).map((step) =>
        step.name === 'postmark'
          ? { ...step, stdin: (step.stdin ?? '').replace('location files', 'location nowhere') }
          : step,
      ),
    );
    for (const reading of parse(trial, tiny)) {
      expect(reading).toMatchObject({ missing: expect.stringMatching(/complain.*"/) as string });
    }
  });

  it('reports a program that cannot be run', async () => {
    const { trial } = await installed.run((context) =>
      stepsOf(context, tiny).map((step) =>
        step.name === 'postmark'
          ? { ...step, argv: [step.argv[0], step.argv[1] ?? '', '/nonexistent'] as const }
          : step,
      ),
    );
    expect(parse(trial, tiny)[0]).toMatchObject({
      missing: expect.stringMatching(/^step postmark exited with code \d+: "\/nonexistent: No such file/) as string,
    });
  });
});
