import { EventEmitter } from 'node:events';
import { makePrinter, type Outlet } from '../../harness/cli/printer.js';

/** A stream that keeps what is written. */
export function outlet(
  properties: { isTTY?: boolean; columns?: number } = {},
): Outlet & { readonly text: () => string } {
  let text = '';
  const stream = new EventEmitter();
  return Object.assign(stream, properties, {
    text: () => text,
    write: (chunk: string | Uint8Array) => {
      text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1');
      return true;
    },
  }) as unknown as Outlet & { text: () => string };
}

/** A printer on captured streams: two terminals of 40 columns, or two pipes. */
export function printerOn(terminal: boolean, options: { verbose?: boolean; color?: boolean } = {}) {
  const properties = terminal ? { isTTY: true, columns: 40 } : {};
  const [stdout, stderr] = [outlet(properties), outlet(properties)];
  const printer = makePrinter({ stdout, stderr, verbose: options.verbose ?? false, color: options.color ?? false });
  return { printer, stdout, stderr };
}
