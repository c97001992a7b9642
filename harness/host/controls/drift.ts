import type { Finding } from '../../types.js';
import type { View, Written } from './control-files.js';
import { isValue, type Setting, type Surroundings } from './control.js';
import { judge, type Decision } from './decide.js';
import { inWords } from './wanted.js';
import type { Tree } from './tree.js';

/** What was in force when the controls had been set. */
export interface InForce {
  readonly decisions: readonly Decision[];
  readonly surroundings: Surroundings;
  readonly written: ReadonlyMap<string, Written>;
  readonly boot: string;
  readonly tree: Tree;
}

/**
 * Pure: a finding for each control that reads otherwise than it did when all had been set; none when all is as it was. A
 * control that was never in force cannot drift, and one that was left must only be what it was.
 */
export function driftOf({ decisions, surroundings, written, boot, tree }: InForce, now: View): readonly Finding[] {
  if (now.boot !== boot) {
    const hint = 'the host was rebooted, which resets its settings';
    return [{ check: 'control drift', expected: 'the same boot', found: 'restarted', verdict: 'differs', hint }];
  }
  return decisions.flatMap((decision): Finding[] => {
    const { control } = decision;
    const check = `control ${control.id}`;
    if (decision.kind === 'set') {
      const was = judge(decision, written, tree, surroundings);
      const is = judge(decision, written, now.tree, surroundings);
      if (was.verdict !== 'ok' || is.verdict === 'ok') return [];
      const found = inFull(control.read(now.tree));
      const hint = `it had been set${control.rival === undefined ? '' : `; ${control.rival}`}`;
      return [{ check, expected: inWords(decision.wanted), found, verdict: 'differs', hint }];
    }
    const [expected, found] = [inFull(control.read(tree)), inFull(control.read(now.tree))];
    if (expected === found || control.restless === true) return [];
    return [{ check, expected, found, verdict: 'differs', hint: 'another process has changed it' }];
  });
}

const inFull = (setting: Setting): string => (isValue(setting) ? setting.value : 'not available');
