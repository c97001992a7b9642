import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

interface Package {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

// npm leaves out optional packages that it cannot fetch when it writes a lock file, and `npm ci` then refuses the file.
it('the lock file has every optional package that one of its packages names', () => {
  const text = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8');
  const { packages } = JSON.parse(text) as { packages: Readonly<Record<string, Package>> };
  const placed = new Set(Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)));
  const named = Object.values(packages).flatMap((each) => Object.keys(each.optionalDependencies ?? {}));
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((name) => !placed.has(name))).toEqual([]);
});
