/*
 * bench-agent: runs one trial on a guest, in the background. It starts the trial at a given instant and records what it
 * used. The verbs are here. trial.c: the trial. step.c: a step. background.c: leaving the caller. spec.c: the input.
 * result.c: the output. process.c: /proc. lineage.c, descendants.c: what steps started. directory.c: removing. base.c: what
 * they all use.
 */
#define _GNU_SOURCE
#include "descendants.h"
#include "directory.h"
#include "process.h"
#include "spec.h"
#include "trial.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { USAGE_ERROR = 2, DIED = 3, TIME_OVER = 4 }; /* exit codes; the others are 0 and 1 */

static int run(char **arguments)
{
    (void)arguments;
    run_trial();
    return 0;
}

/* Whether nobody holds the lock on DIR/measuring, as an agent does until it has measured. */
static bool has_measured(void)
{
    int file = open_private("measuring", O_RDONLY | O_NOFOLLOW, 0);
    bool is_free = file >= 0 && flock(file, LOCK_SH | LOCK_NB) == 0;
    if (file >= 0) close(file);
    return is_free;
}

/* A descriptor that ends once that lock is free; -1 where it cannot be waited for. */
static int end_of_measuring(void)
{
    int ends[2];
    if (!exists("measuring") || private_pipe(ends) < 0) return -1;
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        int file = open_private("measuring", O_RDONLY | O_NOFOLLOW, 0);
        _exit(file < 0 || flock(file, LOCK_SH) < 0);
    }
    close(ends[1]);
    if (child > 0) return ends[0];
    close(ends[0]);
    return -1;
}

/* Prints what was reached: the requested state, or `done`. */
static int wait_for(char **arguments)
{
    const char *what = arguments[0];
    ns_t deadline = now() + number(arguments[1], 1 << 30) * SECOND;
    bool for_ready = strcmp(what, "ready") == 0, early = for_ready || strcmp(what, "measured") == 0;
    if (!early && strcmp(what, "done") != 0) return USAGE_ERROR;
    /* Renamed files only: output files that steps create must not wake this process during the measurement. */
    int changes = watch_directory(IN_MOVED_TO), process = -1;
    /* An agent that dies gives up its lock, too. */
    if (early && !for_ready) process = end_of_measuring();
#ifdef SYS_pidfd_open
    pid_t agent = early ? 0 : living_agent();
    if (agent) process = (int)syscall(SYS_pidfd_open, agent, 0);
#endif
    for (;;) {
        bool alive = living_agent() != 0; /* read first: the agent may write its result and end before the next line */
        bool is_reached = for_ready ? exists("ready") : early && alive && has_measured();
        const char *reached = exists("result.json") ? "done" : is_reached ? what : NULL;
        if (reached) return puts(reached) < 0;
        if (!alive) return fputs("bench-agent: the agent died without a result\n", stderr), DIED;
        if (now() >= deadline) return fprintf(stderr, "bench-agent: not %s in time\n", what), TIME_OVER;
        sleep_for_change(changes, process, deadline);
    }
}

/* Sets and prints the start instant. The first one stays in force. */
static int go(char **arguments)
{
    const char *when = arguments[0];
    char text[64];
    ns_t start = *when == '+' ? now() + number(when + 1, 3600 * SECOND) : number(when, INT64_MAX);
    snprintf(text, sizeof text, "%lld\n", start);
    if (!exists("go") && (!exists("ready") || exists("result.json") || !living_agent())) die("the agent is not ready");
    if (!write_small("go", text, true) && errno != EEXIST) die("go: %s", strerror(errno));
    int here = open_private(".", O_RDONLY, 0); /* what was renamed and linked must not be written while steps measure */
    if (here < 0 || fsync(here) < 0) die("go: %s", strerror(errno));
    if (read_small("go", text, sizeof text) < 0) die("go: %s", strerror(errno));
    return fputs(text, stdout) < 0;
}

static int state(char **arguments)
{
    (void)arguments;
    bool alive = living_agent() != 0;
    const char *found = exists("result.json") ? "done" : !exists("pid") ? "absent" : !alive ? "dead"
                        : exists("go") ? "measuring" : exists("ready") ? "ready" : "preparing";
    return puts(found) < 0;
}

/* Ends the steps of the measure phase and a delayed cleanup; the remaining cleanup and the result follow. */
static int finish(char **arguments)
{
    (void)arguments;
    pid_t agent = living_agent();
    if (exists("result.json")) return 0;
    if (!agent || !exists("go")) die("the agent does not measure");
    if (!write_small("finish", "", false)) die("finish: %s", strerror(errno));
    if (kill(agent, SIGCHLD) < 0 && errno != ESRCH) die("finish: %s", strerror(errno)); /* wakes it, see attend() in step.c */
    return 0;
}

/* Kills the steps and the agent, and removes the scratch directory. */
static int stop(char **arguments)
{
    (void)arguments;
    pid_t agent = living_agent();
    if (agent && kill(agent, SIGSTOP) == 0) {
        for (int i = 0; i < 1000 && stat_field(agent, 3) != 'T'; i++) usleep(1000);
        struct lineage of = lineage_of(agent);
        kill_lineage(&of); /* a stopped agent starts nothing, and still adopts orphans */
        if (living_agent() == agent) kill(agent, SIGKILL);
        for (int i = 0; i < 5000 && living_agent(); i++) usleep(1000);
    }
    if (living_agent()) die("the agent does not end");
    if (exists("pid") && !exists("result.json")) {
        read_spec();
        if (!remove_directory(spec.scratch)) die("the scratch directory could not be removed: %s", strerror(errno));
    }
    return 0;
}

/* Removes the directory of a trial that has ended, and the one of its run, if it was the last. */
static int discard(char **arguments)
{
    (void)arguments;
    char text[16], *here = realpath(".", NULL);
    /* Once the result exists, an agent that is about to end writes nothing more. */
    if (living_agent() && !exists("result.json")) die("this trial has not ended");
    bool is_trial = read_small("spec", text, sizeof text) > 0 && strcmp(text, "bench-spec=1") == 0;
    if (is_trial && (!here || !remove_directory(here))) die("it could not be removed: %s", strerror(errno));
    if (is_trial) *strrchr(here, '/') = 0, rmdir(here);
    free(here);
    return 0;
}

static void pack_file(const char *name)
{
    char buffer[65536];
    struct stat info = {0};
    int file = open_private(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0);
    long long left = file >= 0 && fstat(file, &info) == 0 && S_ISREG(info.st_mode) ? info.st_size : 0;
    printf("==> %s %lld\n", name, left);
    while (left > 0) {
        ssize_t n = read(file, buffer, left < (long long)sizeof buffer ? (size_t)left : sizeof buffer);
        if (n <= 0) die("%s: %s", name, n < 0 ? strerror(errno) : "became shorter");
        fwrite(buffer, 1, n, stdout);
        left -= n;
    }
    putchar('\n');
    if (file >= 0) close(file);
}

/* Prints the result and the outputs of all steps as one raw file. */
static int pack(char **arguments)
{
    (void)arguments;
    char name[80];
    read_spec();
    puts("bench-raw/1");
    if (exists("result.json")) pack_file("result.json");
    for (int i = 0; i < 2 * spec.count; i++) pack_file(output_name(&spec.steps[i / 2], i % 2, name));
    return 0;
}

static int print_clock(char **arguments)
{
    (void)arguments;
    return printf("%lld\n", now()) < 0;
}

static int print_version(char **arguments)
{
    (void)arguments;
    return puts("bench-agent 1") < 0;
}

/* A verb with DIR runs in that directory; `run` gets the arguments after it and returns the exit code. */
static const struct verb {
    const char *name, *arguments, *help;
    int count; /* of arguments */
    int (*run)(char **arguments);
    const char *without_directory; /* what is printed if DIR does not exist; NULL: an error */
} VERBS[] = {
    {"run", "DIR", "check DIR/spec, run the trial in the background, end with DIR/result.json", 1, run, NULL},
    {"wait", "DIR ready|measured|done SECONDS", "exit with 3 if the agent died, 4 if the time is over", 3, wait_for, NULL},
    {"go", "DIR NS|+NS", "set the start instant (+: from now), once, and print it", 2, go, NULL},
    {"finish", "DIR", "end what still measures, then clean up", 1, finish, NULL},
    {"state", "DIR", "print absent, preparing, ready, measuring, done or dead", 1, state, "absent\n"},
    {"pack", "DIR", "print the result and the outputs as one raw file, bench-raw/1", 1, pack, NULL},
    {"stop", "DIR", "kill the steps and the agent, remove the scratch directory", 1, stop, NULL},
    {"discard", "DIR", "remove the directory of a trial that has ended", 1, discard, ""},
    {"clock", "", "print CLOCK_MONOTONIC in ns", 0, print_clock, NULL},
    {"version", "", "print the version", 0, print_version, NULL},
};
#define VERB_COUNT (sizeof VERBS / sizeof *VERBS)

static int usage(void)
{
    fputs("usage: bench-agent VERB\n", stderr);
    for (const struct verb *verb = VERBS; verb < VERBS + VERB_COUNT; verb++)
        fprintf(stderr, "  %-8s%-33s%s\n", verb->name, verb->arguments, verb->help);
    return USAGE_ERROR;
}

static int run_verb(const struct verb *verb, char **arguments)
{
    if (verb->count == 0) return verb->run(arguments);
    if (chdir(arguments[0]) == 0) return verb->run(arguments + 1);
    bool absent = errno == ENOENT || errno == ENOTDIR;
    if (!absent || !verb->without_directory) die("%.500s: %s", arguments[0], strerror(errno));
    return fputs(verb->without_directory, stdout) < 0;
}

int main(int argc, char **argv)
{
    const struct verb *verb = VERBS;
    while (argc > 1 && verb < VERBS + VERB_COUNT && strcmp(argv[1], verb->name) != 0) verb++;
    if (argc < 2 || verb == VERBS + VERB_COUNT || argc - 2 != verb->count) return usage();
    int code = run_verb(verb, argv + 2);
    if (code == USAGE_ERROR) return usage();
    if (fflush(stdout) != 0 || ferror(stdout)) die("output: %s", strerror(errno));
    return code;
}
