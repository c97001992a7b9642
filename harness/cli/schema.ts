import { reportJsonSchema } from '../../reports/render/data/json-schema.js';
import { hostsJsonSchema } from '../config/schema.js';
import { EXIT } from '../errors.js';
import { jsonText } from './columns.js';
import type { Context } from './context.js';
import { SCHEMAS } from './lists.js';
import { unknown } from './select.js';

/** `bench schema`: the JSON Schema of hosts files, which `$schema` in them names, or of `report --format json`. */
export function schema({ printer }: Context, what: string): Promise<number> {
  if (what !== 'hosts' && what !== 'report') throw unknown('schema of', what, SCHEMAS);
  printer.out(jsonText(what === 'hosts' ? hostsJsonSchema() : reportJsonSchema));
  return Promise.resolve(EXIT.done);
}
