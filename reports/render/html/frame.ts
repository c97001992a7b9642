import { createHash } from 'node:crypto';
import Handlebars from 'handlebars';
import type { Assets } from '../exporter.js';

/** The files that pages of a site share, as URLs relative to the page. */
export interface SharedFiles {
  readonly stylesheet: string;
  /** The front page. */
  readonly home: string;
}

/** The policy of pages of a site: they have what is in its folder, and nothing else. Fonts are in the style sheet. */
export const SITE_POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; font-src data:; img-src data:; base-uri 'none'; form-action 'none'";

/**
 * The style sheet of a page with its fonts and these rules, and a content security policy that allows exactly these, and of scripts only the
 * one that is passed.
 */
export function frameOf(
  assets: Assets,
  script = '',
  rules = '',
  shared?: SharedFiles,
): { readonly policy: string; readonly style: Handlebars.SafeString } {
  if (shared !== undefined) return sharedFrame(shared, rules);
  const style = `${sharedStyle(assets)}${rules}`;
  const scripts = script === '' ? '' : ` script-src 'sha256-${hashOf(script)}';`;
  return {
    policy:
      `default-src 'none'; style-src 'sha256-${hashOf(style)}';${scripts} font-src data:; img-src data:; ` +
      "base-uri 'none'; form-action 'none'",
    // Not escaped: the hash in the policy is of these bytes.
    style: new Handlebars.SafeString(`<style>${style}</style>`),
  };
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

/** Of a page of a site: the shared style sheet, and rules of this page alone, which its policy allows by their hash. */
function sharedFrame({ stylesheet }: SharedFiles, rules: string): ReturnType<typeof frameOf> {
  const link = `<link rel="stylesheet" href="${Handlebars.escapeExpression(stylesheet)}">`;
  if (rules === '') return { policy: SITE_POLICY, style: new Handlebars.SafeString(link) };
  return {
    policy: SITE_POLICY.replace("style-src 'self'", `style-src 'self' 'sha256-${hashOf(rules)}'`),
    style: new Handlebars.SafeString(`${link}<style>${rules}</style>`),
  };
}

/** The style sheet that the pages of a site share, with its fonts. */
export function sharedStyle(assets: Assets): string {
  return `${fontFaces(assets)}${assets.css}`;
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
