import type { Addressing } from './network.js';
import { isoImage } from './iso.js';

/** What a guest gets at its start. */
export interface Identity {
  readonly name: string;
  readonly uuid: string;
  readonly mac: string;
  readonly addressing: Addressing;
  /** Public key that may log in as root, one line of authorized_keys(5). */
  readonly authorizedKey: string;
  /** The guest's own key pair, so that the host key is known before its first start. */
  readonly hostKey: { readonly private: string; readonly public: string };
}

/**
 * The disk that makes a guest of an image: cloud-init's NoCloud data source (docs.cloud-init.io, "NoCloud"; network
 * configuration of version 2), and the same in plain files for images without cloud-init. JSON is YAML, so nothing needs
 * quoting.
 */
export function seedImage(identity: Identity): Uint8Array {
  return isoImage('CIDATA', seedFiles(identity));
}

/** The files of that disk. */
export function seedFiles(identity: Identity): Readonly<Record<string, string>> {
  const { name, uuid, mac, addressing, authorizedKey, hostKey } = identity;
  const { address, gateway } = addressing;
  const userData = {
    hostname: name,
    disable_root: false,
    ssh_deletekeys: true,
    ssh_keys: { ed25519_private: hostKey.private, ed25519_public: hostKey.public.trim() },
    users: [{ name: 'root', ssh_authorized_keys: [authorizedKey.trim()] }],
  };
  const network = {
    version: 2,
    ethernets: {
      guest: { match: { macaddress: mac }, addresses: [address], routes: [{ to: '0.0.0.0/0', via: gateway }] },
    },
  };
  return {
    'user-data': `#cloud-config\n${JSON.stringify(userData)}\n`,
    'meta-data': `${JSON.stringify({ 'instance-id': uuid, 'local-hostname': name })}\n`,
    'network-config': `${JSON.stringify(network)}\n`,
    authorized_keys: `${authorizedKey.trim()}\n`,
    ssh_host_ed25519_key: hostKey.private,
    hostname: `${name}\n`,
    address: `${address} ${gateway} ${mac}\n`,
  };
}
