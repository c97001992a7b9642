import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { knownAgents } from '../../harness/agent/known.js';
import type { RunEvent } from '../../harness/run/session/events.js';
import { loadRun } from '../../harness/store/index.js';
import { plantAgent } from '../agent/compiled.js';
import { killAgentsBelow } from '../processes.js';

const script = fileURLToPath(new URL('./orchestrate.mjs', import.meta.url));
const FOR_LONG = { timeout: 240_000 };

/** Of the whole file. */
let workDir: string;
beforeAll(async () => {
  workDir = await mkdtemp(join(tmpdir(), 'bench-crash-work-'));
  await plantAgent(workDir, knownAgents(`${workDir}.known`));
});
afterAll(async () => {
  for (const path of [workDir, `${workDir}.known`]) await rm(path, { recursive: true, force: true });
});

let place: string;
let runsDir: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'bench-crash-'));
  runsDir = join(place, 'runs');
});
const running = new Set<ChildProcess>();
// A test that fails leaves an orchestrator and its agents behind.
afterEach(async () => {
  for (const child of running) child.kill('SIGKILL');
  killAgentsBelow(workDir);
  await rm(place, { recursive: true, force: true });
});

function endAfterTest(child: ChildProcess): void {
  running.add(child);
  child.once('close', () => running.delete(child));
}

interface Orchestrator {
  readonly process: ChildProcess;
  readonly events: RunEvent[];
  /** Resolves when the process is gone. */
  readonly end: Promise<void>;
}

interface Orchestrated {
  readonly resume?: string | undefined;
  readonly guests?: number;
  readonly trials?: number;
}

function orchestrate(
  onEvent: (event: RunEvent, child: ChildProcess) => void,
  { resume, guests = 1, trials = 2 }: Orchestrated = {},
): Orchestrator {
  const words = [script, runsDir, workDir, String(guests), String(trials), ...(resume === undefined ? [] : [resume])];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  endAfterTest(child);
  const events: RunEvent[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line) as RunEvent;
    events.push(event);
    onEvent(event, child);
  });
  const end = once(child, 'close').then(() => undefined);
  return { process: child, events, end };
}

const nothing = (): void => undefined;

async function theRun(): Promise<string> {
  const [run] = await readdir(runsDir);
  if (run === undefined) throw new Error('no run was made');
  return run;
}

/** Resolves when every guest of a trial has its start instant. */
async function untilMeasuring(guests: number): Promise<void> {
  for (;;) {
    const names = await readdir(join(workDir, 'native', 'trials'), { recursive: true }).catch((): string[] => []);
    if (names.filter((name) => name.endsWith('/go')).length === guests) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Every trial has exactly one collected record, and its raw output was read back whole. */
async function expectComplete(run: string, trials = 2): Promise<void> {
  const loaded = await loadRun(runsDir, run);
  const collected = loaded.records.filter(({ outcome }) => outcome.status === 'collected').map(({ trial }) => trial);
  expect(loaded.stored.plan.trials).toHaveLength(trials);
  expect(collected.sort()).toEqual(loaded.stored.plan.trials.map(({ id }) => id));
  expect(loaded.raw.size).toBeGreaterThanOrEqual(trials);
  expect(
    loaded.damage.filter((what) => !what.startsWith('records.jsonl') && !what.startsWith('journal.jsonl')),
  ).toEqual([]);
}

/** Neither agents nor directories of trials are left behind. */
async function expectClean(): Promise<void> {
  const trials = await readdir(join(workDir, 'native', 'trials'), { recursive: true });
  expect(trials.filter((name) => name.includes('.1') || name.includes('.2'))).toEqual([]);
  expect(await readdir(workDir)).not.toContain('lock');
}

describe('a run whose orchestrator is killed', () => {
  it('runs to its end when it is not killed, and refuses a second orchestrator meanwhile', async () => {
    const first = orchestrate(nothing);
    while (first.events.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const run = await theRun();
    const child = spawn(process.execPath, [script, runsDir, workDir, '1', '2', run], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    endAfterTest(child);
    let printed = '';
    child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await once(child, 'close');
    expect(printed).toMatch(/is being written by process \d+/);
    await first.end;
    expect(first.events.at(-1)).toMatchObject({ kind: 'closed', collected: 2, failed: 0, interrupted: false });
    await expectComplete(run);
    await expectClean();
  });

  // Killed again and again at ever later instants: while connecting, launching, measuring, fetching, recording. The
  // campaign of test/chaos kills at random ones.
  it.each([
    [1, 2600, 350],
    // Between the launches, and the starts, of several agents, too.
    [3, 3200, 600],
  ])(
    'repeats no finished trial of %i guests and loses none, whenever it is killed',
    FOR_LONG,
    async (guests, last, step) => {
      let kills = 0;
      for (let delay = 150; delay < last; delay += step) {
        const resume = await theRun().catch(() => undefined);
        const before = resume === undefined ? [] : (await loadRun(runsDir, resume)).records;
        let timer: NodeJS.Timeout | undefined;
        const started = performance.now();
        const { end, process: child } = orchestrate(
          (event) => {
            if (event.kind !== 'opened') return;
            timer = setTimeout(() => child.kill('SIGKILL'), Math.max(0, delay - (performance.now() - started)));
          },
          { resume, guests, trials: 3 },
        );
        await end;
        clearTimeout(timer);
        if (child.signalCode === 'SIGKILL') kills += 1;
        if (resume !== undefined) {
          const after = (await loadRun(runsDir, resume)).records;
          expect(after.slice(0, before.length)).toEqual(before);
        }
      }
      expect(kills).toBeGreaterThan(3);
      const run = await theRun();
      const { end } = orchestrate(nothing, { resume: run, guests, trials: 3 });
      await end;
      await expectComplete(run, 3);
      await expectClean();
      const { records } = await loadRun(runsDir, run);
      expect(new Set(records.map(({ trial, attempt }) => `${trial}.${attempt}`)).size).toBe(records.length);
    },
  );

  it.each([1, 3])(
    'picks up a trial of %i guests that was being measured, and measures it once; an interrupt in the next ends cleanly, and it can be resumed',
    FOR_LONG,
    async (guests) => {
      const first = orchestrate(nothing, { guests });
      await untilMeasuring(guests);
      first.process.kill('SIGKILL');
      await first.end;
      const run = await theRun();
      const { journal } = await loadRun(runsDir, run);
      const launched = journal.find((entry) => entry.event === 'launched');
      expect(launched).toBeDefined();
      const interrupt = (event: RunEvent, child: ChildProcess): void => {
        if (event.kind !== 'trial-started' || event.trial === launched?.trial) return;
        setTimeout(() => child.kill('SIGINT'), 300);
      };
      const second = orchestrate(interrupt, { resume: run, guests });
      await second.end;
      const picked = second.events.filter((event) => event.kind === 'preparing' && event.what.startsWith('picking up'));
      expect(picked).toHaveLength(1);
      expect(second.process.exitCode).toBe(0);
      expect(second.events.at(-1)).toMatchObject({ kind: 'closed', collected: 1, interrupted: true });
      await expectClean();
      const loaded = await loadRun(runsDir, run);
      const launches = loaded.journal
        .filter((entry) => entry.event === 'launched')
        .map(({ trial, guestNumber = 0 }) => `${trial}.${guestNumber}`);
      expect(new Set(launches).size).toBe(launches.length);
      const third = orchestrate(nothing, { resume: run, guests });
      await third.end;
      await expectComplete(run);
    },
  );
});
