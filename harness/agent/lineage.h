/* Recognizing the descendants of an agent among all processes. */
#ifndef BENCH_AGENT_LINEAGE_H
#define BENCH_AGENT_LINEAGE_H

#include "base.h"

/* How to recognize the descendants of an agent. */
struct lineage {
    pid_t root; /* whose children they are: the agent, or its guard once the agent has ended */
    pid_t agent, session;
    long long start; /* field 22 of the agent's /proc/PID/stat: no descendant is older */
    char mark[64];   /* an environment variable, NAME=VALUE */
    gid_t group;     /* a supplementary group */
};

/* A process as /proc/PID/stat has it; `ticks` are those of itself and of the children that it waited for. */
struct process {
    pid_t pid, parent, session;
    char state;
    long long start, ticks;
    bool found, spared;
};

struct processes {
    struct process *list;
    int count, room;
};

struct lineage lineage_of(pid_t agent);
const struct process *process_of(const struct processes *all, pid_t pid);
void find_lineage(struct processes *all, const struct lineage *of);

#endif
