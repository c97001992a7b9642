/** Members by name, items by index, from the outermost value on. */
export type JsonPath = readonly (string | number)[];

/** 1-based; columns count UTF-16 code units, as editors do. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A JSON text that was read: its value, where each member and item begins, and members that are there twice. */
export interface JsonText {
  readonly ok: true;
  readonly value: unknown;
  /** The member's name for a member, the value for an item; the nearest enclosing one for a path that is not there. */
  placeOf(path: JsonPath): Place;
  readonly repeated: readonly JsonPath[];
}

export interface JsonFault {
  readonly ok: false;
  readonly place: Place;
  readonly expected: string;
  readonly found: string;
  readonly hint?: string;
}

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const DEEPEST = 100;

/** Stops the scan; caught in `readJsonText`. */
class Fault extends Error {
  constructor(
    readonly at: number,
    readonly expected: string,
    readonly advice?: string,
  ) {
    super(expected);
  }
}

interface Scan {
  readonly places: Map<string, number>;
  readonly repeated: JsonPath[];
}

/**
 * Reads JSON (RFC 8259) and keeps the places, which `JSON.parse` does not: its messages name no line, and of two members
 * with one name it silently keeps the last.
 */
export function readJsonText(source: string): JsonText | JsonFault {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  try {
    const { places, repeated } = scanText(text);
    const placeOf = (path: JsonPath): Place => {
      for (let length = path.length; length > 0; length -= 1) {
        const at = places.get(JSON.stringify(path.slice(0, length)));
        if (at !== undefined) return placeAt(text, at);
      }
      return { line: 1, column: 1 };
    };
    return { ok: true, value: JSON.parse(text) as unknown, placeOf, repeated };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { at, expected, advice } = error;
    const hint = advice ?? adviceFor(text, at);
    const found = at >= text.length ? 'the end of the file' : JSON.stringify(text.slice(at, at + 1));
    return { ok: false, place: placeAt(text, at), expected, found, ...(hint === undefined ? {} : { hint }) };
  }
}

function placeAt(text: string, at: number): Place {
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}

/** What people write in JSON that JSON does not have. */
function adviceFor(text: string, at: number): string | undefined {
  if (text.startsWith('//', at) || text.startsWith('/*', at) || text[at] === '#') {
    return 'JSON has no comments; a host has a "description" and a target a "label"';
  }
  if (text[at] === "'") return 'JSON has double quotes only';
  if (text[at] === '"') return 'text ends on its line, and a backslash in it is written twice';
  return undefined;
}

function scanText(text: string): Scan {
  const places = new Map<string, number>();
  const repeated: JsonPath[] = [];
  let at = 0;

  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text)?.[0];
    at += match?.length ?? 0;
    return match;
  };
  const takeMark = (mark: string): boolean => {
    take(SPACE);
    if (text[at] !== mark) return false;
    at += 1;
    return true;
  };
  /** Items or members up to the closing mark; `one` reads each. */
  const takeList = (close: string, one: (index: number) => void): void => {
    if (takeMark(close)) return;
    for (let index = 0; ; index += 1) {
      one(index);
      if (takeMark(close)) return;
      if (!takeMark(',')) throw new Fault(at, `"," or ${JSON.stringify(close)}`);
      const comma = at - 1;
      if (takeMark(close)) throw new Fault(comma, JSON.stringify(close), 'JSON has no comma after the last one');
    }
  };
  const takeMember = (path: JsonPath, names: Set<string>): void => {
    take(SPACE);
    const start = at;
    const quoted = take(STRING);
    if (quoted === undefined) throw new Fault(at, 'the name of a member, in double quotes');
    const name = JSON.parse(quoted) as string;
    const member = [...path, name];
    if (names.has(name)) repeated.push(member);
    names.add(name);
    places.set(JSON.stringify(member), start);
    if (!takeMark(':')) throw new Fault(at, '":"');
    takeValue(member);
  };
  const takeValue = (path: JsonPath): void => {
    if (path.length > DEEPEST) throw new Fault(at, `at most ${DEEPEST} levels`);
    if (takeMark('{')) {
      const names = new Set<string>();
      takeList('}', () => takeMember(path, names));
    } else if (takeMark('[')) {
      takeList(']', (index) => takeItem([...path, index]));
    } else if (take(STRING) === undefined && take(SCALAR) === undefined) throw new Fault(at, 'a value');
  };
  const takeItem = (path: JsonPath): void => {
    take(SPACE);
    places.set(JSON.stringify(path), at);
    takeValue(path);
  };

  takeValue([]);
  take(SPACE);
  if (at < text.length) throw new Fault(at, 'the end of the file');
  return { places, repeated };
}
