/** How many findings the demo prints. */
const FINDINGS = 3;

/**
 * The main findings of a report's headlines: sentences on what differs before other sentences; no counts of trials, and
 * nothing that only the paper states. Pure.
 */
export function findingsOf(headlines: readonly string[]): readonly string[] {
  const own = headlines.filter((line) => !/^In the paper|^\d+ of \d+ trials|^Nothing /.test(line));
  const differ = own.filter((line) => /\d+ of \d+ tested differs?\b/.test(line));
  return [...new Set([...differ, ...own])].slice(0, FINDINGS);
}
