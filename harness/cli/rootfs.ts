import { EXIT } from '../errors.js';
import { makeGuestImage } from '../lab/guest-image.js';
import { makeGuestRootfs } from '../lab/guest-rootfs.js';
import type { CommonOptions, Context } from './context.js';

export interface RootfsOptions extends CommonOptions {
  readonly image?: string;
  readonly key?: string;
}

/** `bench rootfs DIR [--image FILE]`: prints the members of `options` that targets need, a line for each kind of platform. */
export async function rootfs({ printer }: Context, directory: string, options: RootfsOptions): Promise<number> {
  const report = (line: string): void => printer.line(line);
  const { path, made } = await makeGuestRootfs({ directory, report });
  if (!made) printer.line(`${path} is there already`);
  printer.out(`${JSON.stringify({ rootfs: path })}\n`);
  const { image: file, key } = options;
  if (file === undefined) return EXIT.done;
  const image = await makeGuestImage({ file, report, ...(key === undefined ? {} : { key }) });
  printer.out(`${JSON.stringify(image)}\n`);
  return EXIT.done;
}
