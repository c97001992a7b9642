import { describe, expect, it } from 'vitest';
import { judgeKernel } from '../../harness/agent/kernel.js';

describe('what a kernel lacks for the agent', () => {
  it.each([
    ['6.18.44\nlisted\n', []],
    ['4.9.154-vs2.3.9.8\nhidden\n', [['children in /proc', 'unavailable']]],
    ['4.9.154-vs2.3.9.8\nlisted\n', []],
    ['3.4.0\nhidden\n', [['children in /proc', 'unavailable']]],
    [
      '3.3.8-generic\nhidden\n',
      [
        ['orphans of steps', 'unavailable'],
        ['children in /proc', 'unavailable'],
      ],
    ],
    [
      '2.6.22.19-vs2.3.0.33\nhidden\n',
      [
        ['orphans of steps', 'unavailable'],
        ['children in /proc', 'unavailable'],
      ],
    ],
    ['2.6.18-028stab\nhidden\n', [['kernel of the agent', 'differs']]],
    ['', []],
    ['sh: uname: not found\nlisted\n', []],
  ] as const)('%j: %j', (printed, expected) => {
    expect(judgeKernel(printed).map(({ check, verdict }) => [check, verdict])).toEqual(expected);
  });

  it('names the consequence of each', () => {
    expect(judgeKernel('2.6.22.19\nhidden\n').map(({ found, hint }) => `${found}; ${hint ?? ''}`)).toEqual([
      'not adopted (2.6.22.19); the agent marks its steps and searches /proc; CPU time of orphans that end counts as load of others',
      'not there; the agent searches all processes after each step, which takes some ms',
    ]);
  });
});
