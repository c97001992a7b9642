import { z } from 'zod';
import type { Json } from './names.js';

// What the schemas of stored files are made of. A run directory may come from a stranger: what is read is validated.

/**
 * The schema of an object in a stored file. Members that this version does not know are kept when the file is read, and
 * have no place in the type.
 */
export function stored<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape> {
  return z.looseObject(shape);
}

/** The type of what a schema of a stored file accepts: read-only at every depth. */
export type Stored<Schema extends z.ZodType> = Immutable<z.output<Schema>>;

type Immutable<Value> = [Json] extends [Value]
  ? Value
  : Value extends string | number | boolean | null
    ? Value
    : { readonly [Key in keyof Value]: Immutable<Value[Key]> };

export const json: z.ZodType<Json> = z.json();
export const text = z.string().max(100_000);
export const texts = z.array(text);
/** ISO 8601 in UTC. */
export const instant = z.iso.datetime();
export const count = z.int().min(0);

/**
 * Id of a platform or a gate, by its form only: a run names those of the version that made it, and stays readable where
 * a registry has others.
 */
export const registryId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'is no id');
