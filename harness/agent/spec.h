/* The trial to run, as DIR/spec describes it. */
#ifndef BENCH_AGENT_SPEC_H
#define BENCH_AGENT_SPEC_H

#include "base.h"
#include <sched.h>
#include <sys/resource.h>

enum phase { PREPARE, MEASURE, CLEANUP };
enum status { SKIPPED, UNSTARTED, EXITED, SIGNALED, LIMIT, OUTPUT, FINISHED };
extern const char *const PHASES[];

/* A step, and how it ended. */
struct step {
    char *name, *cwd, *input, **env, **argv;
    int phase, status, code, cpu_first, cpu_last; /* code: exit code or signal */
    bool keep, continues;                         /* continues: a failure does not abort the trial */
    ns_t limit, start, end;
    struct rusage usage;
    char message[256];
};

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

void read_spec(void);
const char *output_name(const struct step *step, bool errors, char name[80]);

#endif
