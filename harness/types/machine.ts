import type { HostId, Json } from './names.js';

/** One command: argv, never a shell string. `timeoutMs` ends the wait and the command; there is none by default. */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly stdin?: string | Uint8Array;
  readonly timeoutMs?: number;
  /** More output than this on either stream is an error, not a truncation. Default 16 MiB. */
  readonly maxOutputBytes?: number;
}

/**
 * How a command ended. A lost connection, a timeout and a program that could not be reached are never one of these:
 * they reject with a `BenchError`.
 */
export type Exit =
  { readonly kind: 'code'; readonly code: number } | { readonly kind: 'signal'; readonly signal: string };

/** `stdout` and `stderr` are the bytes decoded as UTF-8; `stdoutBytes` is what came over the wire. */
export interface ExecResult {
  readonly exit: Exit;
  readonly stdout: string;
  readonly stderr: string;
  readonly stdoutBytes: Uint8Array;
  readonly durationMs: number;
}

export interface PutFile {
  /** Absolute path. Parent directories are made. The file appears whole or not at all (write, then rename). */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Permission bits, default 0o644. */
  readonly mode?: number;
}

/** Something that runs commands: this machine, a host over SSH, or a guest inside a host. */
export interface Executor {
  /** For messages: `local`, `root@alpha`, `root@alpha lxc:xyz`. */
  readonly where: string;
  exec(command: Command): Promise<ExecResult>;
  put(file: PutFile): Promise<void>;
  /** The bytes of a regular file; a missing file or one over `maxBytes` (default 16 MiB) rejects. */
  get(path: string, maxBytes?: number): Promise<Uint8Array>;
}

/**
 * An executor with a life of its own. After a transport loss every pending call rejects with stage `connect` and
 * `transport: true`; the next call opens a new connection.
 */
export interface Connection extends Executor {
  close(): Promise<void>;
  /**
   * Ends the session and keeps the connection: nothing is sent, keepalives included, until the next call opens a new
   * session. Absent where calls leave nothing open between them.
   */
  detach?(): Promise<void>;
}

/** A host as its configuration describes it (`hosts.json`, validated). */
export interface HostConfig {
  readonly id: HostId;
  /** `local` runs on this machine; `ssh` names what `ssh -G` resolves. */
  readonly connect:
    | { readonly via: 'local' }
    | {
        readonly via: 'ssh';
        readonly destination: string;
        readonly user?: string;
        readonly port?: number;
        readonly identityFiles?: readonly string[];
        readonly knownHostsFiles?: readonly string[];
        /** An OpenSSH client configuration file to use instead of the user's. */
        readonly configFile?: string;
        readonly jump?: string;
      };
  /** Where guests of other hosts reach it when it is their peer; default: the name that SSH connects to. */
  readonly address?: string;
  /** Where the harness keeps its files on the host. Default `/var/lib/bench`, without root a folder of the user's. */
  readonly workDir?: string;
  /** How many CPUs the host has, when stated: shapes are checked against it before anything connects. */
  readonly cpus?: number;
  /** Directories searched for installed benchmark tools before the usual ones, by suite. */
  readonly toolDirs?: Readonly<Record<string, readonly string[]>>;
  readonly description?: string;
  /** Set by the lab: this host shares the machine of the orchestrator, or is an emulated machine. */
  readonly lab?: 'namespace' | 'emulated';
  /** Found when it was reached over SSH, in no hosts file: it is in the same boot of the same machine as `bench`. */
  readonly sharesKernel?: true;
  /** The systems that the host can be booted into, by the names that targets use. */
  readonly boots?: Readonly<Record<string, BootProfile>>;
  /** What controls are to be set to, by control; one that is not named keeps the default of its declaration. */
  readonly controls?: Readonly<Record<string, Json>>;
}

/** What a kernel may run under; `none`: a machine without a hypervisor. */
export const HYPERVISORS = ['none', 'xen', 'kvm'] as const;
export type Hypervisor = (typeof HYPERVISORS)[number];

/** How a host is booted into one of its systems, and how that is proved from inside afterwards. */
export interface BootProfile {
  /** Selects it for the next boot only: a GRUB menu entry (title or id), or a command of the user's run on the host. */
  readonly select: { readonly grub: string } | { readonly command: readonly [string, ...string[]] };
  /** Restarts the host; default `reboot`. `local`: run by the orchestrator (IPMI), not on the host. */
  readonly reboot?: { readonly command: readonly [string, ...string[]]; readonly local?: boolean };
  /** How long it may take until SSH answers again. Default 600. */
  readonly limitSeconds?: number;
  /** What must be found inside; at least one member. */
  readonly expect: {
    /** The beginning of `uname -r`. */
    readonly kernelRelease?: string;
    readonly cpus?: number;
    readonly hypervisor?: Hypervisor;
    /** Words that /proc/cmdline must have. */
    readonly commandLine?: readonly string[];
  };
}

/** A host that is connected and locked by this process. */
export interface Host {
  readonly id: HostId;
  readonly config: HostConfig;
  readonly executor: Executor;
  /** Absolute, exists, writable. */
  readonly workDir: string;
}
