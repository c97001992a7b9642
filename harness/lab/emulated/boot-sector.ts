const SECTOR = 512;
/** The first partition begins here: where GRUB's core image ends at the latest. */
export const PARTITION_SECTOR = 2048;
const TABLE = 446;
const SIGNATURE = 510;
const LINUX = 0x83;
/** The entry for sectors beyond the range of cylinder/head/sector addresses: only the sector numbers count. */
const NO_GEOMETRY = Buffer.from([0xfe, 0xff, 0xff]);
/** boot.img of GRUB: the sector at which it loads the core image from, 64 bits. */
const CORE_AT = 0x5c;

/**
 * The start of a disk that a PC's BIOS boots GRUB from (GRUB manual, "Images"): boot.img with a partition table of one
 * active Linux partition in sector 0, the core image in the sectors behind it. `sectors`: of the partition. Pure.
 */
export function bootTrack(bootImage: Uint8Array, coreImage: Uint8Array, sectors: number): Buffer {
  if (bootImage.length !== SECTOR) throw new RangeError(`boot.img has ${bootImage.length} bytes and not ${SECTOR}`);
  if (coreImage.length > (PARTITION_SECTOR - 1) * SECTOR) {
    throw new RangeError(`the core image of ${coreImage.length} bytes does not fit before the partition`);
  }
  const first = Buffer.from(bootImage);
  first.writeBigUInt64LE(1n, CORE_AT);
  first.fill(0, TABLE, SIGNATURE);
  first.writeUInt8(0x80, TABLE);
  NO_GEOMETRY.copy(first, TABLE + 1);
  first.writeUInt8(LINUX, TABLE + 4);
  NO_GEOMETRY.copy(first, TABLE + 5);
  first.writeUInt32LE(PARTITION_SECTOR, TABLE + 8);
  first.writeUInt32LE(sectors, TABLE + 12);
  first.writeUInt16LE(0xaa55, SIGNATURE);
  return Buffer.concat([first, coreImage]);
}
