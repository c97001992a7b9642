import { createRequire } from 'node:module';

// `require`, because Node 20 prints a warning for every import of a JSON module.
const require = createRequire(import.meta.url);

/** The files of this folder as parsed JSON, not yet checked; of several with one metric reports prefer the first. */
export const publications: readonly unknown[] = [
  require('./soltesz2007.json'),
  require('./soltesz2006-preprint.json'),
  require('./felter2015.json'),
];
