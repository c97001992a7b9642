import type { Command } from 'commander';
import type { Context } from '../context.js';
import type { DemoOptions } from '../demo.js';
import type { LabOptions } from '../lab.js';
import type { RootfsOptions } from '../rootfs.js';
import { repeated } from '../option-values.js';
import { addVerb, examples, jsonOption, type Done } from './options.js';

/** `lab up`, `lab down`, `lab status`, `demo`, and `rootfs`. */
export function addLabVerbs(program: Command, context: Context, done: Done): void {
  const lab = program
    .command('lab')
    .helpCommand(false)
    .description('Make and remove hosts on this machine, to try bench and to test it.')
    .addHelpText('after', examples('bench lab up'));
  const act = (action: 'up' | 'down' | 'status') => async (options: LabOptions) => {
    done(await (await import('../lab.js')).lab(context, options, action));
  };
  addLabVerb(lab, 'up', 'Make hosts, start them, and write hosts.lab.json. Does nothing if the lab is up.')
    .option('--host <host>', 'A host. Can be repeated. [default: alpha and peer]', repeated, [])
    .option('--directory <folder>', 'Folder for hosts.lab.json.', '.')
    .option(
      '--with <extras>',
      'Add docker, podman, nspawn, runc, xen, kvm or systemd, separated by commas. The last three add an emulated machine.',
      repeated,
      [],
    )
    .addHelpText('after', examples('bench lab up && bench run --hosts hosts.lab.json --exhibit table-2'))
    .action(act('up'));
  addLabVerb(lab, 'down', 'Remove everything that the lab made, also after a crash.')
    .option('--purge', 'Also remove the cache of root file systems.')
    .addHelpText('after', examples('bench lab down'))
    .action(act('down'));
  addLabVerb(lab, 'status', 'Show the state of the lab. Exits with 1 if it is not up.')
    .addOption(jsonOption())
    .addHelpText('after', examples('bench lab status --json'))
    .action(act('status'));
  addVerb(
    program,
    'demo',
    'Measure in a lab on this machine, natively and in a container: three trials of every suite.',
  )
    .option('--no-lab', 'Measure this machine itself, natively.')
    .option('--out <file>', 'File of the report.', 'demo.html')
    .addHelpText('after', examples('bench demo'))
    .action(async (options: DemoOptions) => done((await import('../demo.js')).demo(context, options)));
  addVerb(
    program,
    'rootfs',
    'Make a Debian root file system for guests of containers on this machine, as the lab has it.',
  )
    .argument('<folder>', 'Folder that does not exist or is empty: the option `rootfs` of targets.')
    .addHelpText('after', examples('bench rootfs /srv/bench/rootfs'))
    .option('--image <file>', 'Also make a raw disk for virtual machines, with FILE.vmlinuz and FILE.initrd beside it.')
    .option(
      '--key <file>',
      'Public key that may log in to guests of that disk. [default: ~/.ssh/id_*.pub, if there is one]',
    )
    .action(async (folder: string, options: RootfsOptions) =>
      done(await (await import('../rootfs.js')).rootfs(context, folder, options)),
    );
}

function addLabVerb(parent: Command, name: string, about: string): Command {
  return addVerb(parent, name, about).option('--name <name>', 'Name of the lab.', 'main');
}
