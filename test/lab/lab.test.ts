import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeLab, labDown, labPower, labStatus, labUp, type LabStatus } from '../../harness/lab/index.js';
import { foreignNamespaces, machineNetwork, processesOf, tracesOf, whyNoLab } from './traces.js';

const reason = whyNoLab();
const name = `test-${process.pid}`;
const lines: string[] = [];
const options = { name, report: (line: string) => void lines.push(line) };

const CONTAINER = `lxc.uts.name = g1
lxc.rootfs.path = overlay:/srv/bench/rootfs:/var/lib/lxc/g1/upper
lxc.net.0.type = empty
lxc.mount.auto = proc:mixed sys:mixed cgroup:mixed
lxc.init.cmd = /bin/sleep infinity
lxc.cap.drop = sys_resource
lxc.cgroup.dir.container = g1
lxc.cgroup.dir.monitor = g1.monitor
`;

describe.skipIf(reason !== undefined)(`a lab${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-lab-'));
  const network = reason === undefined ? machineNetwork() : '';
  let status: LabStatus;
  const ssh = (host: string, script: string, input = ''): string => {
    const args = ['-F', status.sshConfig ?? '', '-o', 'BatchMode=yes', host, script];
    const { stdout, stderr, status: code } = spawnSync('ssh', args, { encoding: 'utf8', input });
    if (code !== 0) throw new Error(`${host}: ${script}: exit ${code ?? 'none'}: ${stderr}${stdout}`);
    return stdout.trim();
  };

  beforeAll(async () => {
    status = await labUp({ ...options, directory: folder });
  }, 600_000);
  afterAll(async () => {
    await labDown(options);
    rmSync(folder, { recursive: true });
  });

  it('has a status that shows what runs', () => {
    expect(status.up).toBe(true);
    expect(status.hosts.map(({ id, state }) => [id, state])).toEqual([
      ['alpha', 'on'],
      ['peer', 'on'],
    ]);
    expect(describeLab(status)[0]).toBe(`lab ${name}: up`);
    expect(status.cache.bytes).toBeGreaterThan(100e6);
  });

  it('each host has its own name, root, processes, network and cgroup root', () => {
    for (const host of ['alpha', 'peer']) {
      expect(ssh(host, 'hostname')).toBe(host);
      expect(ssh(host, 'cat /proc/1/comm')).toBe('lab-init');
      expect(ssh(host, 'findmnt -no FSTYPE /')).toBe('overlay');
      expect(ssh(host, 'ls /sys/class/net')).toBe('eth0\nlo');
      expect(ssh(host, 'cut -d: -f3 /proc/1/cgroup | sort -u').split('\n')).not.toContain(`/bench-lab.${name}/${host}`);
      expect(ssh(host, 'findmnt -no FSTYPE /var/lib/bench')).not.toBe('overlay');
    }
    expect(existsSync('/srv/bench/rootfs/bin/sh')).toBe(false);
    expect(ssh('alpha', 'hostname > /root/mark; ls /root')).toBe('mark');
    expect(ssh('peer', 'ls /root')).toBe('');
  });

  it('sshd stays on the first CPU, and sessions may use all of them', () => {
    const [daemon, session] = ssh(
      'alpha',
      'grep Cpus_allowed_list /proc/$PPID/status /proc/self/status | grep -o "[0-9,-]*$"',
    ).split('\n');
    const own = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    expect(daemon).toBe(own?.split(/[-,]/)[0]);
    expect(session).toBe(own);
  });

  it('settings of the machine cannot be changed from a host, those of its own network can', () => {
    expect(ssh('alpha', 'touch /sys/x 2>&1 || true')).toMatch(/Read-only/);
    expect(ssh('alpha', 'echo 0 2>&1 > /proc/sys/vm/swappiness || echo refused')).toMatch(/refused/);
    expect(ssh('alpha', 'echo 1 > /proc/sys/net/ipv4/ip_forward && cat /proc/sys/net/ipv4/ip_forward')).toBe('1');
  });

  it('hosts reach each other by name, and nothing else', () => {
    expect(ssh('alpha', 'ping -c 1 -W 5 peer')).toContain('1 received');
    expect(ssh('peer', 'ping -c 1 -W 5 alpha')).toContain('1 received');
    expect(ssh('alpha', 'ip route')).toBe('198.18.0.0/24 dev eth0 proto kernel scope link src 198.18.0.10');
    ssh('peer', 'iperf3 --server --one-off --daemon');
    const report = JSON.parse(ssh('alpha', 'sleep 0.5; iperf3 --client peer --time 1 --json')) as {
      end: { sum_received: { bytes: number } };
    };
    expect(report.end.sum_received.bytes).toBeGreaterThan(0);
    expect(machineNetwork()).toBe(network);
  });

  it('a container with a CPU set and a memory limit starts inside a host', () => {
    const cpus = Number(ssh('alpha', 'nproc'));
    const v2 = ssh('alpha', 'stat -fc %T /sys/fs/cgroup') === 'cgroup2fs';
    const memory = v2 ? 'lxc.cgroup2.memory.max' : 'lxc.cgroup.memory.limit_in_bytes';
    const cpuset = v2 ? 'lxc.cgroup2.cpuset.cpus' : 'lxc.cgroup.cpuset.cpus';
    const config = `${CONTAINER}${cpuset} = ${cpus - 1}\n${memory} = 268435456\n`;
    ssh('alpha', 'mkdir -p /var/lib/lxc/g1/upper && cat > /var/lib/lxc/g1/config', config);
    ssh('alpha', 'lxc-start -n g1 -P /var/lib/lxc');
    const inside = (script: string): string => ssh('alpha', `lxc-attach -n g1 -P /var/lib/lxc -- sh -c '${script}'`);
    expect(inside('hostname; nproc; cat /proc/1/comm')).toBe('g1\n1\nsleep');
    expect(inside('grep Cpus_allowed_list /proc/1/status')).toMatch(new RegExp(`\\s${cpus - 1}$`));
    const limit = v2 ? '/sys/fs/cgroup/g1/memory.max' : '/sys/fs/cgroup/memory/g1/memory.limit_in_bytes';
    expect(ssh('alpha', `cat ${limit}`)).toBe('268435456');
    expect(inside('touch /mark && ls /mark')).toBe('/mark');
    ssh('alpha', 'lxc-stop -k -n g1 -P /var/lib/lxc');
  });

  it('a second up changes nothing', async () => {
    const path = join(folder, 'hosts.lab.json');
    const before = statSync(path).mtimeMs;
    lines.length = 0;
    expect(await labUp({ ...options, directory: folder })).toEqual({
      ...status,
      processes: expect.any(Number) as number,
      cache: expect.anything() as object,
    });
    expect(lines).toEqual([]);
    expect(statSync(path).mtimeMs).toBe(before);
  });

  it('a power cut ends everything at once; the disk stays, the boot id is new', async () => {
    const boot = ssh('alpha', 'touch /root/kept /var/lib/bench/kept /run/lost; cat /proc/sys/kernel/random/boot_id');
    ssh('alpha', 'setsid sleep 1000 > /dev/null 2>&1 &');
    await labPower('alpha', 'off', options);
    expect((await labStatus({ name })).hosts.map(({ state }) => state)).toEqual(['off', 'on']);
    expect(processesOf(`bench-lab.${name}/alpha`)).toEqual([]);
    expect(() => ssh('alpha', 'true')).toThrow(/Connection refused/);
    await labPower('alpha', 'on', options);
    expect(ssh('alpha', 'ls /root/kept /var/lib/bench/kept')).toBe('/root/kept\n/var/lib/bench/kept');
    expect(ssh('alpha', 'ls /run/lost 2>&1 || true')).toMatch(/No such file/);
    expect(ssh('alpha', 'cat /proc/sys/kernel/random/boot_id')).not.toBe(boot);
    expect(ssh('alpha', 'ping -c 1 -W 5 peer')).toContain('1 received');
  });

  it('hosts can be added, and one that was shut down from inside is started again', async () => {
    expect(() => ssh('peer', 'kill -9 -1; reboot -f')).toThrow();
    const after = await labUp({ ...options, directory: folder, hosts: ['alpha', 'peer', 'third'] });
    expect(after.up).toBe(true);
    expect(ssh('alpha', 'ping -c 1 -W 5 third')).toContain('1 received');
    expect(ssh('peer', 'ping -c 1 -W 5 third')).toContain('1 received');
  });

  it('down leaves nothing behind, with guests running and frozen', async () => {
    ssh('alpha', 'lxc-start -n g1 -P /var/lib/lxc && lxc-freeze -n g1 -P /var/lib/lxc');
    const pids = processesOf(`bench-lab.${name}`);
    const namespaces = foreignNamespaces(pids);
    expect(namespaces.size).toBeGreaterThanOrEqual(13);
    expect(tracesOf(name, namespaces)).not.toEqual([]);
    const port = status.hosts[0]?.port ?? 0;
    await labDown(options);
    expect(tracesOf(name, namespaces)).toEqual([]);
    expect(machineNetwork()).toBe(network);
    expect(existsSync(join(folder, 'hosts.lab.json'))).toBe(false);
    expect(await refused(port)).toBe('ECONNREFUSED');
    expect((await labStatus({ name })).up).toBe(false);
  });

  it('down without a lab does nothing', async () => {
    lines.length = 0;
    await labDown(options);
    expect(lines).toEqual([]);
  });
});

function refused(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve('accepted');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
  });
}
