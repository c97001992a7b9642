/* Leaving the caller: the agent outlives the connection that started it. */
#ifndef BENCH_AGENT_BACKGROUND_H
#define BENCH_AGENT_BACKGROUND_H

void go_to_background(void);

#endif
