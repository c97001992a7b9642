import type { Config } from '../config/load.js';
import { BenchError } from '../errors.js';
import type { Plan } from '../types.js';

/** Throws a `BenchError` of stage `config` where a plan has boots that this run may not, or cannot, make. */
export function requireReboots(
  { boots, targets }: Pick<Plan, 'boots' | 'targets'>,
  hosts: Config['hosts'],
  { reboot }: { readonly reboot: boolean },
): void {
  if (boots === undefined) return;
  if (!reboot) {
    const message = `the trials are spread over ${boots} boots, and hosts may not be rebooted`;
    throw new BenchError({ stage: 'config', message, expected: '--reboot', hint: 'or leave out --boots' });
  }
  const local = targets.find(({ host }) => hosts.get(host)?.connect.via === 'local');
  if (local === undefined) return;
  const message = 'this machine cannot be restarted by the bench that runs on it';
  const hint = 'leave out --boots, or run bench on another machine';
  throw new BenchError({ stage: 'config', host: local.host, target: local.id, message, hint });
}
