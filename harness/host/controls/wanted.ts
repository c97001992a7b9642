import { BenchError } from '../../errors.js';
import { suggestion } from '../../nearest.js';
import type { HostConfig, Json } from '../../types.js';
import { sharedWithBench } from '../shared-machine.js';
import type { Control } from './control.js';
import { controls } from './index.js';

/** What is wanted of one control. */
export type Wanted =
  | { readonly kind: 'leave' }
  | { readonly kind: 'set'; readonly value: Json }
  /** Its default would change a machine that is not for measuring alone. */
  | { readonly kind: 'spare'; readonly value: Json };

/** What is wanted of the host, by id of the control; whether the page cache is dropped before each trial. */
export interface WantedControls {
  readonly byControl: ReadonlyMap<string, Wanted>;
  readonly dropPageCache: boolean;
}

/**
 * Not a setting but an action, requested in the same place: `drop` writes back and drops the caches of files before each
 * trial (Documentation/admin-guide/sysctl/vm.rst, drop_caches). Left by default: suites declare what they need.
 */
export const PAGE_CACHE = 'page-cache';

/** A mistake in `controls` of a host, with what was expected. */
export interface ControlMistake {
  readonly control: string;
  readonly expected: string;
  readonly hint?: string;
}

/** What is wrong with `controls` of a host of a hosts file. Pure. */
export function controlMistakes(asked: NonNullable<HostConfig['controls']>): readonly ControlMistake[] {
  return Object.entries(asked).flatMap(([id, value]): ControlMistake[] => {
    if (value === 'leave') return isKnown(id) ? [] : [unknown(id)];
    if (id === PAGE_CACHE) return value === 'drop' ? [] : [{ control: id, expected: '"drop" or "leave"' }];
    const control = controls.find((candidate) => candidate.id === id);
    if (control === undefined) return [unknown(id)];
    const { error } = control.schema.safeParse(value);
    return error === undefined ? [] : [{ control: id, expected: `"leave", or ${error.issues[0]?.message ?? ''}` }];
  });
}

/** `controls` of a host whose settings are all left as they are. */
export function leaveAllControls(): Readonly<Record<string, 'leave'>> {
  return Object.fromEntries([...controls.map(({ id }) => id), PAGE_CACHE].map((id) => [id, 'leave' as const]));
}

const isKnown = (id: string): boolean => id === PAGE_CACHE || controls.some((control) => control.id === id);

const unknown = (id: string): ControlMistake => ({
  control: id,
  expected: 'the name of a control',
  hint: suggestion(id, [...controls.map((control) => control.id), PAGE_CACHE]),
});

/**
 * The settings of a host: those of its entry in the hosts file, else the defaults. Where the host shares its kernel with
 * the machine that runs `bench`, the defaults change nothing. Throws a `BenchError` of stage `config` for a mistake.
 */
export function wantedControls(
  host: Pick<HostConfig, 'id' | 'connect' | 'lab' | 'sharesKernel' | 'controls'>,
): WantedControls {
  const asked = host.controls ?? {};
  const mistake = controlMistakes(asked)[0];
  if (mistake !== undefined) {
    const { control, expected, hint } = mistake;
    const message = `hosts.${host.id}.controls.${control}`;
    throw new BenchError({
      stage: 'config',
      host: host.id,
      message,
      expected,
      ...(hint === undefined ? {} : { hint }),
    });
  }
  const spared = sharedWithBench(host) === 'kernel';
  const byControl = new Map(controls.map((control) => [control.id, wanted(control, asked[control.id], spared)]));
  return { byControl, dropPageCache: asked[PAGE_CACHE] === 'drop' };
}

function wanted(control: Control, asked: Json | undefined, spared: boolean): Wanted {
  const value = asked ?? control.standard;
  if (value === 'leave') return { kind: 'leave' };
  return { kind: spared && asked === undefined ? 'spare' : 'set', value };
}

/** A wanted value in words. */
export const inWords = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
