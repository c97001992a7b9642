import { parsers } from 'prettier/plugins/html';

/** An element of a parsed page. Attributes and text have their entities decoded. */
export interface PageElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (PageElement | string)[];
}

interface Node {
  readonly type?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly value?: string;
  readonly attrs?: readonly { readonly name: string; readonly value?: string | null }[];
  readonly children?: readonly Node[];
}

/** The page as a tree. The parser is Prettier's, which rejects an element that is not closed where it must be. */
export async function parsePage(html: string): Promise<PageElement> {
  const parse = parsers.html.parse as (text: string, options: object) => Promise<Node>;
  return elementOf(await parse(html, { parser: 'html' }));
}

function elementOf({ name = '', attrs = [], children = [] }: Node): PageElement {
  return {
    name,
    attributes: Object.fromEntries(attrs.map(({ name: key, value }) => [key, decode(value ?? '')])),
    children: children.flatMap((child): (PageElement | string)[] => {
      const kind = child.type ?? child.kind;
      if (kind === 'element') return [elementOf(child)];
      return kind === 'text' ? [decode(child.value ?? '')] : [];
    }),
  };
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: '\u00a0' };

function decode(text: string): string {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return ENTITIES[name ?? ''] ?? whole;
  });
}

/** Every element below one that fits, in the order of the page. `select` is `name`, `.class` or `name.class`; `*` is any. */
export function all(root: PageElement, select: string): PageElement[] {
  const [name = '', ...classes] = select.split('.');
  const fits = (element: PageElement): boolean =>
    (name === '' || name === '*' || element.name === name) &&
    classes.every((one) => (element.attributes['class'] ?? '').split(' ').includes(one));
  return elementsIn(root).flatMap((child) => [...(fits(child) ? [child] : []), ...all(child, select)]);
}

/** Children that are elements. */
export function elementsIn(element: PageElement): PageElement[] {
  return element.children.filter((child) => typeof child !== 'string');
}

/** The text of an element and of everything below it, with single spaces. */
export function textOf(element: PageElement): string {
  return element.children
    .map((child) => (typeof child === 'string' ? child : ` ${textOf(child)} `))
    .join('')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The element with this id; throws where there is none, or more than one. */
export function byId(root: PageElement, id: string): PageElement {
  const [found, ...others] = all(root, '*').filter((element) => element.attributes['id'] === id);
  if (found === undefined || others.length > 0)
    throw new Error(`${others.length + Number(found !== undefined)} elements have the id ${id}`);
  return found;
}
