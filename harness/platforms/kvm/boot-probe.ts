/** The line that the probe prints on its serial port. */
export const PROBE_LINE = 'bench-kvm-probe';

/** The port of QEMU's isa-debug-exit device; a byte that is written to it ends QEMU with an odd exit code. */
export const EXIT_PORT = 0x501;

const SECTOR = 512;
const TEXT_AT = 0x20;
/** Where a BIOS puts the first sector of a disk. */
const LOADED_AT = 0x7c00;
const SERIAL_PORT = 0x3f8;

/**
 * A boot sector that prints its line on the first serial port and ends the machine. A host may have a /dev/kvm that
 * opens and creates virtual machines, yet runs none of them: only output of a guest proves that guests run.
 */
export function bootSector(): Uint8Array {
  const low = (value: number): number => value & 0xff;
  const high = (value: number): number => value >> 8;
  const text = LOADED_AT + TEXT_AT;
  const code = [
    0xfa, // cli
    ...[0x31, 0xc0, 0x8e, 0xd8], // xor ax, ax; mov ds, ax
    ...[0xbe, low(text), high(text)], // mov si, text
    ...[0xba, low(SERIAL_PORT), high(SERIAL_PORT)], // mov dx, serial
    0xfc, // cld
    0xac, // next: lodsb
    ...[0x84, 0xc0, 0x74, 0x03], // test al, al; jz end
    ...[0xee, 0xeb, 0xf8], // out dx, al; jmp next
    ...[0xba, low(EXIT_PORT), high(EXIT_PORT)], // end: mov dx, exit
    ...[0xb0, 0x00, 0xee], // mov al, 0; out dx, al
    ...[0xf4, 0xeb, 0xfd], // halt: hlt; jmp halt
  ];
  const sector = Buffer.alloc(SECTOR);
  sector.set(code, 0);
  sector.write(`${PROBE_LINE}\n`, TEXT_AT, 'latin1');
  sector.writeUInt16LE(0xaa55, SECTOR - 2);
  return sector;
}
