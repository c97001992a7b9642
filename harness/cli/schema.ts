import { reportJsonSchema } from '../../reports/render/data/json-schema.js';
import { hostsJsonSchema } from '../config/schema.js';
import { thresholdsJsonSchema } from '../config/thresholds.js';
import { EXIT } from '../errors.js';
import { jsonText } from './columns.js';
import type { Context } from './context.js';
import { SCHEMAS } from './lists.js';
import { unknown } from './select.js';

const schemas: Readonly<Record<(typeof SCHEMAS)[number], () => object>> = {
  hosts: hostsJsonSchema,
  report: () => reportJsonSchema,
  thresholds: thresholdsJsonSchema,
};

/**
 * `bench schema`: the JSON Schema of hosts files, which `$schema` in them names, of `report --format json`, or of the
 * thresholds of `compare --fail-on`.
 */
export function schema({ printer }: Context, what: string): Promise<number> {
  const known = SCHEMAS.find((name) => name === what);
  if (known === undefined) throw unknown('schema of', what, SCHEMAS);
  printer.out(jsonText(schemas[known]()));
  return Promise.resolve(EXIT.done);
}
