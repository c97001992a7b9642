import { expect, it } from 'vitest';
import { findingsOf } from '../../harness/cli/demo-findings.js';

it('takes what differs first, and neither counts of trials nor sentences of the paper alone', () => {
  const headlines = [
    '60 of 60 trials are complete; 12 of 60 values are imprecise.',
    'In the paper, Xen3-UP is slower.',
    'The kernels are alike.',
    'LXC-UP: 1 of 7 tested differs from Linux-UP: ctx takes 1.2 times as long.',
    'LXC-UP: dd writes as fast.',
    'Nothing differs in dbench.',
    'LXC-UP: 2 of 4 tested differ from Linux-UP.',
  ];
  expect(findingsOf(headlines)).toEqual([headlines[3], headlines[6], headlines[2]]);
  expect(findingsOf([])).toEqual([]);
});
