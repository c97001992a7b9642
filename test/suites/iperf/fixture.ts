import { readFileSync } from 'node:fs';
import type { Installation, RawCpuTime, RawText, RawTicks, RawTrial, StepStatus } from '../../../harness/types.js';

/** A real output of iperf 2.1.8. */
export function fixture(name: string): RawText {
  return { text: readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8'), file: name, firstLine: 1 };
}

export const installation: Installation = {
  tools: { iperf: { path: '/usr/bin/iperf', origin: 'target', version: '2.1.8' } },
  env: {},
  data: {},
};

/** A raw trial of the quick profile whose one step printed this, beginning at line 10 of the raw file. */
export function trial(
  stdout: string,
  more: { outcome?: StepStatus; stderr?: string; wallSeconds?: number; cpuTime?: RawCpuTime; ticks?: RawTicks } = {},
): RawTrial {
  const { outcome = { status: 'exited', code: 0 }, stderr = '', wallSeconds = 3.1, cpuTime, ticks } = more;
  const text = (content: string, firstLine: number): RawText => ({ text: content, file: 'raw/t.txt', firstLine });
  return {
    profile: 'quick',
    installation,
    steps: [
      { name: 'receive', phase: 'measure', outcome, wallSeconds, stdout: text(stdout, 10), stderr: text(stderr, 20) },
    ],
    ...(cpuTime === undefined ? {} : { cpuTime }),
    ...(ticks === undefined ? {} : { ticks }),
  };
}
