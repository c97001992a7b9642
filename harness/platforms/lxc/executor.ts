import { printed } from '../../host/printed.js';
import type { Executor } from '../../types.js';
import { guestExecutor as containerExecutor } from '../container/executor.js';
import type { Place } from './place.js';

/** Runs commands in a guest: as root, in the guest's control groups, in `/` unless a directory is given. */
export function guestExecutor(host: Executor, place: Place): Executor {
  return containerExecutor(host, {
    where: `${host.where} lxc:${place.name}`,
    name: place.name,
    enter: ['lxc-attach', '-P', place.guests, '-n', place.name, '--clear-env', '--'],
    log: place.log,
    isRunning: () => isRunning(host, place),
  });
}

/** Whether LXC says that the guest runs; false also where LXC is not installed. */
export async function isRunning(host: Executor, { guests, name }: Place): Promise<boolean> {
  return (await printed(host, ['lxc-info', '-P', guests, '-n', name, '-s', '-H']))?.trim() === 'RUNNING';
}
