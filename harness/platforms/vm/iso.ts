/** Bytes of a sector, and of a logical block. */
const SECTOR = 2048;

/** By sector; the first 16 are left to the system, ECMA-119 6.2.1. */
const LAYOUT = { primary: 16, terminator: 17, tableL: 18, tableM: 19, root: 20, files: 21 } as const;
const NAME = /^[a-z0-9][a-z0-9_-]{0,27}$/;

/**
 * An ISO 9660 image (ECMA-119) of a few files in one directory, so that a host needs no tool to make one. Names are
 * stored in capitals with a version, as the format wants; Linux shows them in lower case and without it. Throws a
 * `RangeError` for a name that the format cannot keep, or more files than fit into the directory's one sector.
 */
export function isoImage(label: string, files: Readonly<Record<string, string>>): Uint8Array {
  const names = Object.keys(files).sort();
  const strange = names.find((name) => !NAME.test(name));
  if (strange !== undefined) throw new RangeError(`not a name for ISO 9660: ${JSON.stringify(strange)}`);
  let next: number = LAYOUT.files;
  const extents = names.map((name) => {
    const content = Buffer.from(files[name] ?? '', 'utf8');
    const extent = { name, content, sector: next };
    next += Math.max(1, Math.ceil(content.byteLength / SECTOR));
    return extent;
  });
  const directory = Buffer.concat([
    entry(Buffer.from([0]), LAYOUT.root, SECTOR, true),
    entry(Buffer.from([1]), LAYOUT.root, SECTOR, true),
    ...extents.map(({ name, content, sector }) =>
      entry(Buffer.from(`${name.toUpperCase()}.;1`, 'latin1'), sector, content.byteLength, false),
    ),
  ]);
  if (directory.byteLength > SECTOR) throw new RangeError(`too many files for one directory: ${names.length}`);

  const image = Buffer.alloc(next * SECTOR);
  const place = (bytes: Buffer, sector: number): void => void bytes.copy(image, sector * SECTOR);
  place(primary(label, next), LAYOUT.primary);
  place(descriptor(255), LAYOUT.terminator);
  place(
    pathTable((at, table) => table.writeUInt32LE(LAYOUT.root, at), 'LE'),
    LAYOUT.tableL,
  );
  place(
    pathTable((at, table) => table.writeUInt32BE(LAYOUT.root, at), 'BE'),
    LAYOUT.tableM,
  );
  place(directory, LAYOUT.root);
  for (const { content, sector } of extents) place(content, sector);
  return image;
}

/** 8: the beginning of every volume descriptor. */
function descriptor(type: number): Buffer {
  const bytes = Buffer.alloc(SECTOR);
  bytes.writeUInt8(type, 0);
  bytes.write('CD001', 1, 'latin1');
  bytes.writeUInt8(1, 6);
  return bytes;
}

/** 8.4: the primary volume descriptor. */
function primary(label: string, sectors: number): Buffer {
  const bytes = descriptor(1);
  // Names of systems and people, blank where they are not given.
  for (const [at, length] of [
    [8, 32],
    [40, 32],
    [190, 623],
  ] as const) {
    bytes.fill(' ', at, at + length, 'latin1');
  }
  bytes.write(label, 40, 'latin1');
  both32(bytes, sectors, 80);
  both16(bytes, 1, 120);
  both16(bytes, 1, 124);
  both16(bytes, SECTOR, 128);
  both32(bytes, PATH_TABLE_BYTES, 132);
  bytes.writeUInt32LE(LAYOUT.tableL, 140);
  bytes.writeUInt32BE(LAYOUT.tableM, 148);
  entry(Buffer.from([0]), LAYOUT.root, SECTOR, true).copy(bytes, 156);
  // No dates: the image is the same whenever it is made. 8.4.26.1: digits zero, offset zero.
  for (const at of [813, 830, 847, 864]) bytes.fill('0', at, at + 16, 'latin1');
  bytes.writeUInt8(1, 881);
  return bytes;
}

const PATH_TABLE_BYTES = 10;

/** 9.4: one record, of the root. */
function pathTable(writeExtent: (at: number, table: Buffer) => void, order: 'LE' | 'BE'): Buffer {
  const table = Buffer.alloc(PATH_TABLE_BYTES);
  table.writeUInt8(1, 0);
  writeExtent(2, table);
  if (order === 'LE') table.writeUInt16LE(1, 6);
  else table.writeUInt16BE(1, 6);
  return table;
}

/** 9.1: a directory record. */
function entry(name: Buffer, sector: number, size: number, directory: boolean): Buffer {
  const length = 33 + name.byteLength;
  const bytes = Buffer.alloc(length + (length % 2));
  bytes.writeUInt8(bytes.byteLength, 0);
  both32(bytes, sector, 2);
  both32(bytes, size, 10);
  // 1970-01-01, for the reason above.
  bytes.set([70, 1, 1, 0, 0, 0, 0], 18);
  bytes.writeUInt8(directory ? 2 : 0, 25);
  both16(bytes, 1, 28);
  bytes.writeUInt8(name.byteLength, 32);
  name.copy(bytes, 33);
  return bytes;
}

/** 7.3.3 and 7.2.3: numbers in both byte orders. */
function both32(bytes: Buffer, value: number, at: number): void {
  bytes.writeUInt32LE(value, at);
  bytes.writeUInt32BE(value, at + 4);
}

function both16(bytes: Buffer, value: number, at: number): void {
  bytes.writeUInt16LE(value, at);
  bytes.writeUInt16BE(value, at + 2);
}
