/* Processes in /proc, the identity of an agent, and the CPUs that a process may use. */
#ifndef BENCH_AGENT_PROCESS_H
#define BENCH_AGENT_PROCESS_H

#include "base.h"
#include <sched.h>

char *read_stat(pid_t pid, char *text, size_t size);
long long stat_field(pid_t pid, int field);
void boot_id(char id[40]);
pid_t living_agent(void);
void stay_on(int cpu);
bool run_on(const cpu_set_t *cpus);

#endif
