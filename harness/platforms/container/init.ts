/** What the guest's first process runs: nothing that takes time, and it reaps the orphans that a killed trial leaves. */
export const INIT = ['/bin/sh', '-c', 'trap : TERM INT HUP PWR; while :; do sleep 2147483647 & wait; done'] as const;
