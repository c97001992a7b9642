import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { suites } from '../../suites/index.js';
import type { Suite } from '../../harness/types.js';

/** Percent: quick profiles that spread more declare it. */
const LIMIT = 5;

const document = readFileSync(new URL('../../docs/measurements.md', import.meta.url), 'utf8');
const section = /## How much quick profiles spread\n([^]*?)\n## /.exec(document)?.[1] ?? '';
const measured = new Map(
  [...section.matchAll(/^\| `([\w-]+)` +\| ([^|]+?) +\|$/gm)].map(([, id = '', cv = '']) => [id, cv] as const),
);

describe('the spread of quick profiles', () => {
  it.each(suites.map((suite): Suite => suite))('$id: its measured CV is small, or the profile declares it', (suite) => {
    const cv = measured.get(suite.id);
    expect(cv, 'no row in docs/measurements.md').toBeDefined();
    const { unstable } = suite.profiles.quick;
    if (cv === 'not measured') return;
    const percent = Number(/^([\d.]+) %$/.exec(cv ?? '')?.[1]);
    expect(percent).toBeGreaterThan(0);
    if (percent < LIMIT) expect(unstable).toBeUndefined();
    else expect(unstable).toContain(`variation of ${percent} %`);
  });

  it('is listed for no suite that does not exist, and is missing only where a suite has no trials of its own', () => {
    expect([...measured.keys()].sort()).toEqual(suites.map(({ id }) => id).sort());
    const without = [...measured].flatMap(([id, cv]) => (cv === 'not measured' ? [id] : []));
    expect(without).toEqual(['hourglass', 'dd-load']);
  });
});
