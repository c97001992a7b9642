import { readFileSync } from 'node:fs';
import type { GuestTrial, RawStep, Shape, Workload } from '../../../harness/types.js';
import { guestTiming } from '../../../harness/trial/guest-trial.js';
import { readRawFile } from '../../../harness/trial/raw-trial.js';
import { simultaneityOf } from '../../../harness/trial/simultaneity.js';

const SHAPES = { up: { cpus: [1] }, smp: { cpus: [0, 1] } } as const satisfies Record<string, Shape>;

/** The guests of a real trial of a workload at the quick size: processes in control groups with its limits. */
export function realTrial(workload: Workload, shape: keyof typeof SHAPES): GuestTrial[] {
  return workload.assign(SHAPES[shape]).map((assignment) => {
    const name = `${workload.id}.${shape}.g${assignment.guest}.txt`;
    const bytes = readFileSync(new URL(`fixtures/${name}`, import.meta.url));
    const raw = readRawFile(name, bytes, { profile: 'quick', installation: { tools: {}, env: {}, data: {} } });
    return { assignment, raw, timing: guestTiming(raw), clock: { offsetNs: 0, boundNs: 0 } };
  });
}

/** The readings of guests: values by metric, and for what is missing its reason. */
export function readingsOf(workload: Workload, guests: readonly GuestTrial[]): Record<string, number | string> {
  const parts = guests.map(({ timing, clock, assignment: { role } }) =>
    role === undefined ? { timing, clock } : { timing, clock, role },
  );
  const readings = workload.parse(guests, simultaneityOf(parts));
  return Object.fromEntries(
    readings.map((reading) => [reading.metric, 'value' in reading ? reading.value : reading.missing]),
  );
}

/** The guests with one of them changed. */
export function withGuest(
  guests: readonly GuestTrial[],
  number: number,
  change: (guest: GuestTrial) => GuestTrial,
): GuestTrial[] {
  return guests.map((guest) => (guest.assignment.guest === number ? change(guest) : guest));
}

/** A guest with one step of it changed. */
export const withStep = (guest: GuestTrial, name: string, change: (step: RawStep) => RawStep): GuestTrial => ({
  ...guest,
  raw: { ...guest.raw, steps: guest.raw.steps.map((step) => (step.name === name ? change(step) : step)) },
});

/** A guest with another standard output of one step. */
export const printing = (guest: GuestTrial, name: string, edit: (text: string) => string): GuestTrial =>
  withStep(guest, name, (step) => ({ ...step, stdout: { ...step.stdout, text: edit(step.stdout.text) } }));
