/* `run DIR`: goes to the background and runs the steps of a trial. */
#define _GNU_SOURCE
#include "agent.h"
#include <fcntl.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>

#define RESERVED (256 * 1024 + 1024L * spec.count) /* bytes of result.json: a disk that fills up cannot lose it */

/* Shared with the child until it executes: unlike a pipe, it wakes nobody while a program starts. */
static volatile struct { int cpu, error, at_exec; } *birth;
static sigset_t child_ended;

static struct timespec timespec_of(ns_t ns)
{
    return ns < 0 ? (struct timespec){0, 0} : (struct timespec){ns / SECOND, ns % SECOND};
}

__attribute__((format(printf, 2, 3))) static void fail(const char *state, const char *format, ...)
{
    va_list args;
    if (trial.error[0]) return; /* the first reason counts */
    va_start(args, format);
    vsnprintf(trial.error, sizeof trial.error, format, args);
    va_end(args);
    trial.state = state;
}

static void notice_full_disk(void)
{
    const char *const places[] = {".", spec.scratch};
    struct statvfs info;
    for (int i = 0; i < 2; i++)
        if (places[i] && statvfs(places[i], &info) == 0 &&
            (geteuid() ? info.f_bavail : info.f_bfree) * info.f_frsize < 64 * 1024) trial.disk_full = true;
}

/* Between fork and exec. */
__attribute__((noreturn)) static void become(const struct step *step, const int streams[3])
{
    const char *cwd = step->cwd ? step->cwd : spec.scratch ? spec.scratch : ".";
    bool path_given = strchr(step->argv[0], '/') != NULL;
    setpgid(0, 0);
    signal(SIGHUP, SIG_DFL), signal(SIGPIPE, SIG_DFL), signal(SIGTERM, SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &child_ended, NULL);
    for (int i = 0; i < 3; i++) dup2(streams[i], i);
    environ = step->env; /* its PATH finds the program */
    if (chdir(cwd) == 0) {
        birth->at_exec = 1;
        birth->cpu = sched_getcpu();
        if (path_given) execve(step->argv[0], step->argv, step->env);
        else execvp(step->argv[0], step->argv);
    }
    birth->error = errno;
    _exit(127);
}

/* Waits for the end of a step, kills it where it goes beyond a limit, and accounts for it. */
static void attend(struct step *step, pid_t pid, const int streams[3])
{
    int status = 0, verdict = 0;
    for (ns_t left = step->limit;; left = step->start + step->limit - step->end) {
        /* First of all: the step may need this very CPU to begin. */
        struct timespec pause = timespec_of(verdict || left > SECOND ? SECOND : left);
        sigtimedwait(&child_ended, NULL, &pause);
        siginfo_t info = {0};
        while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid && info.si_pid != pid) {
            reap(info.si_pid); /* an orphan of the step, or a kept process */
            info.si_pid = 0;
        }
        step->end = now();
        if (info.si_pid == pid) break;
        if (!verdict && step->end >= step->start + step->limit) verdict = LIMIT;
        if (!verdict && wrote_too_much(streams)) verdict = OUTPUT;
        if (!verdict && is_finished(step)) {
            verdict = FINISHED;
            kill(-pid, SIGTERM); /* it may still say what it did, for a second */
        } else if (verdict) {
            kill(-pid, SIGKILL);
            kill(pid, SIGKILL); /* it may have changed its group */
        }
        notice_full_disk();
    }
    step->cpu_last = (int)stat_field(pid, 39);
    if (!verdict && wrote_too_much(streams)) verdict = OUTPUT;
    if (verdict || !step->keep) kill(-pid, SIGKILL); /* before it is reaped: the number is still its own */
    wait4(pid, &status, 0, &step->usage);
    step->status = verdict ? verdict : WIFEXITED(status) ? EXITED : SIGNALED;
    step->code = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
}

static int open_output(const struct step *step, bool errors)
{
    char name[80];
    return open(output_name(step, errors, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
}

static void run_step(struct step *step)
{
    const char *subject = "the step's input, outputs or process";
    int streams[3] = {open(step->input ? step->input : "/dev/null", O_RDONLY | O_CLOEXEC), -1, -1};
    for (int i = 1; i < 3 && streams[i - 1] >= 0; i++) streams[i] = open_output(step, i == 2);
    birth->cpu = -1, birth->error = birth->at_exec = 0;
    step->start = step->end = now();
    pid_t agent = getpid(), pid = streams[2] < 0 ? -1 : fork();
    if (pid == 0) become(step, streams);
    if (pid < 0) birth->error = errno;
    else {
        setpgid(pid, pid);
        subject = "the step's working directory";
        attend(step, pid, streams);
    }
    step->cpu_first = birth->cpu;
    if (birth->error) {
        step->status = UNSTARTED;
        if (birth->at_exec) subject = step->argv[0];
        snprintf(step->message, sizeof step->message, "%.150s: %s", subject, strerror(birth->error));
    }
    for (int i = 0; i < 3; i++)
        if (streams[i] >= 0) close(streams[i]);
    notice_full_disk();
    if (step->keep && step->status == EXITED && step->code == 0) {
        memset(trial.kept, 0, sizeof trial.kept);
        children(agent, trial.kept, MOST_KEPT);
    } else if (!kill_all_below(agent)) fail("aborted", "step %s left a process that SIGKILL does not end", step->name);
}

static void run_phase(enum phase phase)
{
    for (struct step *step = spec.steps; step < spec.steps + spec.count; step++) {
        if (step->phase != (int)phase || (trial.error[0] && phase != CLEANUP) || is_finished(step)) continue;
        run_step(step);
        bool well = (step->status == EXITED && step->code == 0) || step->status == FINISHED;
        if (well || step->goes_on || phase == CLEANUP) continue;
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
    prctl(PR_SET_TIMERSLACK, 0UL); /* the default again: children inherit it */
    while (spec.spin && now() < trial.start) continue;
    if (spec.home >= 0) sched_setaffinity(0, sizeof spec.cpus, &spec.cpus);
    trial.awake = now();
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

/* In the calling process, which can still speak: everything that can be known to be impossible. */
static int prepare(void)
{
    cpu_set_t got;
    for (int fd = 3; fd < 1024; fd++) close(fd);
    for (int s = 1; s < 32; s++) signal(s, SIG_DFL); /* a caller's ignored SIGCHLD would lose every exit code */
    umask(022);
    sigemptyset(&child_ended);
    sigaddset(&child_ended, SIGCHLD);
    read_spec();
    int result = open("result.json.tmp", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (result < 0 || chmod(".", 0700) < 0) die("cannot write the result: %s", strerror(errno));
    if (flock(result, LOCK_EX | LOCK_NB) < 0 || exists("pid") || exists("result.json"))
        die("this directory belongs to another trial");
    int code = posix_fallocate(result, 0, RESERVED);
    if (code) die("cannot reserve space for the result: %s", strerror(code));
    for (int i = 0; i < 2 * spec.count; i++) { /* to make a file takes longer than to open it, and may fail later */
        int output = open_output(&spec.steps[i / 2], i % 2);
        if (output < 0) die("cannot make the files of the steps: %s", strerror(errno));
        close(output);
    }
    if (CPU_COUNT(&spec.cpus) && sched_setaffinity(0, sizeof spec.cpus, &spec.cpus) < 0)
        die("cannot pin to the CPUs asked for: %s", strerror(errno));
    /* The kernel silently leaves out CPUs that the cpuset forbids. */
    if (CPU_COUNT(&spec.cpus) && (sched_getaffinity(0, sizeof got, &got) < 0 || !CPU_EQUAL(&got, &spec.cpus)))
        die("cannot pin to the CPUs asked for: only %d of %d may be used", CPU_COUNT(&got), CPU_COUNT(&spec.cpus));
    if (!exists("/proc/self/stat") || !exists("/proc/thread-self/children")) die("/proc lacks stat or children files");
    birth = mmap(NULL, sizeof *birth, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (birth == MAP_FAILED) die("out of memory");
    if (spec.scratch && (rmdir(spec.scratch), mkdir(spec.scratch, 0755)) < 0)
        die("scratch directory %.200s: %s", spec.scratch, strerror(errno));
    return result;
}

static void be_silent(void)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd < 3; fd++) dup2(null, fd);
}

/* The agent's parent: sleeps until the agent has ended, and kills what it leaves should it be killed itself. */
__attribute__((noreturn)) static void guard(pid_t agent)
{
    be_silent();
    waitpid(agent, NULL, 0);
    kill_all_below(getpid());
    _exit(0);
}

/* Returns in a background process, once the calling one knows that it is there, and ends that one. */
static void go_to_background(void)
{
    int told[2];
    char identity[128], boot[40], done = 0;
    if (pipe2(told, O_CLOEXEC) < 0) die("pipe: %s", strerror(errno));
    pid_t child = fork();
    if (child < 0) die("fork: %s", strerror(errno));
    close(told[child > 0]);
    if (child > 0) _exit(read(told[0], &done, 1) == 1 ? 0 : 1);
    setsid();
    sigprocmask(SIG_SETMASK, &child_ended, NULL);
    signal(SIGHUP, SIG_IGN), signal(SIGPIPE, SIG_IGN), signal(SIGTERM, SIG_IGN);
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0 || (child = fork()) < 0) die("cannot start: %s", strerror(errno));
    if (child > 0) {
        close(told[1]);
        guard(child);
    }
    boot_id(boot);
    snprintf(identity, sizeof identity, "%d %lld %s\n", (int)getpid(), stat_field(getpid(), 22), boot);
    if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0 || !write_small("pid", identity, false))
        die("cannot start: %s", strerror(errno));
    be_silent();
    if (write(told[1], &done, 1) != 1) exit(1);
    close(told[1]);
}

void run_trial(void)
{
    int result = prepare();
    go_to_background();
    run_phase(PREPARE);
    if (!trial.error[0]) await_start();
    if (!trial.error[0]) measure();
    run_phase(CLEANUP);
    memset(trial.kept, 0, sizeof trial.kept);
    if (!kill_all_below(getpid())) fail(trial.state, "a kept process does not end by SIGKILL");
    if (!remove_directory(spec.scratch))
        fail(trial.state, "the scratch directory could not be removed: %s", strerror(errno));
    write_result(result);
}
