import type { BootProfile } from '../../types.js';

/** Virtual CPUs of an emulated machine. */
export const EMULATED_CPUS = 2;
/** Its memory, and what Xen gives to the host VM of it, in MiB. */
export const EMULATED_MEMORY_MIB = 3072;
const HOST_VM_MIB = 1024;

interface Entry {
  readonly system: 'native' | 'xen';
  /** CPUs that the kernel uses: of the machine, or those that Xen gives to the host VM. */
  readonly cpus: number;
  /** Kernel parameters of this entry alone. */
  readonly more?: string;
}

const FIRST = 'native-smp';

/** Debian as it boots everywhere. An emulated CPU takes minutes for it; udev would give the network card another name. */
const SYSTEMD =
  'init=/lib/systemd/systemd systemd.default_timeout_start_sec=300 systemd.show_status=false net.ifnames=0';

/** The entries of the menu by their ids, which targets use as names of boots. */
const ENTRIES: Readonly<Record<string, Entry>> = {
  'native-up': { system: 'native', cpus: 1 },
  [FIRST]: { system: 'native', cpus: EMULATED_CPUS },
  'xen-up': { system: 'xen', cpus: 1 },
  'xen-smp': { system: 'xen', cpus: EMULATED_CPUS },
  systemd: { system: 'native', cpus: EMULATED_CPUS, more: SYSTEMD },
};

/** An emulated CPU has no holes to mend, and its clocks are as steady as the machine's, which the kernel cannot know. */
const QUIET = 'quiet panic=10 nokaslr mitigations=off';
const NATIVE = `root=/dev/vda1 console=ttyS0 ${QUIET} tsc=reliable no_timer_check`;
const HOST_VM = `root=/dev/vda1 console=hvc0 ${QUIET}`;
/** `sched=credit`: the scheduler that the paper's Xen had, which has weight and cap in one place. */
const XEN = `dom0_mem=${HOST_VM_MIB}M,max:${HOST_VM_MIB}M com1=115200,8n1 console=com1 xpti=false spec-ctrl=no sched=credit`;
const FILES = '/var/lib/lab';

/** grub.cfg: an entry is selected for one boot with grub-reboot(8); otherwise it is native Linux on all CPUs. */
export function grubMenu(): string {
  const entries = Object.entries(ENTRIES).map(([id, entry]) => {
    const lines = entry.system === 'native' ? nativeLines(id, entry) : xenLines(id, entry);
    return `menuentry '${id}' --id ${id} {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
  });
  return `serial --unit=0 --speed=115200
terminal_output serial
load_env
set default=${FIRST}
if [ -n "$next_entry" ]; then
  set default="$next_entry"
  set next_entry=
  save_env next_entry
fi
set timeout=0
${entries.join('')}`;
}

/** A word of the kernel's command line that proves which entry was booted. Its dot keeps it from init. */
const mark = (id: string): string => `lab.boot=${id}`;

function nativeLines(id: string, { cpus, more }: Entry): readonly string[] {
  const words = [NATIVE, mark(id), ...(more === undefined ? [] : [more])];
  return [`linux ${FILES}/vmlinuz ${words.join(' ')}${limit(cpus, ' maxcpus')}`, `initrd ${FILES}/initrd`];
}

function xenLines(id: string, { cpus }: Entry): readonly string[] {
  const pinned = cpus < EMULATED_CPUS ? ' dom0_vcpus_pin' : '';
  return [
    `multiboot2 /boot/xen ${XEN}${limit(cpus, ' dom0_max_vcpus')}${pinned}`,
    `module2 ${FILES}/vmlinux ${HOST_VM} ${mark(id)}`,
    `module2 --nounzip ${FILES}/initrd`,
  ];
}

function limit(cpus: number, word: string): string {
  return cpus < EMULATED_CPUS ? `${word}=${cpus}` : '';
}

/** The same entries as boots of a hosts file. */
export function emulatedBoots(): Readonly<Record<string, BootProfile>> {
  return Object.fromEntries(
    Object.entries(ENTRIES).map(([id, { system, cpus }]): [string, BootProfile] => [
      id,
      {
        select: { grub: id },
        limitSeconds: 600,
        expect: {
          cpus,
          hypervisor: system === 'xen' ? 'xen' : 'none',
          commandLine: [mark(id), ...(system === 'native' && cpus < EMULATED_CPUS ? [`maxcpus=${cpus}`] : [])],
        },
      },
    ]),
  );
}
