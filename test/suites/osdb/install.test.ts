import { describe, expect, it } from 'vitest';
import { readInspection } from '../../../suites/osdb/install.js';

const debian = [
  'bindir /usr/lib/postgresql/15/bin',
  'version-postgres postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)',
  'libraries-postgres 40',
  'version-pgbench pgbench (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)',
  'libraries-pgbench 24',
  'uid 0',
  'owner postgres',
  'has setpriv',
  'has awk',
  'has sort',
  'has sed',
  '',
].join('\n');

describe('what was found on a guest', () => {
  it('names the programs, their versions and who may run the server', () => {
    expect(readInspection(debian)).toEqual({
      tools: {
        pgbench: { path: '/usr/lib/postgresql/15/bin/pgbench', origin: 'target', version: '15.18', linkage: '24' },
        postgres: { path: '/usr/lib/postgresql/15/bin/postgres', origin: 'target', version: '15.18', linkage: '40' },
      },
      env: {},
      data: { bindir: '/usr/lib/postgresql/15/bin', owner: 'postgres' },
    });
  });

  it('without root the user is its own', () => {
    const plain = debian.replace('uid 0', 'uid 1000').replace('owner postgres\nhas setpriv\n', '');
    expect(readInspection(plain).data).toEqual({ bindir: '/usr/lib/postgresql/15/bin', owner: '' });
  });

  it.each([
    ['nothing', '', 'the Debian package is postgresql'],
    ['a strange directory', debian.replace('/usr/lib/', '/usr/li\x1bb/'), 'the Debian package is postgresql'],
    ['no user', debian.replace('owner postgres\n', ''), 'the user postgres is missing'],
    ['no setpriv', debian.replace('has setpriv\n', ''), 'setpriv is missing; the Debian package is util-linux'],
    ['no awk', debian.replace('has awk\n', ''), 'awk is missing; the Debian package is mawk'],
    ['an old release', debian.replaceAll('15.18', '9.6.24'), 'is version 9.6.24; version 11 or later is needed'],
    [
      'no version',
      debian.replace('pgbench (PostgreSQL)', 'Segmentation fault'),
      'expected its version, found "Segmentation',
    ],
  ])('%s is an error that names what is missing', (_, text, why) => {
    expect(() => readInspection(text)).toThrow(why);
  });

  it('takes the version of a beta', () => {
    expect(readInspection(debian.replaceAll('15.18', '19beta1')).tools['pgbench']?.version).toBe('19beta1');
  });
});
