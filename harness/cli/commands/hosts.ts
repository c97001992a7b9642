import type { Command } from 'commander';
import type { BootOptions } from '../boot.js';
import type { CheckOptions } from '../check.js';
import type { Context } from '../context.js';
import { repeated } from '../option-values.js';
import type { PrepareOptions } from '../prepare.js';
import type { RestoreOptions } from '../restore.js';
import {
  addBenchmarkOptions,
  addTargetOptions,
  addVerb,
  breakLockOption,
  examples,
  hostsOption,
  jsonOption,
  type Done,
} from './options.js';

/** `check`, `prepare`, `restore` and `boot`. */
export function addHostVerbs(program: Command, context: Context, done: Done): void {
  addTargetOptions(addVerb(program, 'check', 'Check hosts and whether their targets can run. Changes nothing.'))
    .addOption(jsonOption())
    .addHelpText('after', examples('bench check --target lxc-up'))
    .action(async (options: CheckOptions) => done(await (await import('../check.js')).check(context, options)));
  addBenchmarkOptions(addTargetOptions(addVerb(program, 'prepare', 'Install what targets need, and start each once.')))
    .addOption(breakLockOption())
    .option('--into-rootfs', 'Install missing packages into the root file systems that guests are copied from.', false)
    .addHelpText('after', examples('bench prepare --suite lmbench --target lxc-up'))
    .action(async (options: PrepareOptions) => done(await (await import('../prepare.js')).prepare(context, options)));
  addVerb(program, 'restore', 'Restore the settings of hosts that an interrupted run left changed.')
    .option('--host <host>', 'A host. Can be repeated. [default: every host of the hosts file]', repeated, [])
    .option('--target <target>', 'The host of this target. Can be repeated.', repeated, [])
    .addOption(hostsOption())
    .addOption(breakLockOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('bench restore --host alpha'))
    .action(async (options: RestoreOptions) => done(await (await import('../restore.js')).restore(context, options)));
  addVerb(program, 'boot', 'Reboot the hosts of targets into the boots that these name, and verify it.')
    .option('--target <target>', 'A target with a "boot". Can be repeated.', repeated, [])
    .addOption(hostsOption())
    .addOption(breakLockOption())
    .addHelpText('after', examples('bench boot --target xen3-up --hosts hosts.lab.json'))
    .action(async (options: BootOptions) => done(await (await import('../boot.js')).boot(context, options)));
}
