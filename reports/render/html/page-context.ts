import type { SystemsShown } from './systems-shown.js';
import type { TrialLinks } from './trial-links.js';

/** What the parts of a page have in common. */
export interface PageContext {
  readonly links: TrialLinks;
  readonly shown: SystemsShown;
}
