import { connect } from '../../../harness/connect/index.js';
import { driverOf } from '../../../harness/platforms/index.js';
import { groupOf } from '../../../harness/platforms/kvm/qemu.js';
import { pathsOf, rootOf } from '../../../harness/platforms/vm/paths.js';
import type { Executor, Guest, Host } from '../../../harness/types.js';
import type { Bed } from '../conformance.js';
import type { Hosted } from '../hosted.js';
import { print, until } from '../inside.js';

/** The ways in which a guest is torn down in tests. */
export const XEN_CRASHES = { guest: 'the end of its domain', toolstack: "a kill of the toolstack's daemon" } as const;
export const KVM_CRASHES = { guest: 'a kill of its emulator' } as const;

/** What guests leave: domains, processes, loop devices, interfaces and groups by the work directory, and its files. */
const TRACES = `
read -r root && read -r group
! command -v xl >/dev/null || xl list 2>/dev/null | grep -o '^bench-[^ ]*'
printf '%s' "$root" | grep -l -a -F -f - /proc/[0-9]*/cmdline 2>/dev/null
losetup -a | grep -F "$root"
ls /sys/class/net | grep -E '^(vif|bn-)'
find /sys/fs/cgroup -type d -path "*/$group/*" 2>/dev/null
find "$root" /run/bench-vm-* 2>/dev/null
:`;

/** The domain's daemon is \`xl create\`, whose arguments name the configuration. */
const DAEMON = `
for file in /proc/[0-9]*/cmdline; do
  grep -qaF "$1" "$file" 2>/dev/null && pid=\${file#/proc/} && grep -qa '^xl' "$file" && kill -KILL "\${pid%%/*}"
done
:`;

/** CPU time of a process by its own count, fields 14 and 15 of /proc/PID/stat (proc(5)), in hundredths of a second. */
async function processSeconds(executor: Executor, pidFile: string): Promise<number> {
  const stat = await print(executor, ['sh', '-c', 'cat "/proc/$(cat "$1")/stat"', 'sh', pidFile]);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** A place for guests of a virtual machine's target on its own host. */
export async function makeVmBed({ target, host: config }: Hosted): Promise<Bed> {
  const executor = await connect(config);
  const workDir = config.workDir ?? '/var/lib/bench-conform';
  await executor.exec({ argv: ['mkdir', '-p', workDir] });
  const host: Host = { id: config.id, config, executor, workDir };
  const root = rootOf(target.platform, host);
  const placeOf = (guest: Guest) => pathsOf(target.platform, host, guest.name);
  const run = (...argv: [string, ...string[]]) => executor.exec({ argv });
  const driver = driverOf(target.platform);
  if (driver === undefined) throw new Error(`there is no driver of ${target.platform}`);
  const ended = async (guest: Guest): Promise<void> => {
    const spec = { name: guest.name, target };
    await until(async () => (await driver.attach(host, spec)) === undefined);
  };
  const cpu = target.shape.cpus.at(-1) ?? 0;
  // Weights bind in a pool that has no CPU but those of the guests.
  const options = target.platform === 'xen' ? { ...target.options, pool: 'own' } : target.options;
  return {
    host,
    options,
    cpu,
    shape: { memoryBytes: 160 * 2 ** 20 },
    ...(target.platform === 'xen'
      ? {
          guestSeconds: async (guest: Guest) => {
            const { stdout } = await run('xl', 'list', guest.name);
            return Number(/ ([\d.]+)\s*$/.exec(stdout)?.[1]);
          },
        }
      : { otherSeconds: (guest: Guest) => processSeconds(executor, `${placeOf(guest).dir}/pid`) }),
    crashes: {
      [XEN_CRASHES.guest]: async (guest) => {
        await run('xl', 'destroy', guest.name);
        await ended(guest);
      },
      [XEN_CRASHES.toolstack]: async (guest) => {
        await run('sh', '-c', DAEMON, 'sh', placeOf(guest).config);
      },
      [KVM_CRASHES.guest]: async (guest) => {
        const pid = Number(await print(executor, ['cat', `${placeOf(guest).dir}/pid`]));
        if (!(pid > 1)) throw new Error(`will not kill ${pid}`);
        await run('kill', '-KILL', String(pid));
        await ended(guest);
      },
    },
    async traces() {
      const { stdout } = await executor.exec({
        argv: ['sh', '-c', TRACES],
        stdin: `${root}\n${groupOf({ root })}\n`,
      });
      return stdout.split('\n').filter((line) => line !== '');
    },
    async remove() {
      await run('rmdir', workDir);
      await executor.close();
    },
  };
}
