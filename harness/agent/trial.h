/* A whole trial. */
#ifndef BENCH_AGENT_TRIAL_H
#define BENCH_AGENT_TRIAL_H

void run_trial(void);

#endif
