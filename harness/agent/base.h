/* What every file of the agent uses: errors, time, small files, and waiting for a change in the trial's directory. */
#ifndef BENCH_AGENT_BASE_H
#define BENCH_AGENT_BASE_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

typedef long long ns_t; /* an instant is CLOCK_MONOTONIC */
#define SECOND 1000000000LL
#define MILLISECOND 1000000LL

void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
void *grown(void *block, size_t bytes);
long long number(const char *text, long long max);
ns_t now(void);
struct timespec timespec_of(ns_t ns);
bool exists(const char *path);
long read_small(const char *path, char *text, size_t size);
bool write_small(const char *path, const char *text, bool only_new);
int open_private(const char *path, int flags, mode_t mode);
int private_pipe(int ends[2]);
int watch_directory(uint32_t events);
void sleep_for_change(int changes, int process, ns_t deadline);

#endif
