/** A command that can be pasted into a shell. */
export function shellWords(words: readonly string[]): string {
  return words.map((text) => (/^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)).join(' ');
}
