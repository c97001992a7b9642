/**
 * The test files that need a machine of their own: they start agents, sshd, labs, containers, databases, compilers or the
 * whole command line. They run one file at a time. Every other file under test/ is a unit test, and must not start any of
 * these: unit tests run in parallel, and all of them in under a minute. Patterns as vitest takes them.
 */
export const machineTests: readonly string[] = [
  'test/agent/{build,client,lifecycle,sanitized,trial}.test.ts',
  'test/chaos/campaign.test.ts',
  'test/cli/{bench,import,interrupt,restore}.test.ts',
  'test/extending.test.ts',
  'test/connect/{local,proxies,refusals,ssh,transport}.test.ts',
  'test/host/controls/{apply,crash}.test.ts',
  'test/host/lock.test.ts',
  'test/lab/{crash,emulated,lab}.test.ts',
  'test/platforms/{conformance,containers}.test.ts',
  'test/platforms/{jail,lxc,native,openvz,vserver}/{group,jail,lxc,native,openvz,vserver}.test.ts',
  'test/platforms/vm/{conformance,executor}.test.ts',
  'test/reports/browser.test.ts',
  'test/run/{boots,broken,crash,execute,lab,stages,together}.test.ts',
  'test/run/session/{controls,take-host}.test.ts',
  'test/run/trial/verdicts.test.ts',
  'test/suites/*/{database,install,lab,trial}.test.ts',
];
