import { describe, expect, it } from 'vitest';
import { fakeConnection } from '../../../harness/connect/fake.js';
import { serviceCpus } from '../../../harness/run/trial/peer-cpus.js';

const peerPrinting = (stdout: string) => ({
  id: 'peer',
  executor: fakeConnection([{ when: ['sh'], answer: { stdout } }]),
});

describe("the CPUs of a peer's service", () => {
  it.each([
    ['of another machine are any', 'b\n0-3\n', 'a', [0], [], 'ok', /^CPUs 0-3 of another machine$/],
    ['of the same machine are off the target', 'a\n0-3\n', 'a', [0, 1], [2, 3], 'ok', /^CPUs 2-3 of the same machine$/],
    ['that are those of the target are a finding', 'a\n0-1\n', 'a', [0, 1], [], 'unavailable', /^CPUs 0-1 of the same/],
    ['are any where the peer prints no boot', '', 'a', [0], [], 'unavailable', /^unknown$/],
    ['are any where the boot of the host is unknown', 'a\n0-1\n', undefined, [0], [], 'unavailable', /^unknown$/],
  ] as const)('%s', async (_, stdout, boot, targetCpus, cpus, verdict, found) => {
    const chosen = await serviceCpus(peerPrinting(stdout), { isOneMachine: false, boot, cpus: targetCpus });
    expect(chosen.cpus).toEqual(cpus);
    expect(chosen.finding).toMatchObject({ verdict, found: expect.stringMatching(found) as string });
    expect(chosen.finding.always).toBe(verdict === 'ok' ? true : undefined);
  });

  it('of hosts that share a machine under boot ids of their own are off the target', async () => {
    const chosen = await serviceCpus(peerPrinting('b\n0-1\n'), { isOneMachine: true, boot: 'a', cpus: [1] });
    expect(chosen).toMatchObject({ cpus: [0], finding: { verdict: 'ok', found: 'CPUs 0 of the same machine' } });
  });
});
