#define _GNU_SOURCE
#include "step.h"
#include "descendants.h"
#include "process.h"
#include "result.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <time.h>

/* Shared with the child until exec. Unlike a pipe, it wakes no process while a program starts. */
static volatile struct { int cpu, error, at_exec; } *birth;
static sigset_t child_ended;

static int open_output(const struct step *step, bool errors)
{
    char name[80];
    return open_private(output_name(step, errors, name), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
}

/* To call in the foreground: makes the output files of all steps, and dies where that is impossible. */
void prepare_steps(void)
{
    sigemptyset(&child_ended);
    sigaddset(&child_ended, SIGCHLD);
    for (int i = 0; i < 2 * spec.count; i++) { /* creating a file takes longer than opening it, and may fail later */
        int output = open_output(&spec.steps[i / 2], i % 2);
        if (output < 0) die("cannot create the output files of the steps: %s", strerror(errno));
        close(output);
    }
    birth = mmap(NULL, sizeof *birth, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (birth == MAP_FAILED) die("out of memory");
}

/* Whether a step of the measure phase is to end because DIR/finish exists. */
bool is_finished(const struct step *step) { return step->phase == MEASURE && exists("finish"); }

static void notice_full_disk(void)
{
    const char *const paths[] = {".", spec.scratch};
    struct statvfs info;
    for (int i = 0; i < 2; i++)
        if (paths[i] && statvfs(paths[i], &info) == 0 &&
            (geteuid() ? info.f_bavail : info.f_bfree) * info.f_frsize < 64 * 1024) trial.disk_full = true;
}

/* Whether a running step is over its output limit. */
static bool wrote_too_much(const int streams[3])
{
    struct stat info;
    for (int i = 1; i < 3; i++)
        if (fstat(streams[i], &info) == 0 && info.st_size > spec.output_limit) return true;
    return false;
}

/* The child, between fork and exec. */
__attribute__((noreturn)) static void become(const struct step *step, const int streams[3])
{
    const char *cwd = step->cwd ? step->cwd : spec.scratch ? spec.scratch : ".";
    bool path_given = strchr(step->argv[0], '/') != NULL;
    setpgid(0, 0);
    signal(SIGHUP, SIG_DFL), signal(SIGPIPE, SIG_DFL), signal(SIGTERM, SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &child_ended, NULL);
    for (int i = 0; i < 3; i++) dup2(streams[i], i);
    environ = marked(step->env); /* its PATH finds the program */
    if (chdir(cwd) == 0) {
        birth->at_exec = 1;
        birth->cpu = sched_getcpu();
        if (path_given) execve(step->argv[0], step->argv, environ);
        else execvp(step->argv[0], step->argv);
    }
    birth->error = errno;
    _exit(127);
}

/* Waits for the end of a step, kills it when it exceeds a limit, and records how it ended. */
static void attend(struct step *step, pid_t pid, const int streams[3])
{
    int status = 0, verdict = 0;
    ns_t until_look = SECOND;
    for (ns_t left = step->limit;; left = step->start + step->limit - step->end) {
        /* Sleep first: the step may need this CPU to start. */
        ns_t longest = verdict ? SECOND : until_look;
        struct timespec pause = timespec_of(verdict || left > longest ? longest : left);
        int woken = sigtimedwait(&child_ended, NULL, &pause);
        /* Its output is looked at ever more rarely while it measures: a minute's step is disturbed 5 times. */
        if (woken < 0 && step->phase == MEASURE && until_look < 64 * SECOND) until_look *= 2;
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
            kill(-pid, SIGTERM); /* it has a second to print its results */
        } else if (verdict) {
            kill(-pid, SIGKILL);
            kill(pid, SIGKILL); /* it may have left its group */
        }
        notice_full_disk();
    }
    step->cpu_last = (int)stat_field(pid, 39);
    if (!verdict && wrote_too_much(streams)) verdict = OUTPUT;
    if (verdict || !step->keep) kill(-pid, SIGKILL); /* before it is reaped: its pid cannot be reused yet */
    wait4(pid, &status, 0, &step->usage);
    step->status = verdict ? verdict : WIFEXITED(status) ? EXITED : SIGNALED;
    step->code = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
}

/* Runs a step to its end. False if a process that it left does not end. */
bool run_step(struct step *step)
{
    const char *subject = "the step's input, outputs or process";
    int streams[3] = {open_private(step->input ? step->input : "/dev/null", O_RDONLY, 0), -1, -1};
    for (int i = 1; i < 3 && streams[i - 1] >= 0; i++) streams[i] = open_output(step, i == 2);
    birth->cpu = -1, birth->error = birth->at_exec = 0;
    step->start = step->end = now();
    pid_t pid = streams[2] < 0 ? -1 : fork();
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
        keep_children();
        return true;
    }
    return kill_descendants();
}

