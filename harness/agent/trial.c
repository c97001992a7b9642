#define _GNU_SOURCE
#include "trial.h"
#include "background.h"
#include "descendants.h"
#include "directory.h"
#include "process.h"
#include "result.h"
#include "step.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>

#ifndef PR_SET_TIMERSLACK
#define PR_SET_TIMERSLACK 29
#endif

/* Bytes reserved for result.json, so that it can be written when a step has filled the disk. */
#define RESERVED (256 * 1024 + 1024L * spec.count)

/* DIR/measuring, locked until the steps of the measure phase have ended. */
static int measuring;

static void run_phase(enum phase phase)
{
    for (struct step *step = spec.steps; step < spec.steps + spec.count; step++) {
        if (step->phase != (int)phase || (trial.error[0] && phase != CLEANUP) || is_finished(step)) continue;
        if (!run_step(step)) fail("aborted", "step %s left a process that SIGKILL does not end", step->name);
        bool succeeded = (step->status == EXITED && step->code == 0) || step->status == FINISHED;
        if (succeeded || step->continues || phase == CLEANUP) continue;
        if (step->status == EXITED) fail("aborted", "step %s: exited with code %d", step->name, step->code);
        else if (step->status == SIGNALED) fail("aborted", "step %s: ended by signal %d", step->name, step->code);
        else if (step->status == UNSTARTED) fail("aborted", "step %s: not started, %s", step->name, step->message);
        else if (step->status == LIMIT) fail("aborted", "step %s: killed beyond its time limit", step->name);
        else fail("aborted", "step %s: killed beyond its output limit", step->name);
    }
}

/* Waits for DIR/go and sleeps until its instant. */
static void await_start(void)
{
    char text[64];
    int changes = watch_directory(IN_CREATE);
    trial.ready = now();
    ns_t deadline = trial.ready + spec.ready_limit;
    if (!write_small("ready", "", false)) fail("aborted", "ready: %s", strerror(errno));
    while (!trial.error[0] && !exists("go") && now() < deadline) sleep_for_change(changes, -1, deadline);
    if (changes >= 0) close(changes);
    if (!exists("go")) fail("abandoned", "no start instant came within %lld ms", spec.ready_limit / MILLISECOND);
    if (trial.error[0]) return;
    if (read_small("go", text, sizeof text) < 0 || sscanf(text, "%lld", &trial.start) != 1 ||
        trial.start > now() + 3600 * SECOND) return fail("aborted", "the start instant is not within the next hour");
    struct timespec early = timespec_of(trial.start - 20 * MILLISECOND);
    struct timespec instant = timespec_of(trial.start - spec.spin * 50000);
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &early, NULL);
    if (spec.home >= 0) stay_on(spec.home);
    trial.own_before = own_us(), trial.ticks_before = read_ticks();
    read_load(trial.load_before);
    prctl(PR_SET_TIMERSLACK, 1UL);
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &instant, NULL);
    prctl(PR_SET_TIMERSLACK, 0UL); /* back to the default, which children inherit */
    while (spec.spin && now() < trial.start) continue;
    if (spec.home >= 0 && !run_on(&spec.cpus)) fail("aborted", "cannot return to the requested CPUs at the start");
    trial.awake = now();
}

/*
 * Delays the cleanup, which would disturb guests that still measure, until DIR/finish exists or the time is over. `wait DIR
 * measured` waits for the end of a lock: a file would be written to the disk while others measure.
 */
static void await_finish(void)
{
    ns_t deadline = now() + spec.hold;
    int changes = spec.hold ? watch_directory(IN_MOVED_TO) : -1;
    if (spec.hold && flock(measuring, LOCK_UN) == 0)
        while (!exists("finish") && now() < deadline) sleep_for_change(changes, -1, deadline);
    if (changes >= 0) close(changes);
}

static void measure(void)
{
    struct step *first = NULL, *last = NULL;
    run_phase(MEASURE);
    for (struct step *s = spec.steps; s < spec.steps + spec.count; s++)
        if (s->phase == MEASURE && s->status != SKIPPED) first = first ? first : s, last = s;
    trial.started = first ? first->start : now();
    trial.ended = last ? last->end : trial.started;
    trial.ticks_after = read_ticks(), trial.own_after = own_us();
    read_load(trial.load_after);
    await_finish();
}

/* Reserves space, by writing where the kernel or the file system has no fallocate(2). Returns 0 or an error number. */
static int reserve(int file)
{
    const char zeros[4096] = {0};
    int code = posix_fallocate(file, 0, RESERVED);
    if (code != ENOSYS && code != EOPNOTSUPP && code != EINVAL) return code;
    for (long at = 0; at < RESERVED; at += sizeof zeros) {
        ssize_t written = pwrite(file, zeros, sizeof zeros, at);
        if (written != sizeof zeros) return written < 0 ? errno : ENOSPC;
    }
    return 0;
}

/* Runs in the calling process, whose stderr is read: dies here if the trial cannot work. Returns the result file. */
static int prepare(void)
{
    for (int fd = 3; fd < 1024; fd++) close(fd);
    for (int s = 1; s < 32; s++) signal(s, SIG_DFL); /* with an inherited, ignored SIGCHLD every exit code would be lost */
    umask(022);
    read_spec();
    struct stat here;
    if (stat(".", &here) < 0 || here.st_uid != geteuid() || here.st_mode & S_IWOTH)
        die("this directory is another user's, or writable to others");
    int result = open_private("result.json.tmp", O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
    if (result < 0 || chmod(".", 0700) < 0) die("cannot write the result: %s", strerror(errno));
    if (flock(result, LOCK_EX | LOCK_NB) < 0 || exists("pid") || exists("result.json"))
        die("this directory belongs to another trial");
    measuring = open_private("measuring", O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
    if (measuring < 0 || flock(measuring, LOCK_EX | LOCK_NB) < 0) die("cannot lock DIR/measuring: %s", strerror(errno));
    int code = reserve(result);
    if (code) die("cannot reserve space for the result: %s", strerror(code));
    prepare_steps();
    if (CPU_COUNT(&spec.cpus) && !run_on(&spec.cpus)) die("cannot pin to the requested CPUs: not all of them may be used");
    if (!exists("/proc/self/stat")) die("/proc is not mounted");
    if (spec.scratch && (rmdir(spec.scratch), mkdir(spec.scratch, 0755)) < 0)
        die("scratch directory %.200s: %s", spec.scratch, strerror(errno));
    return result;
}

/* `run DIR`: goes to the background and runs the steps of a trial. */
void run_trial(void)
{
    int result = prepare();
    go_to_background();
    run_phase(PREPARE);
    if (!trial.error[0]) await_start();
    if (!trial.error[0]) measure();
    run_phase(CLEANUP);
    keep_none();
    if (!kill_descendants()) fail(trial.state, "a kept process does not end by SIGKILL");
    if (!remove_directory(spec.scratch))
        fail(trial.state, "the scratch directory could not be removed: %s", strerror(errno));
    write_result(result);
}
