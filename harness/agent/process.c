/* Processes as /proc tells of them, the identity of an agent, and the end of everything that a step started. */
#define _GNU_SOURCE
#include "agent.h"
#include <sys/wait.h>

/* A field of /proc/PID/stat as proc(5) numbers them, the state (3) as its letter; -1: there is no such process. */
long long stat_field(pid_t pid, int field)
{
    char path[32], text[1024], *at;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    if (read_small(path, text, sizeof text) < 0 || !(at = strrchr(text, ')')) || !at[1]) return -1;
    at += 2;
    for (int i = 3; i < field && at; i++)
        if ((at = strchr(at, ' '))) at++;
    return !at ? -1 : field == 3 ? *at : atoll(at);
}

void boot_id(char id[40])
{
    if (read_small("/proc/sys/kernel/random/boot_id", id, 40) < 36) strcpy(id, "unknown");
    id[strcspn(id, "\n")] = 0;
}

/* The pid of this directory's agent while it lives, else 0: a recycled pid started at another time. */
pid_t living_agent(void)
{
    char text[128], recorded[40] = "", boot[40];
    int pid;
    long long start, state;
    boot_id(boot);
    if (read_small("pid", text, sizeof text) < 0 || sscanf(text, "%d %lld %39s", &pid, &start, recorded) != 3) return 0;
    if (pid <= 1 || strcmp(recorded, boot) != 0 || stat_field(pid, 22) != start) return 0;
    state = stat_field(pid, 3);
    return state == 'Z' || state == 'X' || state < 0 ? 0 : pid;
}

/* Moves this process to one CPU; where that is not to be had it stays where it may be. */
void stay_on(int cpu)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
}

/* The children of a process that has one thread; returns how many were listed. */
int children(pid_t parent, pid_t *list, int most)
{
    char path[64];
    int count = 0;
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)parent, (int)parent);
    FILE *file = fopen(path, "re");
    while (file && count < most && fscanf(file, "%d", &list[count]) == 1) count++;
    if (file) fclose(file);
    return count;
}

static int kept_index(pid_t pid)
{
    for (int i = 0; i < MOST_KEPT; i++)
        if (trial.kept[i] == pid) return i;
    return -1;
}

void reap(pid_t pid)
{
    int index = kept_index(pid);
    if (waitpid(pid, NULL, WNOHANG) == pid && index >= 0) trial.kept[index] = 0;
}

/*
 * Kills all descendants of an agent but the kept ones. Only children are looked at: the agent is their subreaper, so
 * whatever a killed process leaves becomes its child and is found by the next pass. Two passes must find nothing, as a
 * process may die between the two looks of one. False after ten seconds: something hangs in the kernel.
 */
bool kill_all_below(pid_t agent)
{
    pid_t list[1024];
    siginfo_t info;
    ns_t deadline = now() + 10 * SECOND;
    bool own = agent == getpid();
    /* No child at all is the usual case, and told by one call. */
    if (own && waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0) return true;
    for (int quiet = 0; quiet < 2;) {
        int alive = 0, count = children(agent, list, 1024);
        for (int i = 0; i < count; i++) {
            if (kept_index(list[i]) >= 0) continue;
            if (stat_field(list[i], 3) != 'Z') alive += kill(list[i], SIGKILL) == 0;
            if (own) reap(list[i]);
        }
        quiet = alive ? 0 : quiet + 1;
        if (now() > deadline) return false;
        if (alive) usleep(1000);
    }
    return true;
}

/* User and system ticks of the descendants that live, and of those that they have waited for: proc_pid_stat(5), 14 to 17. */
static long long ticks_below(pid_t parent, int depth)
{
    pid_t list[256];
    char path[32], text[1024], *at;
    long long sum = 0, t[4];
    int count = depth ? children(parent, list, 256) : 0;
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "/proc/%d/stat", (int)list[i]);
        if (read_small(path, text, sizeof text) < 0 || !(at = strrchr(text, ')')) ||
            sscanf(at, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lld %lld %lld %lld", t, t + 1, t + 2, t + 3) != 4)
            continue; /* it has just been waited for */
        sum += t[0] + t[1] + t[2] + t[3] + ticks_below(list[i], depth - 1);
    }
    return sum;
}

/*
 * CPU time of this agent and of all that ever ran below it, kept servers included, in us; to within some ticks for each
 * process that lives. Where none does, as is usual, these are two system calls and one file.
 */
long long own_us(void)
{
    const int whose[] = {RUSAGE_SELF, RUSAGE_CHILDREN};
    struct rusage u;
    long long sum = ticks_below(getpid(), 16) * (1000000 / sysconf(_SC_CLK_TCK));
    for (int i = 0; i < 2; i++) {
        getrusage(whose[i], &u);
        sum += (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000LL + u.ru_utime.tv_usec + u.ru_stime.tv_usec;
    }
    return sum;
}
