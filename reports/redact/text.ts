import type { Pseudonyms } from './pseudonyms.js';

const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
const MAC = /\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi;
/** Four numbers with dots, also within a longer word; a version of four numbers is taken for one. */
const IPV4 = /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)/g;
/** At least two colons, so that a clock time or a CPU list is none; `::` counts as the rest. */
const IPV6 =
  /(?<![\w:])(?=[0-9a-f:]*[0-9a-f])(?:[0-9a-f]{1,4}:){1,7}:(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?(?![\w:])|(?<![\w:])(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}(?![\w:])|(?<![\w:])::[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6}(?![\w:])/gi;
const LOGIN = /(?<![\w.-])([a-z_][\w.-]{0,31})@([a-z0-9][\w.-]*[\w])/gi;
const HOME = /\/home\/([^/\s"',;:)]+)/g;
/** As the gate on foreign load writes them: name, process id, share. */
const PROCESSES =
  /(% used by others(?:, including kernel threads, which cannot be listed here)?): .{1,40}? \(\d+\) \d+\.\d %(?:, .{1,40}? \(\d+\) \d+\.\d %)*/g;
/** As the gate on kernel warnings ends: a line of the log may name anything. */
const LOG_LINE = /(\d+ new in the kernel log of [^:]{1,80}): .*/gs;

/** What may follow the name of a host; a full stop ends a sentence. */
const DOMAIN = '(?:\\.[a-z0-9][a-z0-9-]*)*';

/** Names that identify nobody. */
const COMMON = new Set(['root', 'localhost', 'local', 'here', 'none', 'unknown', 'orchestrator']);

/** What to replace where it stands as a word of its own in a sentence. */
export interface KnownNames {
  readonly hosts: ReadonlySet<string>;
  readonly users: ReadonlySet<string>;
}

/** Replaces what identifies a machine or a person in a text that people read: in a reason, a finding, a message. */
export function textRedactor(names: KnownNames, pseudonyms: Pseudonyms): (text: string) => string {
  const replaced = new Map<string, string>();
  for (const user of names.users) if (isDistinct(user)) replaced.set(user, pseudonyms.of('user', user));
  for (const host of names.hosts) if (isDistinct(host)) replaced.set(host, pseudonyms.of('host', host));
  const longestFirst = [...replaced.keys()].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  const anyName =
    longestFirst.length === 0
      ? undefined
      : new RegExp(`(?<![\\w-])(${longestFirst.map(escaped).join('|')})${DOMAIN}(?![\\w-])`, 'g');
  const named = (text: string): string =>
    anyName === undefined ? text : text.replace(anyName, (found, name: string) => replaced.get(name) ?? found);
  const address = (found: string): string => pseudonyms.of('address', found.toLowerCase());
  const leftOut = (kind: 'process' | 'log line', all: string, kept: string): string => {
    pseudonyms.withhold(kind, all.slice(kept.length + 2));
    return kept;
  };
  return (text) =>
    named(
      text
        .replace(LOG_LINE, (all, kept: string) => leftOut('log line', all, kept))
        .replace(PROCESSES, (all, kept: string) => leftOut('process', all, kept))
        .replace(UUID, (id) => pseudonyms.of('boot', id.toLowerCase()))
        .replace(MAC, address)
        .replace(IPV6, address)
        .replace(IPV4, address)
        .replace(LOGIN, (_, user: string, host: string) => `${login(user, pseudonyms)}@${pseudonyms.of('host', host)}`)
        .replace(HOME, (_, user: string) => `/home/${login(user, pseudonyms)}`),
    );
}

const login = (user: string, pseudonyms: Pseudonyms): string => (COMMON.has(user) ? user : pseudonyms.of('user', user));

/** A host called `a` must not change every article. */
const isDistinct = (name: string): boolean => name.length >= 3 && !COMMON.has(name) && !/^[\d.]+$/.test(name);

const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
