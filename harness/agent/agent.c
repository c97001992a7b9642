/*
 *   run DIR                       checks DIR/spec (see spec.c), goes to the background, ends with DIR/result.json
 *   wait DIR ready|measured|done SECONDS
 *                                 0: prints which was reached, it or done; 3: the agent died; 4: time over
 *   go DIR NS|+NS                 sets and prints the start instant (+: from now); the first one stands
 *   finish DIR                    ends what still measures, and the hold: the cleanup and the result follow
 *   state DIR                     absent, preparing, ready, measuring, done or dead
 *   pack DIR                      prints the result and every step's output as one raw file, bench-raw/1
 *   stop DIR                      kills the steps and the agent, removes the scratch directory
 *   discard DIR                   removes the directory of a trial that has ended
 *   clock, version
 */
#define _GNU_SOURCE
#include "agent.h"
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

static const char USAGE[] = "usage: bench-agent run|state|finish|stop|pack|discard DIR, go DIR NS|+NS, "
                            "wait DIR ready|measured|done SECONDS, clock, version\n";

void die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("bench-agent: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    exit(1);
}

ns_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

bool exists(const char *name) { return access(name, F_OK) == 0; }

long read_small(const char *path, char *text, size_t size)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    long length = file < 0 ? -1 : read(file, text, size - 1);
    if (file >= 0) close(file);
    text[length < 0 ? 0 : length] = 0;
    return length;
}

/* The file appears whole or not at all; with `first`, only where there is none yet (EEXIST). */
bool write_small(const char *path, const char *text, bool first)
{
    char temporary[64];
    snprintf(temporary, sizeof temporary, "%s.%d", path, (int)getpid());
    int file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool ok = file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text) && fsync(file) == 0;
    if (file >= 0) close(file);
    ok = ok && (first ? link(temporary, path) : rename(temporary, path)) == 0;
    int reason = errno;
    if (first || !ok) unlink(temporary);
    errno = reason;
    return ok;
}

/* An inotify descriptor for the current directory, -1 where it cannot be watched. */
int watch_directory(uint32_t mask)
{
    int changes = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (changes < 0 || inotify_add_watch(changes, ".", mask) >= 0) return changes;
    close(changes);
    return -1;
}

/* Until something happens or the deadline; at most a second unless both the directory and a process are watched. */
void sleep_for_change(int changes, int process, ns_t deadline)
{
    char events[4096];
    struct pollfd sources[] = {{.fd = changes, .events = POLLIN}, {.fd = process, .events = POLLIN}, {.fd = 1}};
    ns_t most = changes >= 0 && process >= 0 ? 3600000 : 1000, left = (deadline - now()) / MILLISECOND + 1;
    poll(sources, 3, left < 0 ? 0 : left < most ? (int)left : (int)most);
    if (sources[2].revents & (POLLERR | POLLHUP)) exit(1); /* stdout is closed: whoever asked is gone */
    while (changes >= 0 && read(changes, events, sizeof events) > 0) continue;
}

static int wait_for(const char *what, ns_t deadline)
{
    /* Renamed files only: the outputs that steps create must not wake this process beside the measurement. */
    int changes = watch_directory(IN_MOVED_TO), process = -1;
    bool for_ready = strcmp(what, "ready") == 0, early = for_ready || strcmp(what, "measured") == 0;
    if (!early && strcmp(what, "done") != 0) return -1;
#ifdef SYS_pidfd_open
    pid_t agent = for_ready ? 0 : living_agent();
    if (agent) process = (int)syscall(SYS_pidfd_open, agent, 0);
#endif
    for (;;) {
        bool alive = living_agent() != 0; /* asked first: a result that it wrote before it ended is seen below */
        const char *reached = exists("result.json") ? "done" : early && exists(what) ? what : NULL;
        if (reached) return puts(reached) < 0;
        if (!alive) return fputs("bench-agent: the agent died without a result\n", stderr), 3;
        if (now() >= deadline) return fprintf(stderr, "bench-agent: not %s in time\n", what), 4;
        sleep_for_change(changes, process, deadline);
    }
}

static int go(const char *when)
{
    char text[64];
    ns_t start = *when == '+' ? now() + number(when + 1, 3600 * SECOND) : number(when, INT64_MAX);
    snprintf(text, sizeof text, "%lld\n", start);
    if (!exists("go") && (!exists("ready") || exists("result.json") || !living_agent())) die("the agent is not ready");
    if (!write_small("go", text, true) && errno != EEXIST) die("go: %s", strerror(errno));
    if (read_small("go", text, sizeof text) < 0) die("go: %s", strerror(errno));
    return fputs(text, stdout) < 0;
}

static const char *state(void)
{
    bool alive = living_agent() != 0;
    if (exists("result.json")) return "done";
    if (!exists("pid")) return "absent";
    return !alive ? "dead" : exists("go") ? "measuring" : exists("ready") ? "ready" : "preparing";
}

/* Whether the end of what is measured was asked for. */
bool is_finished(const struct step *step) { return step->phase == MEASURE && exists("finish"); }

/* The cleanup of one guest would disturb those that still measure: puts it off until DIR/finish, or the limit, is there. */
void await_finish(void)
{
    ns_t deadline = now() + spec.hold;
    int changes = spec.hold ? watch_directory(IN_MOVED_TO) : -1;
    if (spec.hold && write_small("measured", "", false))
        while (!exists("finish") && now() < deadline) sleep_for_change(changes, -1, deadline);
    if (changes >= 0) close(changes);
}

static int finish(void)
{
    pid_t agent = living_agent();
    if (exists("result.json")) return 0;
    if (!agent || !exists("go")) die("the agent does not measure");
    if (!write_small("finish", "", false)) die("finish: %s", strerror(errno));
    if (kill(agent, SIGCHLD) < 0 && errno != ESRCH) die("finish: %s", strerror(errno)); /* wakes it, see attend() */
    return 0;
}

static int stop(void)
{
    pid_t agent = living_agent();
    if (agent && kill(agent, SIGSTOP) == 0) {
        for (int i = 0; i < 1000 && stat_field(agent, 3) != 'T'; i++) usleep(1000);
        kill_all_below(agent); /* while it is stopped it starts nothing, and still adopts what its children leave */
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

static int discard(void)
{
    char text[16], *here = realpath(".", NULL);
    /* Once the result is there, an agent that has not quite ended has nothing more to write. */
    if (living_agent() && !exists("result.json")) die("this trial has not ended");
    bool is_trial = read_small("spec", text, sizeof text) > 0 && strcmp(text, "bench-spec=1") == 0;
    if (is_trial && (!here || !remove_directory(here))) die("it could not be removed: %s", strerror(errno));
    free(here);
    return 0;
}

static void pack_file(const char *name)
{
    char buffer[65536];
    struct stat info = {0};
    int file = open(name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
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

static int pack(void)
{
    char name[80];
    read_spec();
    puts("bench-raw/1");
    if (exists("result.json")) pack_file("result.json");
    for (int i = 0; i < 2 * spec.count; i++) pack_file(output_name(&spec.steps[i / 2], i % 2, name));
    return 0;
}

int main(int argc, char **argv)
{
    const char *verb = argc > 1 ? argv[1] : "";
    int code = -1;
    if (argc == 2 && strcmp(verb, "version") == 0) code = puts("bench-agent 1") < 0;
    if (argc == 2 && strcmp(verb, "clock") == 0) code = printf("%lld\n", now()) < 0;
    if (argc > 2 && chdir(argv[2]) < 0) {
        if (strcmp(verb, "discard") == 0 && errno == ENOENT) return 0;
        if (strcmp(verb, "state") != 0) die("%.500s: %s", argv[2], strerror(errno));
        return puts("absent") < 0;
    }
    if (argc == 3 && strcmp(verb, "run") == 0) code = (run_trial(), 0);
    if (argc == 3 && strcmp(verb, "state") == 0) code = puts(state()) < 0;
    if (argc == 3 && strcmp(verb, "finish") == 0) code = finish();
    if (argc == 3 && strcmp(verb, "stop") == 0) code = stop();
    if (argc == 3 && strcmp(verb, "pack") == 0) code = pack();
    if (argc == 3 && strcmp(verb, "discard") == 0) code = discard();
    if (argc == 4 && strcmp(verb, "go") == 0) code = go(argv[3]);
    if (argc == 5 && strcmp(verb, "wait") == 0) code = wait_for(argv[3], now() + number(argv[4], 1 << 30) * SECOND);
    if (code < 0) return fputs(USAGE, stderr), 2;
    if (fflush(stdout) != 0 || ferror(stdout)) die("output: %s", strerror(errno));
    return code;
}
