/* Processes in /proc, the identity of an agent, and killing what steps started. */
#ifndef BENCH_AGENT_PROCESS_H
#define BENCH_AGENT_PROCESS_H

#include "base.h"
#include <sched.h>

long long stat_field(pid_t pid, int field);
void boot_id(char id[40]);
pid_t living_agent(void);
void stay_on(int cpu);
bool run_on(const cpu_set_t *cpus);
void keep_children(void);
void keep_none(void);
void reap(pid_t pid);
bool kill_all_below(pid_t agent);
long long own_us(void);

#endif
