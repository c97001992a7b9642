import { fileFor, HELLO_STEP, type Call } from './call.js';
import { createdKilobytes, type Name } from './metrics.js';
import { argumentOf, MESSAGES, messageSizes, mmapSizes, SIZES } from './sizes.js';

/** lmbench's run of its operating-system subset, in its order, but for the bandwidths by size and the rings. */
export function osCalls(): Call[] {
  return [...systemCalls(), ...communication(), ...processes(), ...files(), ...local()];
}

function systemCalls(): Call[] {
  const call = (word: string, metric: Name, ...file: string[]): Call => ({
    name: metric,
    tool: 'lat_syscall',
    args: [word, ...file],
    yields: [metric],
    quick: true,
  });
  const select = ([count, kind]: readonly [10 | 100 | 250 | 500, 'file' | 'tcp']): Call => {
    const metric: Name = kind === 'tcp' ? `select-tcp-${count}` : `select-${count}`;
    return { name: metric, tool: 'lat_select', args: ['-n', String(count), kind], yields: [metric], quick: true };
  };
  const counts = [10, 100, 250, 500] as const;
  return [
    call('null', 'null-call'),
    call('read', 'read'),
    call('write', 'write'),
    call('stat', 'stat', 'file-empty'),
    call('fstat', 'fstat', 'file-empty'),
    call('open', 'open-close', 'file-empty'),
    ...counts.map((count) => select([count, 'file'])),
    ...counts.map((count) => select([count, 'tcp'])),
    { name: 'signal-install', tool: 'lat_sig', args: ['install'], yields: ['signal-install'], quick: true },
    { name: 'signal-catch', tool: 'lat_sig', args: ['catch'], yields: ['signal-catch'], quick: true },
    // Any file of a page will do that can be mapped for reading.
    {
      name: 'protection-fault',
      tool: 'lat_sig',
      args: ['prot', 'file-64m'],
      yields: ['protection-fault'],
      quick: true,
    },
  ];
}

/** One repetition where the tool insists on intervals of a second or more. */
const ONCE = ['-N', '1'] as const;

function communication(): Call[] {
  return [
    { name: 'pipe', tool: 'lat_pipe', args: [], yields: ['pipe'], quick: ONCE },
    { name: 'af-unix', tool: 'lat_unix', args: [], yields: ['af-unix'], quick: true },
    { name: 'fcntl-lock', tool: 'lat_fcntl', args: [], yields: ['fcntl-lock'], quick: true },
  ];
}

function processes(): Call[] {
  const call = (word: string, metric: Name): Call => ({
    name: metric,
    tool: 'lat_proc',
    args: [word],
    yields: [metric],
    quick: true,
    ...(word === 'fork' ? {} : { after: HELLO_STEP }),
  });
  return [call('fork', 'fork-process'), call('exec', 'exec-process'), call('shell', 'sh-process')];
}

function files(): Call[] {
  const fileSystem = createdKilobytes.flatMap((kilobytes): Name[] => [
    `file-create-${kilobytes}k`,
    `file-delete-${kilobytes}k`,
  ]);
  return [
    { name: 'page-fault', tool: 'lat_pagefault', args: ['file-64m'], yields: ['page-fault'], quick: true },
    ...mmapSizes.flatMap((size): Call[] => {
      const file = fileFor(size);
      if (file === undefined) return [];
      return [
        {
          name: `mmap-${size}`,
          tool: 'lat_mmap',
          args: [argumentOf(SIZES[size]), file],
          yields: [`mmap-${size}`],
          section: { kind: 'mappings' },
          ...(size === '64mb' || size === '256mb' ? { quick: true } : {}),
        },
      ];
    }),
    { name: 'file-system', tool: 'lat_fs', args: ['.'], yields: fileSystem, limitSeconds: 600 },
    {
      name: 'bw-file-write',
      tool: 'lmdd',
      args: ['label=File file-written write bandwidth: ', 'of=file-written', 'move=64m', 'fsync=1', 'print=3'],
      yields: ['bw-file-write'],
    },
  ];
}

function local(): Call[] {
  return [
    { name: 'udp', tool: 'lat_udp', args: ['localhost'], yields: ['udp'], quick: ONCE, server: true },
    { name: 'tcp', tool: 'lat_tcp', args: ['localhost'], yields: ['tcp'], quick: ONCE, server: true },
    {
      name: 'tcp-connect',
      tool: 'lat_connect',
      args: ['localhost'],
      yields: ['tcp-connect'],
      quick: ONCE,
      server: true,
    },
    ...messageSizes.map((size): Call => ({
      name: `bw-tcp-${size}`,
      tool: 'bw_tcp',
      args: ['-m', argumentOf(MESSAGES[size]), 'localhost'],
      yields: [`bw-tcp-${size}`],
      section: { kind: 'socket' },
      server: true,
      anyExitCode: true,
    })),
    { name: 'bw-af-unix', tool: 'bw_unix', args: [], yields: ['bw-af-unix'] },
    { name: 'bw-pipe', tool: 'bw_pipe', args: [], yields: ['bw-pipe'] },
  ];
}
