/*
 * bench-agent: runs one trial on a guest, detached, starts it at a given instant and accounts for it.
 * agent.c: the verbs. trial.c: the trial. spec.c: what to run. result.c: what happened. process.c: /proc and killing.
 * directory.c: removing.
 */
#ifndef BENCH_AGENT_H
#define BENCH_AGENT_H

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

typedef long long ns_t; /* CLOCK_MONOTONIC where it is an instant */
#define SECOND 1000000000LL
#define MILLISECOND 1000000LL
#define MOST_KEPT 256

enum phase { PREPARE, MEASURE, CLEANUP };
enum status { SKIPPED, UNSTARTED, EXITED, SIGNALED, LIMIT, OUTPUT, FINISHED };
extern const char *const PHASES[], *const STATUSES[];

struct step {
    char *name, *cwd, *input, **env, **argv;
    int phase, status, code, cpu_first, cpu_last; /* code: exit code or signal */
    bool keep, goes_on;
    ns_t limit, start, end;
    struct rusage usage;
    char message[256];
};

/* What DIR/spec asks for. */
extern struct spec {
    cpu_set_t cpus;
    ns_t ready_limit, hold;
    long long output_limit;
    char *scratch;
    bool spin;
    int home; /* the CPU to wait on; -1: any */
    struct step *steps;
    int count;
} spec;

/* What happened. */
extern struct trial {
    const char *state;
    char error[512], load_before[64], load_after[64];
    char *ticks_before, *ticks_after; /* JSON */
    long long own_before, own_after;  /* us; 0: not read */
    ns_t ready, start, awake, started, ended;
    bool disk_full;
    pid_t kept[MOST_KEPT]; /* children that a `keep` step left running; 0: none */
} trial;

void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
ns_t now(void);
bool exists(const char *name);
bool is_finished(const struct step *step);
long read_small(const char *path, char *text, size_t size);
bool write_small(const char *path, const char *text, bool first);
int watch_directory(uint32_t mask);
void sleep_for_change(int changes, int process, ns_t deadline);
void await_finish(void);

long long number(const char *text, long long most);
void read_spec(void);

long long stat_field(pid_t pid, int field);
void boot_id(char id[40]);
pid_t living_agent(void);
int children(pid_t parent, pid_t *list, int most);
void reap(pid_t pid);
bool kill_all_below(pid_t agent);
long long own_us(void);
void stay_on(int cpu);

const char *output_name(const struct step *step, bool errors, char name[80]);
bool wrote_too_much(const int streams[3]);
char *read_ticks(void);
void read_load(char load[64]);
void write_result(int file);

bool remove_directory(const char *path);

void run_trial(void);

#endif
