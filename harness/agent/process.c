#define _GNU_SOURCE
#include "process.h"
#include <dirent.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* A list that grows: its length has no limit. */
struct pids {
    pid_t *list;
    int count, room;
};

/* Children that a `keep` step left running. */
static struct pids kept;

static void add(struct pids *pids, pid_t pid)
{
    if (pids->count == pids->room) {
        pids->room = pids->room ? 2 * pids->room : 64;
        pids->list = grown(pids->list, pids->room * sizeof *pids->list);
    }
    pids->list[pids->count++] = pid;
}

/* Reads /proc/PID/stat; returns what follows the name of the program, from the state (field 3) on, or NULL. */
static char *read_stat(pid_t pid, char *text, size_t size)
{
    char path[32], *at;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    return read_small(path, text, size) < 0 || !(at = strrchr(text, ')')) || !at[1] ? NULL : at + 2;
}

/* A field of /proc/PID/stat, numbered as in proc(5), the state (3) as its letter; -1: there is no such process. */
long long stat_field(pid_t pid, int field)
{
    char text[1024], *at = read_stat(pid, text, sizeof text);
    for (int i = 3; i < field && at; i++)
        if ((at = strchr(at, ' '))) at++;
    return !at ? -1 : field == 3 ? *at : atoll(at);
}

void boot_id(char id[40])
{
    if (read_small("/proc/sys/kernel/random/boot_id", id, 40) < 36) strcpy(id, "unknown");
    id[strcspn(id, "\n")] = 0;
}

/* The pid of this directory's agent if it is alive, else 0. A reused pid has another start time. */
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

/* Moves this process to one CPU; without effect where that CPU is not allowed. */
void stay_on(int cpu)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    sched_setaffinity(0, sizeof one, &one);
}

/* Moves this process to these CPUs. False unless it may use all of them: the kernel leaves out those of no cpuset. */
bool run_on(const cpu_set_t *cpus)
{
    cpu_set_t got;
    return sched_setaffinity(0, sizeof *cpus, cpus) == 0 && sched_getaffinity(0, sizeof got, &got) == 0 &&
           CPU_EQUAL(&got, cpus);
}

/* Adds the children of a process, those of each of its threads. */
static void add_children(struct pids *pids, pid_t parent)
{
    char path[300];
    int pid;
    struct dirent *thread;
    snprintf(path, sizeof path, "/proc/%d/task", (int)parent);
    DIR *threads = opendir(path);
    while (threads && (thread = readdir(threads))) {
        if (thread->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "/proc/%d/task/%.20s/children", (int)parent, thread->d_name);
        FILE *file = fopen(path, "re");
        while (file && fscanf(file, "%d", &pid) == 1) add(pids, pid);
        if (file) fclose(file);
    }
    if (threads) closedir(threads);
}

/* Marks the children that live now as kept: `kill_all_below` spares them. */
void keep_children(void)
{
    kept.count = 0;
    add_children(&kept, getpid());
}

void keep_none(void) { kept.count = 0; }

static int kept_index(pid_t pid)
{
    for (int i = 0; i < kept.count; i++)
        if (kept.list[i] == pid) return i;
    return -1;
}

/* Waits for a child that has ended. */
void reap(pid_t pid)
{
    int index = kept_index(pid);
    if (waitpid(pid, NULL, WNOHANG) == pid && index >= 0) kept.list[index] = kept.list[--kept.count];
}

/*
 * Kills all descendants of an agent except the kept ones. It looks at children only: the agent is the subreaper of its
 * descendants, so the children of a killed process become its own and the next pass finds them. Two passes must find
 * nothing, as a process may end while one pass reads the list. False after ten seconds: a process hangs in the kernel.
 */
bool kill_all_below(pid_t agent)
{
    struct pids found = {0};
    siginfo_t info;
    ns_t deadline = now() + 10 * SECOND;
    bool own = agent == getpid(), in_time = true;
    /* Usually there is no child, which one call shows. */
    if (own && waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0) return true;
    for (int quiet = 0; quiet < 2 && in_time;) {
        int alive = 0;
        found.count = 0;
        add_children(&found, agent);
        for (int i = 0; i < found.count; i++) {
            if (kept_index(found.list[i]) >= 0) continue;
            if (stat_field(found.list[i], 3) != 'Z') alive += kill(found.list[i], SIGKILL) == 0;
            if (own) reap(found.list[i]);
        }
        quiet = alive ? 0 : quiet + 1;
        in_time = now() <= deadline;
        if (alive) usleep(1000);
    }
    free(found.list);
    return in_time;
}

/* User and system ticks of all living descendants, and of the children that these waited for: proc(5), 14 to 17. */
static long long ticks_below(pid_t ancestor)
{
    struct pids found = {0};
    char text[1024], *at;
    long long sum = 0, t[4];
    add_children(&found, ancestor);
    for (int i = 0; i < found.count; i++) { /* the list grows meanwhile */
        at = read_stat(found.list[i], text, sizeof text);
        if (!at || sscanf(at, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lld %lld %lld %lld", t, t + 1, t + 2,
                          t + 3) != 4)
            continue; /* it has just been waited for */
        sum += t[0] + t[1] + t[2] + t[3];
        add_children(&found, found.list[i]);
    }
    free(found.list);
    return sum;
}

/*
 * CPU time in us of this agent and of all its descendants so far, kept servers included; exact to a few ticks for each
 * living process.
 */
long long own_us(void)
{
    const int whose[] = {RUSAGE_SELF, RUSAGE_CHILDREN};
    struct rusage u;
    long long sum = ticks_below(getpid()) * (1000000 / sysconf(_SC_CLK_TCK));
    for (int i = 0; i < 2; i++) {
        getrusage(whose[i], &u);
        sum += (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000LL + u.ru_utime.tv_usec + u.ru_stime.tv_usec;
    }
    return sum;
}
