import type { View } from './control-files.js';
import { isValue } from './control.js';
import { decide, originalTree, surroundingsOf } from './decide.js';
import { inWords, type WantedControls } from './wanted.js';

/** One control of a host as it is, and what a run would do about it. */
export interface ControlState {
  readonly control: string;
  /** Null: not available here. */
  readonly now: string | null;
  /** Its original value, where a run has changed it. */
  readonly original?: string;
  /** What a run sets it to; absent: it is left. */
  readonly wanted?: string;
  /** It already has the value that a run would set. */
  readonly met?: true;
  /** Why it is not available, or will not be set. */
  readonly why?: string;
}

/** Whose settings are in force on a host, according to the journal. */
export interface InForceFor {
  readonly run: string;
  readonly who: string;
  readonly since: string;
  /** The host was restarted: its settings are not these any more, and the journal is waiting to be removed. */
  readonly restarted: boolean;
}

export interface HostControls {
  readonly states: readonly ControlState[];
  /** Absent: all is as it was. */
  readonly inForce?: InForceFor;
}

/** Pure: every control, from what was read. */
export function controlStates(view: View, wanted: WantedControls, pinned: readonly number[]): HostControls {
  const { journal } = view;
  const restarted = journal !== 'none' && journal.boot !== view.boot;
  const original = originalTree(view.tree, journal === 'none' || restarted ? [] : journal.lines);
  const surroundings = surroundingsOf(original, wanted, pinned);
  const states = decide(original, wanted, pinned).map((decision): ControlState => {
    const { control, before } = decision;
    const setting = control.read(view.tree);
    const now = isValue(setting) ? setting.value : null;
    const was = isValue(before) && before.value !== now ? { original: before.value } : {};
    const common = { control: control.id, now, ...was };
    if (!isValue(setting)) return { ...common, why: setting.unavailable };
    if (decision.kind === 'left') return common;
    const to = { wanted: inWords(decision.wanted) };
    if (decision.kind === 'spared')
      return { ...common, why: 'shared machine: set only when the hosts file requests it' };
    if (decision.kind === 'impossible') return { ...common, ...to, why: decision.why };
    const left = control.set(view.tree, decision.wanted, surroundings);
    return { ...common, ...to, ...(left.length === 0 ? { met: true } : {}) };
  });
  if (journal === 'none') return { states };
  const { run, who, since } = journal;
  return { states, inForce: { run, who, since, restarted } };
}
