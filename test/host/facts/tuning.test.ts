import { expect, it } from 'vitest';
import { readDisk, readFeatures } from '../../../harness/host/facts/storage.js';
import { readFirmware, readOffloads, readSysctls } from '../../../harness/host/facts/tuning.js';
import type { Json } from '../../../harness/types.js';

type Row = readonly [what: string, read: (text: string) => Json | undefined, text: string, expected: Json | undefined];

// Recorded, but for what is marked `format`: written after the documented format.
const rows: readonly Row[] = [
  [
    'sysctls',
    readSysctls,
    'net/ipv4/tcp_rmem:4096\t131072\t33554432\nvm/swappiness:60\nvm/dirty_ratio:20',
    { 'net.ipv4.tcp_rmem': '4096 131072 33554432', 'vm.swappiness': '60', 'vm.dirty_ratio': '20' },
  ],
  ['sysctls: none can be read', readSysctls, 'grep: vm/swappiness: No such file or directory', undefined],
  [
    'firmware (format)',
    readFirmware,
    'bios_vendor:American Megatrends Inc.\nbios_version:2.3\nbios_date:05/21/2021',
    { vendor: 'American Megatrends Inc.', version: '2.3', date: '05/21/2021' },
  ],
  ['firmware: none', readFirmware, '', undefined],
  [
    'offloads of ethtool 6.1',
    readOffloads,
    [
      '== eth0',
      'Features for eth0:',
      'rx-checksumming: on [fixed]',
      'tx-checksumming: on',
      '\ttx-checksum-ipv4: off [fixed]',
      'scatter-gather: on',
      'tcp-segmentation-offload: on',
      '\ttx-tcp-segmentation: on',
      '== ifb0',
      'Features for ifb0:',
      'rx-checksumming: off [fixed]',
      '== wlan0',
    ].join('\n'),
    {
      eth0: {
        'rx-checksumming': 'on',
        'tx-checksumming': 'on',
        'scatter-gather': 'on',
        'tcp-segmentation-offload': 'on',
      },
      ifb0: { 'rx-checksumming': 'off' },
    },
  ],
  ['offloads: without ethtool', readOffloads, '== eth0', undefined],
  [
    'features of an ext4 file system by dumpe2fs 1.47, cut',
    readFeatures,
    [
      'Filesystem volume name:   <none>',
      'Filesystem features:      has_journal ext_attr resize_inode dir_index filetype needs_recovery extent',
      'Filesystem flags:         signed_directory_hash ',
      'Block size:               1024',
      'Inode size:\t          256',
    ].join('\n'),
    {
      features: 'dir_index ext_attr extent filetype has_journal resize_inode',
      blockBytes: 1024,
      inodeBytes: 256,
    },
  ],
  ['features: no such file system', readFeatures, "dumpe2fs: Couldn't find valid filesystem superblock.", undefined],
  [
    'a virtual disk',
    readDisk,
    'name:vda\nqueue/scheduler:none [mq-deadline] kyber bfq \nqueue/rotational:1\nqueue/write_cache:write back\nqueue/nr_requests:256\nqueue/read_ahead_kb:8192',
    {
      name: 'vda',
      model: null,
      scheduler: 'mq-deadline',
      rotational: true,
      writeCache: 'write back',
      requests: 256,
      readAheadKib: 8192,
    },
  ],
  [
    'a disk without a choice of schedulers (format)',
    readDisk,
    'name:nvme0n1\nqueue/scheduler:none\nqueue/rotational:0\ndevice/model:Samsung SSD 980',
    {
      name: 'nvme0n1',
      model: 'Samsung SSD 980',
      scheduler: 'none',
      rotational: false,
      writeCache: null,
      requests: null,
      readAheadKib: null,
    },
  ],
  ['no disk below it', readDisk, '', undefined],
];

it.each(rows)('%s', (_, read, text, expected) => {
  expect(read(text)).toEqual(expected);
});
