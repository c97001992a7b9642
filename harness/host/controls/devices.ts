import { z } from 'zod';
import { declare } from './control.js';
import { choiceFile } from './single-file.js';
import { choices, filesLike, writable } from './tree.js';

const CLOCK = '/sys/devices/system/clocksource/clocksource0';
const TCP = '/proc/sys/net/ipv4';

/** The clock source (Documentation/timers/timekeeping.rst): recorded; a slow one makes every gettimeofday a trap. */
export const clockSource = choiceFile({
  id: 'clocksource',
  label: 'clock source',
  path: `${CLOCK}/current_clocksource`,
  offers: `${CLOCK}/available_clocksource`,
  absent: 'the kernel does not report it',
  standard: 'leave',
});

/** TCP congestion control (Documentation/networking/ip-sysctl.rst): recorded, as a choice of the system. */
export const congestionControl = choiceFile({
  id: 'tcp-congestion',
  label: 'TCP congestion control',
  path: `${TCP}/tcp_congestion_control`,
  offers: `${TCP}/tcp_available_congestion_control`,
  absent: 'no IPv4 here',
  standard: 'leave',
});

const QUEUE = /\/sys\/block\/([^/]+)\/queue\/scheduler/;

/**
 * The I/O scheduler of block devices (Documentation/block/switching-sched.rst): recorded. If requested, it is set on
 * every device that offers it, except loop devices and RAM disks.
 */
export const ioScheduler = declare<string>({
  id: 'io-scheduler',
  label: 'I/O scheduler',
  paths: ['/sys/block/*/queue/scheduler'],
  schema: z.string({ error: 'the name of a scheduler' }).regex(/^[\w-]+$/, { error: 'the name of a scheduler' }),
  standard: 'leave',
  read: (tree) => {
    const disks = disksOf(tree);
    if (disks.length === 0) return { unavailable: 'no disk here has a choice of schedulers' };
    return { value: disks.map(({ content, groups }) => `${groups[0] ?? ''} ${writable(content)}`).join(', ') };
  },
  set(tree, wanted) {
    const offering = disksOf(tree).filter(({ content }) => choices(content).includes(wanted));
    if (offering.length === 0) return 'no disk here offers it';
    return offering.filter(({ content }) => writable(content) !== wanted).map(({ path }) => ({ path, value: wanted }));
  },
});

const disksOf = (tree: Parameters<typeof filesLike>[0]) =>
  filesLike(tree, QUEUE).filter(({ groups }) => !/^(?:loop|ram|zram)\d+$/.test(groups[0] ?? ''));
