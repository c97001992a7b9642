import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Size } from '../../../suites/kernel-compile/sizes.js';

/** A tree with a kernel's targets that builds in a moment: `tinyconfig`, `prepare`, `kernelversion`, two objects. */
const MAKEFILE = `CC = gcc
all: part/built-in.a
part/built-in.a: part/a.o part/b.o
	ar rc $@ $^
%.o: %.c
	$(CC) -c -o $@ $<
tinyconfig defconfig:
	echo CONFIG_TINY=y > .config
prepare:
	test -f .config
kernelversion:
	@echo 6.1.999
.PHONY: all tinyconfig defconfig prepare kernelversion
`;

/** What is built of the miniature, by profile. */
export const miniatureSize = (sources: Size['sources']): Size => ({
  sources,
  targets: sources === 'part' ? ['part/built-in.a'] : [],
  products: ['part/built-in.a'],
  leastObjects: 2,
  roomKiB: 1000,
  limitSeconds: 20,
});

export interface Miniature {
  /** Where the suite's scripts and the archive are. */
  readonly dir: string;
  readonly archives: string;
  remove(): void;
}

/** Scripts of the suite in a directory of their own, and an archive of the miniature; `source` is the text of part/b.c. */
export function openMiniature(source = 'int b;\n'): Miniature {
  const place = mkdtempSync(join(tmpdir(), 'bench-kernel-test-'));
  const dir = join(place, 'suite');
  cpSync(fileURLToPath(new URL('../../../suites/kernel-compile', import.meta.url)), dir, { recursive: true });
  mkdirSync(join(place, 'linux-9.9', 'part'), { recursive: true });
  writeFileSync(join(place, 'linux-9.9', 'Makefile'), MAKEFILE);
  writeFileSync(join(place, 'linux-9.9', 'part', 'a.c'), 'int a;\n');
  writeFileSync(join(place, 'linux-9.9', 'part', 'b.c'), source);
  execFileSync('tar', ['-cJf', join(place, 'linux-9.9.tar.xz'), '-C', place, 'linux-9.9']);
  return { dir, archives: place, remove: () => rmSync(place, { recursive: true, force: true }) };
}
