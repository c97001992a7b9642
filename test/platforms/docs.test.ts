import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { platforms } from '../../harness/platforms/index.js';

const text = readFileSync(new URL('../../docs/platforms.md', import.meta.url), 'utf8');

/** The lines below a heading, up to the next one of the same level or above. */
function section(heading: string): string {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, '') === heading);
  const level = /^#+/.exec(lines[start] ?? '')?.[0].length ?? 0;
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => (/^(#+) /.exec(line)?.[1]?.length ?? Infinity) <= level);
  return start < 0 ? '' : rest.slice(0, end < 0 ? undefined : end).join('\n');
}

const shared = section('Virtual machines: kvm, xen').split('\n### ')[0] ?? '';

describe('docs/platforms.md', () => {
  it.each(platforms.map((platform) => [platform.id, platform] as const))(
    'describes the options of %s, and no others',
    (id, { options, boundary }) => {
      const { properties = {} } = z.toJSONSchema(options, { io: 'input' });
      const described = [...`${boundary === 'hypervisor' ? shared : ''}\n${section(id)}`.matchAll(/^\| `(\w+)` +\|/gm)];
      expect(described.map(([, name]) => name).sort()).toEqual(Object.keys(properties).sort());
    },
  );

  it.each(platforms.map(({ id, packages }) => [id, packages] as const))('names the packages of %s', (id, packages) => {
    for (const name of packages) expect(section(id)).toContain(`\`${name}\``);
  });
});
