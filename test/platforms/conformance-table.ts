/** What a driver promises, a word each, in the order of the table's columns. */
export const PROPERTIES = [
  'probe',
  'argv',
  'exit',
  'files',
  'shape',
  'attach',
  'accounting',
  'restart',
  'cap',
  'weight',
  'eight',
  'reap',
  'crash',
] as const;
export type Property = (typeof PROPERTIES)[number];

/** Driver by property: what was tried, and how it ended. */
export class ConformanceTable {
  readonly #rows = new Map<string, Map<Property, 'yes' | 'NO'>>();
  readonly #absent = new Map<string, string>();

  /** One failure of several tests of a property is a failure. */
  record(driver: string, property: Property, passed: boolean): void {
    const row = this.#rows.get(driver) ?? new Map<Property, 'yes' | 'NO'>();
    this.#rows.set(driver, row);
    if (!passed || row.get(property) === undefined) row.set(property, passed ? 'yes' : 'NO');
  }

  /** A driver that this machine cannot host, and why. */
  absent(driver: string, reason: string): void {
    this.#absent.set(driver, reason);
  }

  /** As text: a dash is what a driver does not do, as `native`, which starts and limits nothing. */
  render(): string {
    const wide = Math.max(8, ...[...this.#rows.keys(), ...this.#absent.keys()].map((id) => id.length + 2));
    const line = (name: string, cells: readonly string[]): string =>
      `${name.padEnd(wide)}${cells.map((cell, index) => cell.padEnd((PROPERTIES[index]?.length ?? 0) + 2)).join('')}`.trimEnd();
    const rows = [...this.#rows].map(([id, row]) =>
      line(
        id,
        PROPERTIES.map((property) => row.get(property) ?? '-'),
      ),
    );
    const absent = [...this.#absent].map(([id, reason]) => `${id.padEnd(wide)}not hosted here: ${reason}`);
    return ['Conformance of the drivers', line('driver', PROPERTIES), ...rows, ...absent].join('\n');
  }
}
