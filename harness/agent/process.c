#define _GNU_SOURCE
#include "process.h"
#include <sched.h>

/* Reads /proc/PID/stat; returns what follows the name of the program, from the state (field 3) on, or NULL. */
char *read_stat(pid_t pid, char *text, size_t size)
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
