import { EXIT } from '../errors.js';
import { checkBundle, type BundleCheck } from './check-bundle.js';
import { jsonText } from './columns.js';
import type { CommonOptions, Context } from './context.js';
import { harmless } from './printer.js';

export interface VerifyOptions extends CommonOptions {
  readonly allowedSigners?: string;
  readonly json: boolean;
}

/** `bench verify`: one line for each check of a bundle, and one for each finding. 1 when one is not ok. */
export async function verify({ printer }: Context, options: VerifyOptions, path: string): Promise<number> {
  const { checks } = await checkBundle(path, options.allowedSigners);
  printer.out(options.json ? jsonText(checks) : harmless(checks.flatMap(describeCheck).join('')));
  return checks.every(({ verdict }) => verdict === 'ok') ? EXIT.done : EXIT.failed;
}

/** `checksums: failed: files differ from the manifest`, then a line for each finding. */
export function describeCheck({ check, verdict, detail, findings }: BundleCheck): string[] {
  const state = verdict === 'ok' ? detail : `${verdict}: ${detail}`;
  return [`${check}: ${state}\n`, ...findings.map((finding) => `  ${finding}\n`)];
}
