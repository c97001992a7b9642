import { close, openSync, read, writeSync } from 'node:fs';
import { basename } from 'node:path';

// A file system of files that are read and written as a whole, as those of sysfs are, served over /dev/fuse in the protocol
// of the kernel's include/uapi/linux/fuse.h (version 7.31).

/** What a file system holds. Paths begin with a slash and are relative to where it is mounted. */
export interface Files {
  /** Paths of all files there are now. */
  paths(): readonly string[];
  /** The content, or an errno. */
  read(path: string): string | number;
  /** 0, or an errno. `text` is what one write(2) brought. */
  write(path: string, text: string): number;
}

/** One file system, to be mounted with mount(8): `mount -i -t fuse -o fd=FD,… NAME FOLDER`. */
export interface Served {
  /** To be passed on to mount(8) as its descriptor. */
  readonly fd: number;
  /** Ends it, wherever it is still mounted. */
  close(): void;
}

/** Options of mount(8) for the descriptor that the command was given. */
export const mountOptions = (fd: number): string => `fd=${fd},rootmode=40755,user_id=0,group_id=0`;

const ENOENT = 2;
const ENOSYS = 38;
const REQUEST_BYTES = 1024 * 1024;
const IN_HEADER_BYTES = 40;
const DIRECT_IO = 1;
const ATOMIC_TRUNCATE = 8;
const PAGE = 4096;

/** Operations of fuse.h that are answered; all others get ENOSYS. */
const operations = {
  LOOKUP: 1,
  FORGET: 2,
  GETATTR: 3,
  SETATTR: 4,
  OPEN: 14,
  READ: 15,
  WRITE: 16,
  STATFS: 17,
  RELEASE: 18,
  FLUSH: 25,
  INIT: 26,
  OPENDIR: 27,
  READDIR: 28,
  RELEASEDIR: 29,
  INTERRUPT: 36,
  DESTROY: 38,
  BATCH_FORGET: 42,
} as const;

/** Answers requests until the last mount of it is gone. */
export function serve(files: Files): Served {
  const fd = openSync('/dev/fuse', 'r+');
  const tree = new Nodes(files);
  const buffer = Buffer.alloc(REQUEST_BYTES);
  let closed = false;
  const next = (): void => {
    read(fd, buffer, 0, buffer.length, null, (error, length) => {
      if (closed) return;
      // EPERM: not mounted yet; ENODEV: unmounted; ENOENT and EINTR: the request is gone.
      if (error?.code === 'EPERM') {
        setTimeout(next, 5);
        return;
      }
      const isGone = error?.code === 'ENOENT' || error?.code === 'EINTR';
      if (error !== null && !isGone) return;
      const answer = isGone ? undefined : tree.answer(buffer.subarray(0, length));
      if (answer !== undefined) reply(fd, answer);
      next();
    });
  };
  next();
  return {
    fd,
    close: () => {
      if (closed) return;
      closed = true;
      close(fd);
    },
  };
}

function reply(fd: number, answer: Buffer): void {
  try {
    writeSync(fd, answer);
  } catch {
    // The process that asked was killed, or the file system is unmounted: nobody waits for the answer.
  }
}

/** What the kernel knows files and folders by. */
class Nodes {
  readonly #byId: string[] = ['', ''];
  readonly #ids = new Map<string, number>([['', 1]]);
  readonly #shown = new Map<string, string>();

  constructor(private readonly files: Files) {}

  /** The answer to one request; undefined: it has none. */
  answer(request: Buffer): Buffer | undefined {
    const operation = request.readUInt32LE(4);
    const unique = request.readBigUInt64LE(8);
    const { FORGET, BATCH_FORGET, INTERRUPT } = operations;
    if (operation === FORGET || operation === BATCH_FORGET || operation === INTERRUPT) return undefined;
    const path = this.#byId[Number(request.readBigUInt64LE(16))] ?? '/gone';
    const body = this.#body(operation, path, request.subarray(IN_HEADER_BYTES));
    const header = Buffer.alloc(16);
    const payload = typeof body === 'number' ? Buffer.alloc(0) : body;
    header.writeUInt32LE(header.length + payload.length, 0);
    header.writeInt32LE(typeof body === 'number' ? -body : 0, 4);
    header.writeBigUInt64LE(unique, 8);
    return Buffer.concat([header, payload]);
  }

  #body(operation: number, path: string, input: Buffer): Buffer | number {
    switch (operation) {
      case operations.INIT:
        return initialized();
      case operations.LOOKUP:
        return this.#lookup(`${path}/${input.toString('utf8', 0, input.indexOf(0))}`);
      case operations.GETATTR:
      case operations.SETATTR:
        return this.#exists(path) ? Buffer.concat([Buffer.alloc(16), this.#attributes(path)]) : ENOENT;
      case operations.OPEN:
      case operations.OPENDIR: {
        const opened = Buffer.alloc(16);
        opened.writeUInt32LE(operation === operations.OPEN ? DIRECT_IO : 0, 8);
        return this.#exists(path) ? opened : ENOENT;
      }
      case operations.READ:
        return this.#read(path, Number(input.readBigUInt64LE(8)), input.readUInt32LE(16));
      case operations.WRITE:
        return this.#write(path, input);
      case operations.READDIR:
        return this.#entries(path, Number(input.readBigUInt64LE(8)), input.readUInt32LE(16));
      case operations.STATFS:
        return Buffer.alloc(80);
      case operations.RELEASE:
      case operations.RELEASEDIR:
      case operations.FLUSH:
      case operations.DESTROY:
        return Buffer.alloc(0);
      default:
        return ENOSYS;
    }
  }

  #isFolder(path: string): boolean {
    return path === '' || this.files.paths().some((each) => each.startsWith(`${path}/`));
  }

  #exists(path: string): boolean {
    return this.#isFolder(path) || this.files.paths().includes(path);
  }

  #id(path: string): number {
    const known = this.#ids.get(path);
    if (known !== undefined) return known;
    this.#byId.push(path);
    this.#ids.set(path, this.#byId.length - 1);
    return this.#byId.length - 1;
  }

  /** `struct fuse_attr`, 88 bytes. */
  #attributes(path: string): Buffer {
    const out = Buffer.alloc(88);
    const folder = this.#isFolder(path);
    out.writeBigUInt64LE(BigInt(this.#id(path)), 0);
    out.writeBigUInt64LE(BigInt(PAGE), 8);
    out.writeUInt32LE(folder ? 0o040755 : 0o100644, 60);
    out.writeUInt32LE(folder ? 2 : 1, 64);
    out.writeUInt32LE(PAGE, 80);
    return out;
  }

  /** `struct fuse_entry_out`: nothing may be cached, since files come and go. */
  #lookup(path: string): Buffer | number {
    if (!this.#exists(path)) return ENOENT;
    const entry = Buffer.alloc(40);
    entry.writeBigUInt64LE(BigInt(this.#id(path)), 0);
    return Buffer.concat([entry, this.#attributes(path)]);
  }

  #read(path: string, offset: number, size: number): Buffer | number {
    // Asked once for each time that a file is read from its beginning, as sysfs shows an attribute.
    const content = offset === 0 ? this.files.read(path) : (this.#shown.get(path) ?? '');
    if (typeof content === 'number') return content;
    this.#shown.set(path, content);
    return Buffer.from(content).subarray(offset, offset + size);
  }

  #write(path: string, input: Buffer): Buffer | number {
    const size = input.readUInt32LE(16);
    const error = this.files.write(path, input.toString('utf8', 40, 40 + size));
    if (error !== 0) return error;
    const out = Buffer.alloc(8);
    out.writeUInt32LE(size, 0);
    return out;
  }

  /** `struct fuse_dirent`s from an offset, as many as fit. */
  #entries(folder: string, offset: number, size: number): Buffer {
    const below = this.files.paths().filter((path) => path.startsWith(`${folder}/`));
    const names = [...new Set(below.map((path) => path.slice(folder.length + 1).split('/')[0] ?? basename(path)))];
    const entries: Buffer[] = [];
    let length = 0;
    for (const [index, name] of names.entries()) {
      if (index < offset) continue;
      const entry = this.#entry(`${folder}/${name}`, index + 1);
      length += entry.length;
      if (length > size) break;
      entries.push(entry);
    }
    return Buffer.concat(entries);
  }

  #entry(path: string, next: number): Buffer {
    const name = Buffer.from(basename(path));
    const entry = Buffer.alloc(Math.ceil((24 + name.length) / 8) * 8);
    entry.writeBigUInt64LE(BigInt(this.#id(path)), 0);
    entry.writeBigUInt64LE(BigInt(next), 8);
    entry.writeUInt32LE(name.length, 16);
    entry.writeUInt32LE(this.#isFolder(path) ? 4 : 8, 20);
    name.copy(entry, 24);
    return entry;
  }
}

/** `struct fuse_init_out`. */
function initialized(): Buffer {
  const out = Buffer.alloc(64);
  out.writeUInt32LE(7, 0);
  out.writeUInt32LE(31, 4);
  out.writeUInt32LE(ATOMIC_TRUNCATE, 12);
  out.writeUInt16LE(8, 16);
  out.writeUInt16LE(6, 18);
  out.writeUInt32LE(64 * 1024, 20);
  out.writeUInt32LE(1, 24);
  return out;
}
