import { visit, type JSONVisitor } from 'jsonc-parser';

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

/** Where members and items begin, and members that occur twice. */
interface Index {
  /** By the path as JSON. */
  readonly positions: ReadonlyMap<string, LineAndColumn>;
  readonly repeated: readonly JsonPath[];
}

function indexText(text: string): Index {
  const indexer = new Indexer(text);
  visit(text, indexer.visitor(), { disallowComments: true });
  return indexer;
}

/** Fills an index while a text is parsed. The parser reports an error by code only; what it expected is kept here. */
class Indexer implements Index {
  readonly positions = new Map<string, LineAndColumn>();
  readonly repeated: JsonPath[] = [];
  readonly #text: string;
  readonly #open: Open[] = [];
  #expected = VALUE;
  /** The last separator, where it was a comma. */
  #comma: { readonly offset: number; readonly position: LineAndColumn } | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  visitor(): JSONVisitor {
    return {
      onObjectBegin: (offset, _length, line, column, path) => {
        this.#begin('}', offset, positionAt(line, column), path());
      },
      onArrayBegin: (offset, _length, line, column, path) => {
        this.#begin(']', offset, positionAt(line, column), path());
      },
      onObjectEnd: (offset, _length, line, column) => this.#end(offset, positionAt(line, column)),
      onArrayEnd: (offset, _length, line, column) => this.#end(offset, positionAt(line, column)),
      onObjectProperty: (name, _offset, _length, line, column, path) => {
        this.#member(name, positionAt(line, column), path());
      },
      onLiteralValue: (_value, _offset, _length, line, column, path) => {
        this.#item(path(), positionAt(line, column));
        this.#expectAfterValue();
      },
      onSeparator: (mark, offset, _length, line, column) => this.#separator(mark, offset, positionAt(line, column)),
      onError: (_code, offset, _length, line, column) => {
        throw this.#fault(offset, positionAt(line, column));
      },
    };
  }

  #begin(close: Open['close'], offset: number, position: LineAndColumn, path: JsonPath): void {
    if (this.#open.length >= MAX_LEVELS) throw new Fault(offset, position, `at most ${MAX_LEVELS} levels`);
    this.#item(path, position);
    this.#open.push({ close, names: new Set() });
    this.#expected = close === '}' ? NAME : VALUE;
    this.#comma = undefined;
  }

  #end(offset: number, position: LineAndColumn): void {
    // The parser also ends an object at the end of the text.
    if (this.#text[offset] !== this.#open.at(-1)?.close) throw new Fault(offset, position, this.#expected);
    this.#open.pop();
    this.#expectAfterValue();
  }

  #member(name: string, position: LineAndColumn, pathOfObject: JsonPath): void {
    const path = [...pathOfObject, name];
    const { names } = this.#open.at(-1) ?? {};
    if (names?.has(name)) this.repeated.push(path);
    names?.add(name);
    this.positions.set(JSON.stringify(path), position);
    this.#expected = '":"';
  }

  #item(path: JsonPath, position: LineAndColumn): void {
    if (typeof path.at(-1) === 'number') this.positions.set(JSON.stringify(path), position);
  }

  #separator(mark: string, offset: number, position: LineAndColumn): void {
    this.#expected = mark === ',' && this.#open.at(-1)?.close === '}' ? NAME : VALUE;
    this.#comma = mark === ',' ? { offset, position } : undefined;
  }

  #expectAfterValue(): void {
    const { close } = this.#open.at(-1) ?? {};
    this.#expected = close === undefined ? 'the end of the file' : `"," or ${JSON.stringify(close)}`;
    this.#comma = undefined;
  }

  #fault(offset: number, position: LineAndColumn): Fault {
    const { close } = this.#open.at(-1) ?? {};
    if (this.#comma === undefined || close === undefined || this.#text[offset] !== close) {
      return new Fault(offset, position, this.#expected);
    }
    const advice = 'JSON has no comma after the last one';
    return new Fault(this.#comma.offset, this.#comma.position, JSON.stringify(close), advice);
  }
}

/** The parser counts from 0. */
function positionAt(line: number, character: number): LineAndColumn {
  return { line: line + 1, column: character + 1 };
}
