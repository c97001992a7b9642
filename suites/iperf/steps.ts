import type { Installation, PeerService, Step, StepContext } from '../../harness/types.js';
import type { Found, Wanted } from '../network/inspection.js';
import { seconds } from './sizes.js';

/** iperf's own default. */
export const PORT = 5001;

/** iperf 2; iperf3 under the same name prints `iperf 3.12`. `--reverse` came with 2.0.14 and 2.1. */
export const wanted: Wanted = { program: 'iperf', debian: 'iperf', banner: /^iperf version (2\.[\w.-]{1,30})/ };

/** Pure: an installation of what was found. */
export const installationOf = ({ tool, network }: Found): Installation => ({
  tools: { iperf: tool },
  env: {},
  data: { network },
});

/** Pure: a server of iperf on the peer. */
export const serve = ({ tools }: Installation): PeerService => ({
  argv: [iperfOf(tools), '-s', '-p', String(PORT)],
  port: PORT,
});

/**
 * Pure: data flow from the peer to the guest, as in the paper's Figure 5, over a connection that the guest opens: its
 * client asks the server to send (`-R`), so that the guest starts the flow itself and nothing crosses the network but the
 * flow. What the client then prints is what it read from the connection.
 */
export function steps({ profile, installation, dir, peer }: StepContext, yields: readonly string[]): Step[] {
  if (peer === undefined) throw new Error('iperf needs a peer: name one in the target');
  const size = ['-p', String(PORT), '-t', String(seconds[profile])];
  return [
    {
      name: 'receive',
      phase: 'measure',
      argv: ['sh', `${dir}/receive.sh`, iperfOf(installation.tools), '-c', peer.address, ...size, '-y', 'C', '-R'],
      limitSeconds: seconds[profile] + 30,
      yields,
    },
  ];
}

function iperfOf(tools: Installation['tools']): string {
  const path = tools['iperf']?.path;
  if (path === undefined) throw new Error('this is not an installation of iperf');
  return path;
}
