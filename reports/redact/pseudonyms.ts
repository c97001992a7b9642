/** What a name is of; a pseudonym is this word and a number. */
export type Kind = 'host' | 'user' | 'boot' | 'address' | 'disk' | 'interface' | 'machine' | 'firmware' | Withheld;

/** What is left out: it gets no pseudonym. */
export type Withheld = 'process' | 'kernel option' | 'log line';

/** A name that was replaced, or something that was left out. */
export interface Identifying {
  readonly kind: Kind;
  readonly name: string;
}

const PSEUDONYM = /^([a-z]+)-([1-9]\d{0,5})$/;

/** Gives the same name of a kind the same pseudonym, numbered in the order in which names are first seen. */
export interface Pseudonyms {
  of(kind: Kind, name: string): string;
  /** Notes what is left out. */
  withhold(kind: Withheld, what: string): void;
  /** Everything so far, each once, in the order in which it was first seen. */
  seen(): readonly Identifying[];
}

export function makePseudonyms(): Pseudonyms {
  const known = new Map<string, string>();
  const counts = new Map<Kind, number>();
  const all = new Map<string, Identifying>();
  return {
    of(kind, name) {
      // A run from a redacted bundle: what was replaced stays as it is.
      const before = PSEUDONYM.exec(name);
      if (before?.[1] === kind) {
        counts.set(kind, Math.max(counts.get(kind) ?? 0, Number(before[2])));
        return name;
      }
      all.set(`${kind} ${name}`, { kind, name });
      const key = `${kind} ${kind === 'host' ? shortName(name) : name}`;
      const found = known.get(key);
      if (found !== undefined) return found;
      const number = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, number);
      known.set(key, `${kind}-${number}`);
      return `${kind}-${number}`;
    },
    withhold(kind, name) {
      all.set(`${kind} ${name}`, { kind, name });
    },
    seen: () => [...all.values()],
  };
}

/** A host and its fully qualified name are one. */
const shortName = (name: string): string => (/^[\d.]+$/.test(name) ? name : (name.split('.')[0] ?? name));
