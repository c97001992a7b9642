import type { Shape } from '../../types.js';
import type { GuestPaths } from '../vm/paths.js';
import type { Identity } from '../vm/seed.js';
import { writeCpuList } from '../../host/cpu-list.js';
import type { Choices } from './options.js';
import { memoryMiB, QEMU } from './qemu-argv.js';

/** The scheduler period that a cap is a share of, in microseconds. */
export const PERIOD_US = 100_000;

/** A guest's domain in libvirt's XML: https://libvirt.org/formatdomain.html. `shares` is in the unit of the host's groups. */
export function domainXml(
  paths: GuestPaths,
  shape: Shape,
  choices: Choices,
  identity: Identity,
  shares: string | undefined,
): string {
  const { accel, machine, hugePages, topology, network, kernel, initrd, commandLine } = choices;
  const count = shape.cpus.length;
  const words = ['console=ttyS0', ...(commandLine === undefined ? [] : [commandLine])].join(' ');
  const arranged = topology ?? { sockets: count, cores: 1, threads: 1 };
  return [
    `<domain type='${accel === 'kvm' ? 'kvm' : 'qemu'}' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>`,
    `<name>${text(paths.name)}</name><uuid>${text(paths.uuid)}</uuid>`,
    `<memory unit='MiB'>${memoryMiB(shape)}</memory>`,
    hugePages ? '<memoryBacking><hugepages/></memoryBacking>' : '',
    `<vcpu placement='static' cpuset='${writeCpuList(shape.cpus)}'>${count}</vcpu>`,
    tune(shape, choices, shares),
    `<os><type arch='x86_64' machine='${machine}'>hvm</type>`,
    kernel === undefined ? "<boot dev='hd'/>" : `<kernel>${text(kernel)}</kernel><cmdline>${text(words)}</cmdline>`,
    initrd === undefined ? '' : `<initrd>${text(initrd)}</initrd>`,
    '</os><features><acpi/></features>',
    processor(
      choices.cpu,
      `<topology sockets='${arranged.sockets}' cores='${arranged.cores}' threads='${arranged.threads}'/>`,
    ),
    '<on_poweroff>destroy</on_poweroff><on_reboot>destroy</on_reboot><on_crash>destroy</on_crash>',
    `<devices><emulator>/usr/bin/${QEMU}</emulator>`,
    disk(paths.disk, choices.disk, choices.cache, 'a', choices),
    disk(paths.seed, 'raw', 'none', 'b', choices),
    `<serial type='file'><source path='${text(paths.console)}'/><target port='0'/></serial>`,
    network === undefined ? '' : bridge(network.bridge, identity.mac, choices),
    "<memballoon model='none'/></devices>",
    network === undefined ? userMode(identity, choices) : '',
    '</domain>\n',
  ].join('\n');
}

/** Character data and attribute values, XML 1.0 2.4. */
function text(value: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    "'": '&apos;',
    '"': '&quot;',
  };
  return value.replaceAll(/[&<>'"]/g, (character) => names[character] ?? '');
}

function tune({ cpus, cpuCap }: Shape, { pinning }: Choices, shares: string | undefined): string {
  const set = writeCpuList(cpus);
  const quota = cpuCap === undefined ? undefined : Math.max(1000, Math.round(cpuCap * PERIOD_US));
  return [
    '<cputune>',
    shares === undefined ? '' : `<shares>${shares}</shares>`,
    quota === undefined ? '' : `<global_period>${PERIOD_US}</global_period><global_quota>${quota}</global_quota>`,
    ...cpus.map((cpu, index) => `<vcpupin vcpu='${index}' cpuset='${pinning === 'each' ? cpu : set}'/>`),
    `<emulatorpin cpuset='${set}'/></cputune>`,
  ].join('');
}

/** A processor in QEMU's form, `MODEL,+FEATURE,-FEATURE`, as libvirt's XML. */
function processor(cpu: string, topology: string): string {
  const [model = '', ...features] = cpu.split(',');
  const policies = features.map((feature) => {
    const on = !feature.startsWith('-') && !feature.endsWith('=off');
    const name = feature.replace(/^[+-]/, '').replace(/=(on|off)$/, '');
    return `<feature policy='${on ? 'require' : 'disable'}' name='${text(name)}'/>`;
  });
  const inner = `${topology}${policies.join('')}`;
  if (model === 'host') return `<cpu mode='host-passthrough'>${inner}</cpu>`;
  if (model === 'max') return `<cpu mode='maximum'>${inner}</cpu>`;
  return `<cpu mode='custom' match='exact'><model>${text(model)}</model>${inner}</cpu>`;
}

function disk(path: string, format: string, cache: string, letter: string, { virtio }: Choices): string {
  const [name, bus] = virtio ? ['vd', 'virtio'] : ['hd', 'ide'];
  return [
    `<disk type='file' device='disk'><driver name='qemu' type='${format}' cache='${cache}'/>`,
    `<source file='${text(path)}'/><target dev='${name}${letter}' bus='${bus}'/>${letter === 'b' ? '<readonly/>' : ''}</disk>`,
  ].join('');
}

function bridge(name: string, mac: string, { virtio }: Choices): string {
  const model = virtio ? 'virtio' : 'e1000';
  return `<interface type='bridge'><mac address='${mac}'/><source bridge='${text(name)}'/><model type='${model}'/></interface>`;
}

/** libvirt 9 cannot forward a port into its own user-mode network; it passes arguments that it does not know to QEMU unchanged. */
function userMode({ mac, addressing }: Identity, { virtio }: Choices): string {
  const { address, port } = addressing.ssh;
  const device = `${virtio ? 'virtio-net-pci' : 'e1000'},netdev=net,mac=${mac},romfile=,addr=0x10`;
  const words = ['-netdev', `user,id=net,hostfwd=tcp:${address}:${port}-:22`, '-device', device];
  return `<qemu:commandline>${words.map((word) => `<qemu:arg value='${text(word)}'/>`).join('')}</qemu:commandline>`;
}
