import type { JsonPath } from './json-text.js';
import type { Mistake } from './mistake.js';

const SECRET_KEY = /pass(?:word|wd|phrase)?$|^pw$|secret|token|credential|private.?key|api.?key/i;
/** A private key as text, and a password before the `@` of a destination. */
const SECRET_VALUE = /-----BEGIN [A-Z ]*PRIVATE KEY-----|^(?:ssh:\/\/)?[^@/:\s]+:[^@/\s]+@[^@\s]+$/;

const ADVICE = 'name a key in "identityFiles", use an SSH agent, or leave it to your SSH configuration';

/**
 * The secrets in a hosts file, as mistakes, because such files are shared: members named like a secret, and private
 * keys as text. Their values are never shown. Pure.
 */
export function mistakesOfSecrecy(value: unknown, path: JsonPath = []): Mistake[] {
  if (typeof value === 'string' && SECRET_VALUE.test(value)) {
    return [{ path, expected: 'no secret in this file', hint: ADVICE }];
  }
  if (typeof value !== 'object' || value === null) return [];
  const members: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return members.flatMap(([key, member]) => {
    const at = [...path, key];
    if (typeof key === 'string' && !isId(path) && SECRET_KEY.test(key)) {
      return [{ path: at, expected: 'no secret in this file', hint: ADVICE }];
    }
    return mistakesOfSecrecy(member, at);
  });
}

/** Members of these two are ids: a host named `token-ring` is no secret. */
function isId(path: JsonPath): boolean {
  return path.length === 1 && (path[0] === 'hosts' || path[0] === 'targets');
}
