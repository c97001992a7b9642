import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonText } from '../../harness/config/json-text.js';

/** JSON with characters removed, doubled and replaced: most of it is no JSON. */
const damaged = fc
  .tuple(
    fc.json({ maxDepth: 4 }),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.constantFrom('', '"', ',', ':', '{', '}', '[', ']', '0', '-', '.', 'e', '\\', '\n', '/', ' '),
      ),
    ),
  )
  .map(([text, edits]) =>
    edits.slice(0, 3).reduce((now, [at, put]) => {
      const offset = at % (now.length + 1);
      return now.slice(0, offset) + put + now.slice(offset + (at % 2));
    }, text),
  );

const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('readJsonText', () => {
  it('accepts what JSON.parse accepts, with its value, and refuses everything else with a position in the text', () => {
    fc.assert(
      fc.property(damaged, (text) => {
        const read = readJsonText(text);
        expect(read.ok).toBe(parses(text));
        if (read.ok) {
          expect(read.value).toEqual(JSON.parse(text));
          return;
        }
        const lines = text.split(/\r\n|\r|\n/);
        const line = lines[read.position.line - 1];
        expect(line).toBeDefined();
        expect(read.position.column).toBeLessThanOrEqual((line ?? '').length + 1);
      }),
      { numRuns: 2000 },
    );
  });

  it('finds members by their names and items by their values, and the nearest that exists for a path that does not', () => {
    const read = readJsonText('{\n  "a": [1,\n    {"b": 2}],\n  "c": {}\n}');
    if (!read.ok) throw new Error(read.expected);
    expect(read.positionOf([])).toEqual({ line: 1, column: 1 });
    expect(read.positionOf(['a'])).toEqual({ line: 2, column: 3 });
    expect(read.positionOf(['a', 0])).toEqual({ line: 2, column: 9 });
    expect(read.positionOf(['a', 1, 'b'])).toEqual({ line: 3, column: 6 });
    expect(read.positionOf(['c', 'absent', 3])).toEqual({ line: 4, column: 3 });
  });

  it('reports a name as repeated in its own object only', () => {
    const read = readJsonText('{"a": {"x": 1}, "b": {"x": 1}, "a": {"x": 2}}');
    expect(read.ok && read.repeated).toEqual([['a']]);
  });

  it.each([
    ['[1, 2', '"," or "]"', 'the end of the file'],
    ['{"a": 1', '"," or "}"', 'the end of the file'],
    ['[1,]', '"]"', '","'],
    ['[,1]', 'a value', '","'],
    ['{"a":}', 'a value', '"}"'],
    ['{"a": tru}', 'a value', '"t"'],
    ['{"a": "\\q"}', 'a value', '"\\""'],
    ['[1}', '"," or "]"', '"}"'],
    ['{a: 1}', 'the name of a member, in double quotes', '"a"'],
  ])('describes %s: expected %s', (text, expected, found) => {
    expect(readJsonText(text)).toMatchObject({ ok: false, expected, found });
  });
});
