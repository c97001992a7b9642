import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inBootOrder } from '../../../harness/run/plan/boot-order.js';
import type { PlannedTrial, TargetConfig } from '../../../harness/types.js';

const target = (id: string, boot?: string): TargetConfig => ({
  id,
  host: 'alpha',
  platform: 'native',
  shape: { cpus: [0] },
  options: {},
  ...(boot === undefined ? {} : { boot }),
});
const planned = (order: readonly (readonly [block: number, target: string])[]): PlannedTrial[] =>
  order.map(([block, id], index) => ({
    id: `t${String(index + 1).padStart(4, '0')}`,
    block,
    target: id,
    assignments: [{ guest: 0, suite: `s${index}` }],
  }));

describe('the order of trials on hosts that are rebooted', () => {
  const targets = [target('linux-up', 'native-up'), target('xen3-up', 'xen-up'), target('xen3-2cpu', 'xen-up')];

  it('keeps those of one boot together, and begins each block where the last one ended', () => {
    const trials = planned([
      ...([1, 2, 3] as const).flatMap((block) => [
        [block, 'xen3-up'] as const,
        [block, 'linux-up'] as const,
        [block, 'xen3-2cpu'] as const,
      ]),
    ]);
    expect(inBootOrder(trials, targets)?.map(({ id, block, target: of }) => `${id} ${block} ${of}`)).toEqual([
      't0001 1 xen3-up',
      't0002 1 xen3-2cpu',
      't0003 1 linux-up',
      't0004 2 linux-up',
      't0005 2 xen3-up',
      't0006 2 xen3-2cpu',
      't0007 3 xen3-up',
      't0008 3 xen3-2cpu',
      't0009 3 linux-up',
    ]);
  });

  it('is left alone where one boot is enough', () => {
    expect(inBootOrder(planned([[1, 'a']]), [target('a'), target('b')])).toBeUndefined();
    expect(inBootOrder(planned([[1, 'a']]), [target('a', 'x'), target('b', 'x')])).toBeUndefined();
  });

  it('loses and repeats no trial, and reboots at most once for each boot and block', () => {
    const ids = targets.map(({ id }) => id);
    const blocks = fc.array(fc.array(fc.constantFrom(...ids), { minLength: 1, maxLength: 8 }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(blocks, (all) => {
        const trials = planned(all.flatMap((each, index) => each.map((id) => [index + 1, id] as const)));
        const ordered = inBootOrder(trials, targets) ?? trials;
        const inBoot = (list: readonly PlannedTrial[]): string[] =>
          list.map(({ block, target: of, assignments: workload }) => `${block} ${of} ${workload[0].suite}`).sort();
        expect(inBoot(ordered)).toEqual(inBoot(trials));
        expect(ordered.map(({ id }) => id)).toEqual(trials.map(({ id }) => id));
        expect(ordered.map(({ block }) => block)).toEqual(trials.map(({ block }) => block));
        const boots = ordered.map(({ target: of }) => targets.find(({ id }) => id === of)?.boot);
        expect(boots.filter((boot, index) => index > 0 && boot !== boots[index - 1]).length).toBeLessThanOrEqual(
          all.length * 2,
        );
      }),
    );
  });
});
