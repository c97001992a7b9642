import { describe, expect, it } from 'vitest';
import { readThresholds, thresholdsJsonSchema } from '../../harness/config/thresholds.js';
import { fits } from '../../reports/index.js';

const known = { metrics: ['lmbench/pipe', 'lmbench/fork-process', 'osdb/tx'], targets: ['linux-up', 'lxc-up'], fits };
const read = (text: string): ReturnType<typeof readThresholds> => readThresholds(text, 't.json', known);
const mistakes = (file: object): readonly string[] => {
  const found = read(JSON.stringify(file));
  return found.ok ? [] : found.mistakes;
};

it('a file is read with its defaults', () => {
  const found = read(
    '{"missing": "ignore", "limits": [{"metric": "lmbench/*", "limit": "2.5%", "missing": "fail"}, {"limit": "beyond noise", "direction": "any"}]}',
  );
  expect(found).toEqual({
    ok: true,
    thresholds: [
      {
        ...{ metric: 'lmbench/*', target: '*', direction: 'worse', missing: 'fail' },
        limit: { kind: 'percent', percent: 2.5 },
      },
      { metric: '*', target: '*', direction: 'any', missing: 'ignore', limit: { kind: 'noise' } },
    ],
  });
});

describe('a mistake is one line with its place', () => {
  it.each<readonly [object, string]>([
    [
      { limits: [{ metric: 'lmbench/pip', limit: '5%' }] },
      'limits[0].metric: expected a metric, or a pattern of metrics: "lmbench/*", found "lmbench/pip"; did you mean "lmbench/pipe"?',
    ],
    [{ limits: [{ metric: 'lmbnch/*', limit: '5%' }] }, 'did you mean "lmbench/*"?'],
    [{ limits: [{ metric: 'zzzzzzzzzz', limit: '5%' }] }, 'there are lmbench/*, osdb/*'],
    [{ limits: [{ target: 'lxc-ub', limit: '5%' }] }, 'did you mean "lxc-up"?'],
    [{ limits: [{ limit: '5' }] }, 'limits[0].limit: expected a percentage, "5%", or "beyond noise", found "5"'],
    [{ limits: [{ limit: 5 }] }, 'limits[0].limit: expected a percentage, "5%", or "beyond noise", found 5'],
    [{ limits: [{ limit: '-5%' }] }, 'found "-5%"'],
    [{ limits: [{ limt: '5%' }] }, 'limits[0].limt: expected a known key, found "limt"; did you mean "limit"?'],
    [{ limits: [{ limit: '5%', direction: 'up' }] }, 'expected "worse" or "any", found "up"'],
    [{ limits: [] }, 'limits: expected a list of at least one limit, found []'],
    [{}, 'limits: expected a list of at least one limit, found nothing'],
    [[], 'the file: expected an object with "limits"'],
  ])('%j', (file, expected) => {
    const found = mistakes(file);
    expect(
      found.some((line) => line.includes(expected)),
      found.join('\n'),
    ).toBe(true);
    for (const line of found) expect(line).toMatch(/^t\.json:\d+:\d+: [^\n]+$/);
  });

  it('of JSON itself, too', () => {
    expect(read('{"limits": [}')).toEqual({
      ok: false,
      mistakes: ['t.json:1:13: not JSON: expected a value, found "}"'],
    });
  });
});

it('the schema has a description of every member', () => {
  const text = JSON.stringify(thresholdsJsonSchema());
  for (const name of ['metric', 'target', 'limit', 'direction', 'missing']) expect(text).toContain(`"${name}":`);
});
