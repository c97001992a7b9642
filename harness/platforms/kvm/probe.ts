import { BenchError } from '../../errors.js';
import { printable } from '../../connect/failure.js';
import type { Executor, Finding, TargetConfig } from '../../types.js';
import { optionsOf } from '../driver.js';
import { probeHost } from '../vm/probe.js';
import { EMULATED } from './findings.js';
import { bootSector, EXIT_PORT, PROBE_LINE } from './boot-probe.js';
import { chosen, kvmOptions, type Choices } from './options.js';
import { QEMU } from './qemu-argv.js';

const TOOLS = [QEMU, 'qemu-img', 'ssh', 'ssh-keygen', 'ip', 'taskset', 'timeout'];

/** Time limit of the smallest guest, which needs one second where it runs. */
const BOOT_SECONDS = 20;

/** `sh -c BOOT sh SECONDS IMAGE QEMU ARGUMENT...`: the image, in base64, is a file for as long as the machine runs. */
const BOOT = `
seconds=$1 content=$2
shift 2
image=$(mktemp) || exit
trap 'rm -f -- "$image"' 0
printf %s "$content" | base64 -d >"$image" || exit
timeout -s KILL "$seconds" "$@" -drive "if=floppy,format=raw,readonly=on,file=$image" </dev/null
`;

/** Can KVM, or this target on KVM, run here? Boots a guest of one sector, of which nothing stays. */
export async function probeKvm(host: Executor, target?: TargetConfig): Promise<readonly Finding[]> {
  const choices = target === undefined ? undefined : chosen(optionsOf(kvmOptions, target));
  const basics = await probeHost(host, TOOLS, choices);
  const shape = target === undefined || choices === undefined ? [] : judgeTopology(target.shape.cpus.length, choices);
  if (basics.some(({ check, verdict }) => check === 'tools' && verdict === 'differs')) return [...basics, ...shape];
  const accel = choices?.accel ?? 'kvm';
  return [...basics, ...shape, judgeBoot(accel, await boot(host, accel))];
}

/** Output of the smallest guest, and of its QEMU. */
export interface Booted {
  readonly printed: string;
  readonly messages: string;
}

async function boot(host: Executor, accel: Choices['accel']): Promise<Booted> {
  const machine = [
    ...[QEMU, '-machine', `pc,accel=${accel}`, '-m', '16', '-nodefaults', '-no-user-config', '-display', 'none'],
    ...['-serial', 'stdio', '-device', `isa-debug-exit,iobase=0x${EXIT_PORT.toString(16)},iosize=2`],
    ...['-no-reboot', '-boot', 'a'],
  ];
  const image = Buffer.from(bootSector()).toString('base64');
  const argv = ['sh', '-c', BOOT, 'sh', String(BOOT_SECONDS), image, ...machine] as const;
  try {
    const { stdout, stderr } = await host.exec({ argv, timeoutMs: 1000 * (BOOT_SECONDS + 20) });
    return { printed: stdout, messages: stderr };
  } catch (error) {
    if (error instanceof BenchError && !error.transport) return { printed: '', messages: error.problem.message };
    throw error;
  }
}

/** Pure: whether guests can run under an accelerator, by the output of the smallest. */
export function judgeBoot(accel: Choices['accel'], { printed, messages }: Booted): Finding {
  const check = 'a guest boots';
  const expected = accel === 'kvm' ? 'with hardware virtualization (KVM)' : 'emulated (TCG)';
  if (printed.includes(PROBE_LINE)) {
    return accel === 'kvm' ? { check, expected, found: expected, verdict: 'ok' } : { ...EMULATED, check };
  }
  const errors = messages
    .split('\n')
    .filter((line) => !/warning:/.test(line))
    .join('\n');
  const reason = printable(errors, 200);
  const silent = `it printed nothing within ${BOOT_SECONDS} s`;
  const hint =
    'KVM needs VT-x or AMD-V, enabled in the firmware or passed on by the hypervisor that this host runs on, and ' +
    'the module kvm_intel or kvm_amd; `options.accel: "tcg"` emulates instead';
  return { check, expected, found: reason === '' ? silent : `${silent}; QEMU: ${reason}`, verdict: 'differs', hint };
}

/** Pure: a topology must have as many virtual CPUs as the shape has CPUs. */
export function judgeTopology(count: number, { topology }: Pick<Choices, 'topology'>): readonly Finding[] {
  if (topology === undefined) return [];
  const product = topology.sockets * topology.cores * topology.threads;
  const ok = product === count;
  return [
    {
      check: 'topology',
      expected: `${count} virtual CPUs, as the shape has`,
      found: `${topology.sockets} x ${topology.cores} x ${topology.threads} = ${product}`,
      verdict: ok ? 'ok' : 'differs',
      ...(ok ? {} : { hint: 'correct `options.topology` of the target' }),
    },
  ];
}
