import type { Command } from 'commander';
import type { BootOptions } from '../boot.js';
import type { CheckOptions } from '../check.js';
import type { Context } from '../context.js';
import type { InitOptions } from '../init/index.js';
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

/** `init`, `check`, `prepare`, `restore` and `boot`. */
export function addHostVerbs(program: Command, context: Context, done: Done): void {
  addInit(program, context, done);
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

function addInit(program: Command, context: Context, done: Done): void {
  addVerb(program, 'init', 'Write a hosts file: asks on a terminal, takes options in a script, and tries the logins.')
    .option('--ssh <destination>', 'Machine to measure, as ssh takes it.')
    .option('--local', 'Measure this machine.', false)
    .option('--platform <platform>', 'Compare native Linux with this platform. Can be repeated.', repeated, [])
    .option('--rootfs <path>', 'Folder on the machine that guests of containers start from.')
    .option('--cpus <list>', 'CPUs of a guest, separated by commas. [default: the last one of the machine]')
    .option('--peer <destination>', 'The other end of network suites, as ssh takes it.')
    .option('--ssh-config <file>', 'An OpenSSH client configuration to use instead of yours.')
    .option(
      '--accept-host-key <fingerprint>',
      'Accept the host key with this fingerprint. Can be repeated.',
      repeated,
      [],
    )
    .option('--force', 'Replace the hosts file if it exists.', false)
    .addOption(hostsOption())
    .addHelpText(
      'after',
      examples('bench init', 'bench init --ssh root@alpha --platform lxc --rootfs /srv/bench/rootfs'),
    )
    .action(async (options: InitOptions) => done(await (await import('../init/index.js')).init(context, options)));
}
