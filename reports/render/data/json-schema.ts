import { createRequire } from 'node:module';

// `require`, because Node 20 prints a warning for every import of a JSON module.
const require = createRequire(import.meta.url);

/** JSON Schema (draft 2020-12) of what `renderJson` writes; it documents every field. */
export const reportJsonSchema = require('../../report.schema.json') as Readonly<Record<string, unknown>>;
