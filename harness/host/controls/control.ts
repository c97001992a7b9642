import type { z } from 'zod';
import type { Json } from '../../types.js';
import type { Tree, Write } from './tree.js';

/** The current value of a setting, as text that is compared and shown; or why it has none. */
export type Setting = { readonly value: string } | { readonly unavailable: string };

/** What a control needs to know of the run, apart from the host's files. */
export interface Surroundings {
  /** CPUs that targets of the run are pinned to on this host, ascending. */
  readonly pinned: readonly number[];
  /** CPUs that will be online once all controls are set. */
  readonly staying: readonly number[];
}

/**
 * One setting of a host that the harness sets, reads back and restores: a declaration, all of it pure. It is restored
 * by writing back what its files read before.
 */
export interface Control<Wanted extends Json = Json> {
  readonly id: string;
  /** In a few words, for findings. */
  readonly label: string;
  /** Patterns of sh(1) of the files that it looks at. */
  readonly paths: readonly string[];
  /** Values that a user may request, apart from `leave`. */
  readonly schema: z.ZodType<Wanted>;
  /** The value that is set by default. */
  readonly standard: Wanted | 'leave';
  read(tree: Tree): Setting;
  /** The writes that set it: none if it is set already. A text is the reason why it cannot be set here. */
  set(tree: Tree, wanted: Wanted, surroundings: Surroundings): readonly Write[] | string;
  /** Files that the kernel changes too when it is set: they are restored with it. */
  affects?(tree: Tree, wanted: Wanted): readonly string[];
  /** Of a control that takes CPUs away: those that stay online. */
  staying?(tree: Tree, wanted: Wanted): readonly number[];
  /** Whether the control counts as set although a write failed with this message. */
  tolerates?(message: string): boolean;
  /** Its value may change by itself while no run sets it: such a change is no drift. */
  readonly restless?: true;
  /** What may be the cause when it does not stay as it was set. */
  readonly rival?: string;
}

export const isValue = (setting: Setting): setting is { readonly value: string } => 'value' in setting;

/** A declaration with its own type of wanted values, checked, and then as the registry has it. */
export function declare<Wanted extends Json>(control: Control<Wanted>): Control {
  // The control's own schema has checked the requested value before `set` gets it.
  return control;
}
