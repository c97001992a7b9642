import { BenchError } from '../../errors.js';
import type { VmOptions } from './options.js';

/** How a guest is addressed, and how its host reaches its SSH server. */
export interface Addressing {
  /** `ADDRESS/PREFIX`, of the guest's first interface. */
  readonly address: string;
  readonly gateway: string;
  readonly ssh: { readonly address: string; readonly port: number };
}

/** Guests at once on one host; it bounds the search for a free slot. */
export const MAX_SLOTS = 200;

/** Ports on the host's loopback that are forwarded to guests without a network: this plus the guest's slot. */
export const FIRST_PORT = 24_000;

/** The network that QEMU emulates for a guest, qemu(1) `-netdev user`. */
const USER_MODE = { address: '10.0.2.15/24', gateway: '10.0.2.2' } as const;

/** The addresses of a guest in a slot, counted from 1. Without a bridge the host reaches it by a forwarded port. */
export function addressing(network: VmOptions['network'], slot: number): Addressing {
  if (network === undefined) return { ...USER_MODE, ssh: { address: '127.0.0.1', port: FIRST_PORT + slot } };
  const [own = '', prefix = ''] = network.address.split('/');
  const address = addressAfter(own, Number(prefix), slot);
  if (address !== undefined) {
    return { address: `${address}/${prefix}`, gateway: own, ssh: { address, port: 22 } };
  }
  throw new BenchError({
    stage: 'start',
    message: `no address is left in ${network.address} for guest number ${slot}`,
    hint: 'give `options.network.address` a shorter prefix',
  });
}

/** The address `count` places after another in its network, going round; `undefined` beyond the last one. */
export function addressAfter(address: string, prefix: number, count: number): string | undefined {
  const size = 2 ** (32 - prefix);
  // The first and the last address of a network are the network's own and broadcast.
  if (count > size - 3) return undefined;
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const base = Math.floor(number / size) * size;
  const paths = ((number - base - 1 + count) % (size - 2)) + 1;
  return [24, 16, 8, 0].map((shift) => Math.floor((base + paths) / 2 ** shift) % 256).join('.');
}
