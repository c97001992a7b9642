/** Up to this many names are listed one by one. */
const MAX_NAMED = 4;

/** `a, b, c`, or the first of many with the number of the others. */
export function list(names: readonly string[]): string {
  if (names.length <= MAX_NAMED) return names.join(', ');
  return `${names.slice(0, MAX_NAMED - 1).join(', ')} and ${names.length - MAX_NAMED + 1} more`;
}
