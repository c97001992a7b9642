import { createHash } from 'node:crypto';
import Handlebars from 'handlebars';
import type { Assets } from '../exporter.js';

/**
 * The style sheet of a page with its fonts and these rules, and a content security policy that allows exactly these, and of scripts only the
 * one that is passed.
 */
export function frameOf(
  assets: Assets,
  script = '',
  rules = '',
): { readonly policy: string; readonly style: Handlebars.SafeString } {
  const style = `${fontFaces(assets)}${assets.css}${rules}`;
  const scripts = script === '' ? '' : ` script-src 'sha256-${hashOf(script)}';`;
  return {
    policy:
      `default-src 'none'; style-src 'sha256-${hashOf(style)}';${scripts} font-src data:; img-src data:; ` +
      "base-uri 'none'; form-action 'none'",
    // Not escaped: the hash in the policy is of these bytes.
    style: new Handlebars.SafeString(style),
  };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

function fontFaces(assets: Assets): string {
  return assets.fonts
    .map(
      ({ family, weight, data }) =>
        `@font-face{font-family:"${family}";font-style:normal;font-weight:${weight};font-display:block;` +
        `src:url(data:font/woff2;base64,${data}) format("woff2")}\n`,
    )
    .join('');
}
