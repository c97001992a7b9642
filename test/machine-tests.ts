/**
 * The test files that need a machine of their own: they start agents, sshd, labs, containers, databases, compilers or the
 * whole command line. Every other file under test/ is a unit test, and must not start any of these: unit tests run in
 * parallel, and all of them in under a minute.
 *
 * The files of a lane run one at a time, because they share what its comment names. `npm test` runs all but the last lane
 * side by side, each in a PID namespace of its own: the agents of one are no foreign load to another. The last lane runs
 * alone, because its tests judge CPU time. Patterns as vitest takes them.
 */
export const lanes = {
  /** Labs, which share caches and addresses, and what a packed release installs. */
  lab: [
    'test/cli/{install,interrupt}.test.ts',
    'test/lab/{crash,emulated,guest-image,guest-rootfs,lab}.test.ts',
    'test/run/{boots,lab}.test.ts',
    'test/suites/iperf/lab.test.ts',
  ],
  /**
   * Trials on this machine: an agent voids the trials of the others that it sees. And the suites' tools, which load this
   * lane as much as the others.
   */
  trials: [
    'test/chaos/campaign.test.ts',
    'test/run/{broken,crash,execute,together}.test.ts',
    'test/run/session/{controls,take-host}.test.ts',
    'test/suites/*/{database,install}.test.ts',
    'test/suites/{cpu,dbench,dd,dd-load,kernel-compile,osdb,postmark}/trial.test.ts',
  ],
  /** Real processes, but no trial that is judged. And a browser. */
  processes: [
    'test/cli/import.test.ts',
    'test/agent/{build,client,lifecycle,old-kernel,sanitized,trial,without-children-files}.test.ts',
    'test/connect/{local,login-shell,proxies,quote,refusals,ssh,transport}.test.ts',
    'test/host/controls/{apply,crash,passed-on}.test.ts',
    'test/host/{into-rootfs,lock}.test.ts',
    'test/reports/{browser,quality}.test.ts',
    'test/run/prepare.test.ts',
  ],
  /**
   * Containers and what stands in for machines: they share control groups. Their tests allow for a busy machine. And command
   * lines without a lab.
   */
  platforms: [
    'test/cli/{bench,hardware,restore}.test.ts',
    'test/extending.test.ts',
    'test/platforms/{conformance,containers,hosted,container/systemd}.test.ts',
    'test/platforms/{jail,lxc,native,openvz,vserver}/{jail,lxc,native,openvz,vserver}.test.ts',
    'test/platforms/vm/executor.test.ts',
  ],
  /** They judge how much CPU time went to others: any other load would change that. */
  alone: [
    'test/platforms/native/group.test.ts',
    'test/run/trial/verdicts.test.ts',
    'test/suites/hourglass/trial.test.ts',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Of all lanes. */
export const machineTests: readonly string[] = Object.values(lanes).flat();
