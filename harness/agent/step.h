/* Running one step. */
#ifndef BENCH_AGENT_STEP_H
#define BENCH_AGENT_STEP_H

#include "spec.h"

void prepare_steps(void);
bool is_finished(const struct step *step);
bool run_step(struct step *step);

#endif
