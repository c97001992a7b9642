import type { Installation, PeerService, Profile, ProfileId, Step, StepContext } from '../../harness/types.js';
import type { Found, Wanted } from '../network/inspection.js';
import { metricsOf, type Direction } from './metrics.js';
import { spreads } from '../spread.js';

/** iperf3's own default. */
const PORT = 5201;

/** How long data flow each way, in seconds. */
export const seconds: Readonly<Record<ProfileId, number>> = { paper: 60, quick: 3 };

const summary = (profile: ProfileId): string =>
  `one TCP connection, ${seconds[profile]} s from peer to guest, then ${seconds[profile]} s from guest to peer`;

export const profiles: Readonly<Record<ProfileId, Profile>> = {
  paper: { summary: summary('paper'), trials: 5, expectedSeconds: 128, scratchBytes: 2 ** 20 },
  quick: {
    summary: summary('quick'),
    trials: 3,
    expectedSeconds: 9,
    scratchBytes: 2 ** 20,
    unstable: spreads(17, 'data flow for 3 s each way'),
  },
};

export const wanted: Wanted = { program: 'iperf3', debian: 'iperf3', banner: /^iperf (3\.[\w.+-]{1,30})/ };

/** Pure: an installation of what was found. */
export const installationOf = ({ tool, network }: Found): Installation => ({
  tools: { iperf3: tool },
  env: {},
  data: { network },
});

/** Pure: a server of iperf3 on the peer. */
export const serve = ({ tools }: Installation): PeerService => ({
  argv: [iperf3Of(tools), '-s', '-p', String(PORT)],
  port: PORT,
});

/** Pure: data flow to the guest (`-R`: the server sends), then from it, over connections that the guest opens. */
export function steps({ profile, installation, dir, peer }: StepContext): Step[] {
  if (peer === undefined) throw new Error('iperf3 needs a peer: name one in the target');
  const iperf3 = iperf3Of(installation.tools);
  const size = ['-p', String(PORT), '-t', String(seconds[profile]), '-J'];
  const step = (direction: Direction, ...more: readonly string[]): Step => ({
    name: STEP_NAMES[direction],
    phase: 'measure',
    argv: ['sh', `${dir}/transfer.sh`, iperf3, '-c', peer.address, ...size, ...more],
    limitSeconds: seconds[profile] + 30,
    yields: Object.values(metricsOf[direction]),
  });
  return [step('in', '-R'), step('out')];
}

/** By the way of the data as the guest sees it. */
export const STEP_NAMES = { in: 'receive', out: 'send' } as const satisfies Record<Direction, string>;

function iperf3Of(tools: Installation['tools']): string {
  const path = tools['iperf3']?.path;
  if (path === undefined) throw new Error('this is not an installation of iperf3');
  return path;
}
