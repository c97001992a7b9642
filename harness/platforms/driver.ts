import type { z } from 'zod';
import { BenchError } from '../errors.js';
import type { Finding, Platform, TargetConfig } from '../types.js';

/** A platform that this version can start guests of. */
export interface PlatformDriver<Id extends string = string> extends Platform<Id> {
  /**
   * How names of its targets may begin, apart from its id: `qemu-up` is a target of KVM. Imported results are
   * recognized by it.
   */
  readonly aliases?: readonly string[];
  /** The schema of its targets' `options`. */
  readonly options: z.ZodType;
}

/** The options of a target by its driver's schema; throws a `BenchError` of stage `config` with the first mistake. */
export function optionsOf<Options>(schema: z.ZodType<Options>, target: TargetConfig): Options {
  const parsed = schema.safeParse(target.options);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = ['options', ...(issue?.path ?? [])].join('.');
  const message = `${where} of target ${target.id}: ${issue?.message ?? 'not valid'}`;
  throw new BenchError({ stage: 'config', message });
}

/** Throws the first finding that prevents guests of a platform from starting; `label` begins the message. */
export function requireAble(label: string, findings: readonly Finding[]): void {
  const wrong = findings.find(({ verdict }) => verdict === 'differs');
  if (wrong === undefined) return;
  const { check, expected, found, hint } = wrong;
  const advice = hint === undefined ? {} : { hint };
  throw new BenchError({ stage: 'start', message: `${label} cannot run here: ${check}`, expected, found, ...advice });
}
