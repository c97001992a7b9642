import type { Report } from '../../model/document.js';
import { plainLine } from '../../narrative/format.js';
import { GROUP_TITLES } from '../../narrative/groups.js';
import { checkView, micro, verdictClass } from './view-head.js';

/** Claims extended to kinds of systems, for the templates. */
export function classesView({ classes, publishedOnly }: Report): readonly object[] {
  if (publishedOnly) return [];
  return classes.map(({ id, claim, kinds, text, where, page, verdict, why, extension, checks }) => ({
    id: `class-${id.replace('/', '-')}`,
    claim,
    kinds: kinds
      .map((kind) => GROUP_TITLES[kind])
      .join(' and ')
      .toLowerCase(),
    text: micro(text),
    where: `section ${where}${page === null ? '' : `, page ${page}`}`,
    verdict,
    verdictClass: verdictClass(verdict),
    why: plainLine(why),
    extension: plainLine(extension),
    count: checks.length,
    checks: checks.map((check) => checkView(check, check.quantity)),
  }));
}
