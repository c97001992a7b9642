import { describe, expect, it } from 'vitest';
import { requireReboots } from '../../harness/cli/require-reboots.js';
import type { HostConfig, TargetConfig } from '../../harness/types.js';

const hosts = new Map<string, HostConfig>([
  ['local', { id: 'local', connect: { via: 'local' } }],
  ['alpha', { id: 'alpha', connect: { via: 'ssh', destination: 'alpha' } }],
]);
const on = (host: string): TargetConfig[] => [
  { id: 'linux-up', host, platform: 'native', shape: { cpus: [1] }, options: {} },
];

describe('requireReboots', () => {
  it.each([
    ['without --reboot', { boots: 3, targets: on('alpha') }, false, /spread over 3 boots.*may not be rebooted/],
    ['on this machine', { boots: 3, targets: on('local') }, true, /this machine cannot be restarted/],
  ])('refuses boots %s', (_, plan, reboot, message) => {
    expect(() => requireReboots(plan, hosts, { reboot })).toThrow(message);
  });

  it.each([
    ['boots of a host that may be rebooted', { boots: 3, targets: on('alpha') }, true],
    ['a plan without boots', { targets: on('local') }, false],
  ])('accepts %s', (_, plan, reboot) => {
    expect(() => requireReboots(plan, hosts, { reboot })).not.toThrow();
  });
});
