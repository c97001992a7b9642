import { visit } from 'jsonc-parser';

/** Members by name, items by index, from the outermost value on. */
export type JsonPath = readonly (string | number)[];

/** 1-based; columns count UTF-16 code units, as editors do. */
export interface LineAndColumn {
  readonly line: number;
  readonly column: number;
}

/** A parsed JSON text: its value, where each member and item begins, and members that occur twice. */
export interface JsonText {
  readonly ok: true;
  readonly value: unknown;
  /** Where a member's name or an item begins; for a path that does not exist, the nearest enclosing one. */
  positionOf(path: JsonPath): LineAndColumn;
  readonly repeated: readonly JsonPath[];
}

export interface JsonFault {
  readonly ok: false;
  readonly position: LineAndColumn;
  readonly expected: string;
  readonly found: string;
  readonly hint?: string;
}

const MAX_LEVELS = 100;

/** Stops the parser at the first fault; caught in `readJsonText`. */
class Fault extends Error {
  constructor(
    readonly offset: number,
    readonly position: LineAndColumn,
    readonly expected: string,
    readonly advice?: string,
  ) {
    super(expected);
  }
}

/**
 * Reads JSON (RFC 8259) with positions, which `JSON.parse` lacks: its messages name no line, and of two members with one
 * name it silently keeps the last.
 */
export function readJsonText(source: string): JsonText | JsonFault {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  try {
    const { positions, repeated } = indexText(text);
    const positionOf = (path: JsonPath): LineAndColumn => {
      for (let length = path.length; length > 0; length -= 1) {
        const position = positions.get(JSON.stringify(path.slice(0, length)));
        if (position !== undefined) return position;
      }
      return { line: 1, column: 1 };
    };
    return { ok: true, value: JSON.parse(text) as unknown, positionOf, repeated };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { offset, position, expected, advice } = error;
    const hint = advice ?? adviceFor(text, offset);
    const found = offset >= text.length ? 'the end of the file' : JSON.stringify(text.charAt(offset));
    return { ok: false, position, expected, found, ...(hint === undefined ? {} : { hint }) };
  }
}

/** What people write in JSON that JSON does not have. */
function adviceFor(text: string, offset: number): string | undefined {
  if (text.startsWith('//', offset) || text.startsWith('/*', offset) || text[offset] === '#') {
    return 'JSON has no comments; a host has a "description" and a target a "label"';
  }
  if (text[offset] === "'") return 'JSON has double quotes only';
  if (text[offset] === '"') return 'text ends on its line, and a backslash in it is written twice';
  return undefined;
}

const NAME = 'the name of a member, in double quotes';
const VALUE = 'a value';

/** An object or array that is open while its content is read. */
interface Open {
  readonly close: '}' | ']';
  readonly names: Set<string>;
}

interface Index {
  /** By the path as JSON. */
  readonly positions: ReadonlyMap<string, LineAndColumn>;
  readonly repeated: readonly JsonPath[];
}

/** Where members and items begin. The parser reports an error by code only; what it expected follows from what it read. */
function indexText(text: string): Index {
  const positions = new Map<string, LineAndColumn>();
  const repeated: JsonPath[] = [];
  const open: Open[] = [];
  let expected = VALUE;
  let comma: { readonly offset: number; readonly position: LineAndColumn } | undefined;

  const begin =
    (close: Open['close']) => (offset: number, _: number, line: number, column: number, path: () => JsonPath) => {
      const position = positionAt(line, column);
      if (open.length >= MAX_LEVELS) throw new Fault(offset, position, `at most ${MAX_LEVELS} levels`);
      noteItem(path(), position);
      open.push({ close, names: new Set() });
      expected = close === '}' ? NAME : VALUE;
      comma = undefined;
    };
  const end = (offset: number, _: number, line: number, column: number): void => {
    const { close } = open.at(-1) ?? {};
    // The parser also ends an object at the end of the text.
    if (text[offset] !== close) throw new Fault(offset, positionAt(line, column), expected);
    open.pop();
    expectAfterValue();
  };
  const noteItem = (path: JsonPath, position: LineAndColumn): void => {
    if (typeof path.at(-1) === 'number') positions.set(JSON.stringify(path), position);
  };
  const expectAfterValue = (): void => {
    const { close } = open.at(-1) ?? {};
    expected = close === undefined ? 'the end of the file' : `"," or ${JSON.stringify(close)}`;
    comma = undefined;
  };

  visit(
    text,
    {
      onObjectBegin: begin('}'),
      onArrayBegin: begin(']'),
      onObjectEnd: end,
      onArrayEnd: end,
      onObjectProperty: (name, _offset, _length, line, column, pathOfObject) => {
        const path = [...pathOfObject(), name];
        const { names } = open.at(-1) ?? {};
        if (names?.has(name)) repeated.push(path);
        names?.add(name);
        positions.set(JSON.stringify(path), positionAt(line, column));
        expected = '":"';
      },
      onLiteralValue: (_value, _offset, _length, line, column, path) => {
        noteItem(path(), positionAt(line, column));
        expectAfterValue();
      },
      onSeparator: (mark, offset, _length, line, column) => {
        expected = mark === ',' && open.at(-1)?.close === '}' ? NAME : VALUE;
        comma = mark === ',' ? { offset, position: positionAt(line, column) } : undefined;
      },
      onError: (_code, offset, _length, line, column) => {
        const { close } = open.at(-1) ?? {};
        if (comma !== undefined && close !== undefined && text[offset] === close) {
          const advice = 'JSON has no comma after the last one';
          throw new Fault(comma.offset, comma.position, JSON.stringify(close), advice);
        }
        throw new Fault(offset, positionAt(line, column), expected);
      },
    },
    { disallowComments: true },
  );
  return { positions, repeated };
}

/** The parser counts from 0. */
function positionAt(line: number, character: number): LineAndColumn {
  return { line: line + 1, column: character + 1 };
}
