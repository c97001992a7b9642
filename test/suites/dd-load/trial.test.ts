import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ddLoad, stepsOf } from '../../../suites/dd-load/index.js';
import { parse } from '../../../suites/dd-load/parse.js';
import { installHere, lacking, type Installed } from '../here.js';
import { shown } from '../printed.js';

const why = await lacking(ddLoad);
const tiny = { blockMiB: 1, copies: 3, mostSeconds: 1 };

describe.skipIf(why !== '')(`a small load of dd on this machine${why}`, () => {
  let installed: Installed;
  beforeAll(async () => {
    installed = await installHere(ddLoad);
  });
  afterAll(() => installed.remove());

  it('writes pass after pass until its time is over when nobody ends it, and leaves nothing', async () => {
    const scratch = installed.scratch();
    const { trial, agent } = await installed.run((context) => stepsOf(context, tiny));
    expect(agent).toMatchObject({ state: 'done', error: null });
    const { write, passes } = shown(parse(trial, tiny));
    expect(write).toBeGreaterThan(0);
    expect(Number.isInteger(passes)).toBe(true);
    expect(existsSync(scratch)).toBe(false);
  });

  it('fails when dd cannot write', async () => {
    const { trial, agent } = await installed.run((context) =>
      stepsOf(context, tiny).map((step) =>
        step.name === 'write-on' ? { ...step, argv: [...step.argv.slice(0, -1), '/dev/full'] as never } : step,
      ),
    );
    expect(agent.state).toBe('aborted');
    expect(shown(parse(trial, tiny))['write']).toMatch(/^step write-on exited with code \d+: ".*dd:/);
  });
});
