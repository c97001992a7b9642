import { z } from 'zod';
import { optionsSchemaOf } from '../platforms/index.js';
import type { JsonPath } from './json-text.js';
import { misnamed, show, type Mistake } from './mistake.js';
import { entriesOf, textAt, valueAt } from './raw-value.js';
import { hostsFileSchema, PLATFORM_IDS } from './schema.js';

/** What does not have the form of a hosts file: unknown members, wrong types, values out of range. Pure. */
export function mistakesOfForm(raw: unknown): Mistake[] {
  const mistakes = mistakesAgainst(hostsFileSchema, raw, []);
  for (const [id, target] of entriesOf(valueAt(raw, ['targets']))) {
    const platform = PLATFORM_IDS.find((known) => known === textAt(target, ['platform']));
    const schema = platform === undefined ? undefined : optionsSchemaOf(platform);
    const options = valueAt(target, ['options']) ?? {};
    if (schema === undefined || typeof options !== 'object' || Array.isArray(options)) continue;
    mistakes.push(...mistakesAgainst(schema, options, ['targets', id, 'options']));
  }
  return mistakes;
}

/** What of a value does not have the form of a schema; `base` is the path of the value in its file. Pure. */
export function mistakesAgainst(schema: z.ZodType, raw: unknown, base: JsonPath): Mistake[] {
  const result = schema.safeParse(raw);
  if (result.success) return [];
  const shape = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return result.error.issues.flatMap((issue) => readIssue(issue, raw, base, shape));
}

function readIssue(issue: z.core.$ZodIssue, raw: unknown, base: JsonPath, shape: unknown): Mistake[] {
  const inside = issue.path.filter((part) => typeof part !== 'symbol');
  const path = [...base, ...inside];
  const found = valueAt(raw, inside);
  if (issue.code === 'unrecognized_keys') {
    const known = membersAt(shape, inside);
    return issue.keys.map((key) => misnamed([...path, key], key, 'a known key', known));
  }
  if (issue.code === 'invalid_key') {
    return [{ path, expected: expectation(issue.issues[0]?.message ?? issue.message), found: show(inside.at(-1)) }];
  }
  const expected = expectation(issue.message);
  const names = issue.code === 'invalid_value' ? issue.values.filter((value) => typeof value === 'string') : [];
  if (typeof found === 'string' && names.length > 2) return [misnamed(path, found, expected, names)];
  return [{ path, expected, found: show(found) }];
}

/** Messages of this project's schemas are the text after "expected"; of zod's own messages that part is used. */
function expectation(message: string): string {
  return message.replace(/^(?:Invalid|Too) [a-z]+: (?:expected )?/, '').replace(/, received [A-Za-z]+$/, '');
}

/** The members that a JSON Schema allows at a path. */
function membersAt(schema: unknown, path: JsonPath): string[] {
  let at = schema;
  for (const part of path) {
    if (typeof part === 'number') at = valueAt(at, ['items']);
    else at = valueAt(at, ['properties', part]) ?? valueAt(at, ['additionalProperties']);
  }
  return entriesOf(valueAt(at, ['properties'])).map(([name]) => name);
}
