/*
 * A descendant of an agent is a child of the agent or of a descendant, is in the agent's session, or has one of two marks
 * that are inherited: an environment variable and, where the agent is root, a supplementary group. The marks are set only
 * where orphans are not adopted. A process that lost both marks, left the session and lost its parent is not found.
 */
#define _GNU_SOURCE
#include "lineage.h"
#include "process.h"
#include <dirent.h>

struct lineage lineage_of(pid_t agent)
{
    struct lineage of = {.root = agent, .agent = agent};
    of.session = (pid_t)stat_field(agent, 6), of.start = stat_field(agent, 22);
    snprintf(of.mark, sizeof of.mark, "BENCH_AGENT=%d.%lld", (int)agent, of.start);
    /* Of 2^24 groups that nobody uses: agents in other PID namespaces may have the same pid. */
    unsigned hash = 2166136261u;
    for (const char *at = of.mark; *at; at++) hash = (hash ^ (unsigned char)*at) * 16777619u;
    of.group = 0x42000000u | (hash >> 8);
    return of;
}

/* Reads all of /proc. */
static void add_all(struct processes *all)
{
    char text[1024], *at;
    struct dirent *entry;
    DIR *proc = opendir("/proc");
    all->count = 0;
    while (proc && (entry = readdir(proc))) {
        struct process p = {.pid = atoi(entry->d_name)};
        int parent, session;
        long long t[4];
        if (p.pid <= 0 || !(at = read_stat(p.pid, text, sizeof text))) continue;
        int fields = sscanf(at, "%c %d %*d %d %*d %*d %*u %*u %*u %*u %*u %lld %lld %lld %lld %*d %*d %*d %*d %lld",
                            &p.state, &parent, &session, t, t + 1, t + 2, t + 3, &p.start);
        if (fields != 8 || p.state == 'X') continue;
        p.parent = parent, p.session = session, p.ticks = t[0] + t[1] + t[2] + t[3];
        if (all->count == all->room) {
            all->room = all->room ? 2 * all->room : 512;
            all->list = grown(all->list, all->room * sizeof *all->list);
        }
        all->list[all->count++] = p;
    }
    if (proc) closedir(proc);
}

/* Whether the environment with which a process was started has the mark. Before 2.6.33 only its first page is shown. */
static bool has_variable(pid_t pid, const char *mark)
{
    char path[40], text[32768];
    snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
    long length = read_small(path, text, sizeof text);
    for (const char *at = text; at < text + length; at += strlen(at) + 1)
        if (strcmp(at, mark) == 0) return true;
    return false;
}

static bool is_in_group(pid_t pid, gid_t group)
{
    char path[40], text[4096], *at, *end;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    if (read_small(path, text, sizeof text) < 0 || !(at = strstr(text, "\nGroups:"))) return false;
    at += strlen("\nGroups:");
    end = at + strcspn(at, "\n");
    while (at < end) {
        char *next;
        if (strtoul(at, &next, 10) == group) return true;
        if (next == at) break;
        at = next;
        while (*at == ' ' || *at == '\t') at++;
    }
    return false;
}

const struct process *process_of(const struct processes *all, pid_t pid)
{
    for (int i = 0; i < all->count; i++)
        if (all->list[i].pid == pid) return &all->list[i];
    return NULL;
}

/* Reads all processes and marks those of the lineage as `found`, without the agent, its guard and the caller. */
void find_lineage(struct processes *all, const struct lineage *of)
{
    add_all(all);
    for (bool changed = true, first = true; changed; first = false) {
        changed = false;
        for (int i = 0; i < all->count; i++) {
            struct process *p = &all->list[i];
            const struct process *parent;
            bool is_other = p->pid == getpid() || p->pid == of->agent || p->pid == of->session || p->start < of->start;
            if (p->found || is_other) continue;
            p->found = first && (p->parent == of->root || (of->session > 1 && p->session == of->session) ||
                                 has_variable(p->pid, of->mark) || is_in_group(p->pid, of->group));
            p->found = p->found || ((parent = process_of(all, p->parent)) && parent->found);
            changed = changed || p->found;
        }
    }
}
