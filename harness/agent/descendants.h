/* The processes that steps started: keeping, accounting for and killing them. */
#ifndef BENCH_AGENT_DESCENDANTS_H
#define BENCH_AGENT_DESCENDANTS_H

#include "lineage.h"

bool adopt_orphans(void);
void become_agent(bool adopts);
char **marked(char **env);
void keep_children(void);
void keep_none(void);
void reap(pid_t pid);
bool kill_descendants(void);
bool kill_lineage(const struct lineage *of);
long long own_us(void);

#endif
