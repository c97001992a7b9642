import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBench, output, runTrial, shell, spec, step, stepOf, type Bench } from './fixture.js';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench.remove());

it('runs a trial', async () => {
  const ended = await runTrial(
    bench,
    spec(bench.trial('plain'), [shell('hello', 'echo hi; echo err >&2'), step('t', ['true'])]),
  );
  expect(ended.agent.state).toBe('done');
  expect(output(ended, 'hello.out')).toBe('hi\n');
  expect(stepOf(ended, 'hello').code).toBe(0);
});
