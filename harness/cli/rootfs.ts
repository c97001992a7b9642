import { EXIT } from '../errors.js';
import { makeGuestRootfs } from '../lab/guest-rootfs.js';
import type { Context } from './context.js';

/** `bench rootfs DIR`: prints the member of `options` that targets need. */
export async function rootfs({ printer }: Context, directory: string): Promise<number> {
  const { path, made } = await makeGuestRootfs({ directory, report: (line) => printer.line(line) });
  if (!made) printer.line(`${path} is there already`);
  printer.out(`${JSON.stringify({ rootfs: path })}\n`);
  return EXIT.done;
}
