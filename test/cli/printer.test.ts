import type { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { BenchError } from '../../harness/errors.js';
import { printerOn } from './captured-printer.js';

describe('the printer', () => {
  it('writes results to stdout and everything else to stderr', () => {
    const { printer, stdout, stderr } = printerOn(false);
    printer.out('result\n');
    printer.line('remark');
    printer.problem(new BenchError({ stage: 'connect', host: 'alpha', message: 'no answer' }));
    expect(stdout.text()).toBe('result\n');
    expect(stderr.text()).toBe('remark\nbench: host alpha, stage connect: no answer\n');
  });

  it('prints mistakes of usage without a stage, one line each', () => {
    const { printer, stderr } = printerOn(false);
    printer.problem(new BenchError({ stage: 'config', message: 'first\nsecond', hint: 'do this' }));
    printer.problem(new BenchError({ stage: 'config', target: 'lxc-up', message: 'third' }));
    expect(stderr.text()).toBe('bench: first\nbench: second; do this\nbench: target lxc-up: third\n');
  });

  it.each([
    [false, /^bench: broken\n$/],
    [true, /^bench: broken\n {4}at [\s\S]+ {2}caused by deeper\n {4}at /],
  ])('shows where an error came from only when verbose: %s', (verbose, expected) => {
    const { printer, stderr } = printerOn(false, { verbose });
    printer.problem(new Error('broken', { cause: new Error('deeper') }));
    expect(stderr.text()).toMatch(expected);
  });

  it('escapes control characters of hosts in every line', () => {
    const { printer, stderr } = printerOn(true);
    printer.line('a\u001b[2Jb\u0007\u202ec');
    expect(stderr.text()).toBe('a\\u001b[2Jb\\u0007\\u202ec\n');
  });

  it('writes raw bytes unchanged to a pipe, escaped to a terminal', () => {
    const bytes = Uint8Array.from([0x1b, 0x5b, 0x48, 0xff, 0x0a]);
    const piped = printerOn(false);
    piped.printer.raw(bytes);
    expect(Buffer.from(piped.stdout.text(), 'latin1')).toEqual(Buffer.from(bytes));
    const shown = printerOn(true);
    shown.printer.raw(bytes);
    expect(shown.stdout.text()).toBe('\\u001b[H\uFFFD\n');
  });

  it('uses colour only on a terminal, and only if it is enabled', () => {
    const texts = [
      [true, true],
      [true, false],
      [false, true],
    ].map(([terminal, color]) => {
      const { printer, stderr } = printerOn(terminal === true, { color: color === true });
      printer.line('well', 'good');
      return stderr.text();
    });
    expect(texts).toEqual(['\u001b[32mwell\u001b[0m\n', 'well\n', 'well\n']);
  });

  it('keeps the live line at the bottom, cut to the width, and off a pipe', () => {
    const { printer, stderr } = printerOn(true);
    printer.live('x'.repeat(100));
    printer.line('above');
    printer.live('');
    const cut = 'x'.repeat(39);
    expect(stderr.text()).toBe(`\r\u001b[2K${cut}\r\u001b[2Kabove\n${cut}\r\u001b[2K`);
    const piped = printerOn(false);
    piped.printer.live('nothing');
    expect(piped.stderr.text()).toBe('');
  });

  it('stops writing when the reader has closed the pipe', () => {
    const { printer, stdout } = printerOn(false);
    printer.out('one\n');
    (stdout as unknown as EventEmitter).emit('error', Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    printer.out('two\n');
    expect(stdout.text()).toBe('one\n');
  });
});
