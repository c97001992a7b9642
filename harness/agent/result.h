/* What happened in the trial, and DIR/result.json. */
#ifndef BENCH_AGENT_RESULT_H
#define BENCH_AGENT_RESULT_H

#include "spec.h"

extern struct trial {
    const char *state;
    char error[512], load_before[64], load_after[64];
    char *ticks_before, *ticks_after; /* JSON */
    long long own_before, own_after;  /* us; 0: not read */
    ns_t ready, start, awake, started, ended;
    bool disk_full;
} trial;

void fail(const char *state, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *read_ticks(void);
void read_load(char load[64]);
void write_result(int file);

#endif
