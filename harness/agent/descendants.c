/*
 * Since Linux 3.4 an agent adopts the orphans among its descendants (PR_SET_CHILD_SUBREAPER), and since 3.5 a kernel with
 * CONFIG_PROC_CHILDREN lists the children of a process: killing children until there are none is then enough. Elsewhere
 * every process in /proc is looked at, see lineage.c.
 */
#define _GNU_SOURCE
#include "descendants.h"
#include "lineage.h"
#include "process.h"
#include <dirent.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#ifndef PR_SET_CHILD_SUBREAPER
#define PR_SET_CHILD_SUBREAPER 36
#endif

/* A list that grows: its length has no limit. */
struct pids {
    pid_t *list;
    int count, room;
};

/* Processes that a `keep` step left running: children of the agent, or descendants where orphans are not adopted. */
static struct pids kept;
static struct lineage own;
static bool has_children_files, is_marked;

static void add(struct pids *pids, pid_t pid)
{
    if (pids->count == pids->room) {
        pids->room = pids->room ? 2 * pids->room : 64;
        pids->list = grown(pids->list, pids->room * sizeof *pids->list);
    }
    pids->list[pids->count++] = pid;
}

bool adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0; }

static void join_group(gid_t group)
{
    int count = getgroups(0, NULL);
    gid_t *groups = grown(NULL, (count < 0 ? 1 : count + 1) * sizeof *groups);
    count = getgroups(count < 0 ? 0 : count, groups);
    groups[count < 0 ? 0 : count] = group;
    /* Only root may; the environment variable remains. */
    if (count < 0 || setgroups(count + 1, groups) < 0) errno = 0;
    free(groups);
}

/* To call in the agent, before its first step. */
void become_agent(bool adopts)
{
    own = lineage_of(getpid());
    has_children_files = adopts && exists("/proc/thread-self/children");
    is_marked = !adopts;
    if (is_marked) join_group(own.group);
}

/* The environment of a step, with the mark where descendants need one. To call between fork and exec. */
char **marked(char **env)
{
    size_t count = 0;
    if (!is_marked) return env;
    while (env[count]) count++;
    char **longer = grown(NULL, (count + 2) * sizeof *longer);
    longer[0] = own.mark;
    memcpy(longer + 1, env, (count + 1) * sizeof *longer);
    return longer;
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
        FILE *file = fopen(path, "r");
        while (file && fscanf(file, "%d", &pid) == 1) add(pids, pid);
        if (file) fclose(file);
    }
    if (threads) closedir(threads);
}

static int kept_index(pid_t pid)
{
    for (int i = 0; i < kept.count; i++)
        if (kept.list[i] == pid) return i;
    return -1;
}

/* Finds the descendants of this agent. Those that are kept, and what they started, are `spared`. */
static void find_descendants(struct processes *all, const struct lineage *of)
{
    find_lineage(all, of);
    for (bool changed = true; changed;) {
        changed = false;
        for (int i = 0; i < all->count; i++) {
            struct process *p = &all->list[i];
            if (!p->found || p->spared) continue;
            const struct process *parent = process_of(all, p->parent);
            p->spared = kept_index(p->pid) >= 0 || (parent && parent->spared);
            changed = changed || p->spared;
        }
    }
}

/* Marks the processes that live now as kept: they are not killed with what a later step leaves. */
void keep_children(void)
{
    kept.count = 0;
    if (has_children_files) return add_children(&kept, getpid());
    struct processes all = {0};
    find_descendants(&all, &own);
    for (int i = 0; i < all.count; i++)
        if (all.list[i].found && all.list[i].state != 'Z') add(&kept, all.list[i].pid);
    free(all.list);
}

void keep_none(void) { kept.count = 0; }

/* Waits for a child that has ended. */
void reap(pid_t pid)
{
    int index = kept_index(pid);
    if (waitpid(pid, NULL, WNOHANG) == pid && index >= 0) kept.list[index] = kept.list[--kept.count];
}

/* One look for descendants that are not kept, and SIGKILL for each. Returns how many were alive. */
static int kill_once(const struct lineage *of, bool children_only)
{
    struct pids found = {0};
    struct processes all = {0};
    int alive = 0;
    if (children_only) add_children(&found, of->root);
    else find_descendants(&all, of);
    for (int i = 0; i < all.count; i++)
        if (all.list[i].found && !all.list[i].spared) add(&found, all.list[i].pid);
    for (int i = 0; i < found.count; i++) {
        if (children_only && kept_index(found.list[i]) >= 0) continue;
        if (stat_field(found.list[i], 3) != 'Z') alive += kill(found.list[i], SIGKILL) == 0;
        if (of->root == getpid()) reap(found.list[i]);
    }
    free(found.list), free(all.list);
    return alive;
}

/*
 * Kills until two looks find nothing, as a process may start or end while one of them reads the list. False after ten
 * seconds: a process hangs in the kernel.
 */
static bool kill_all(const struct lineage *of, bool children_only)
{
    ns_t deadline = now() + 10 * SECOND;
    for (int quiet = 0; quiet < 2;) {
        int alive = kill_once(of, children_only);
        quiet = alive ? 0 : quiet + 1;
        if (now() > deadline) return false;
        if (alive) usleep(1000);
    }
    return true;
}

/* Kills all descendants of this agent except the kept ones. */
bool kill_descendants(void)
{
    siginfo_t info;
    /* Usually there is no child, which one call shows where orphans become children. */
    if (has_children_files && waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0) return true;
    return kill_all(&own, has_children_files);
}

/* The same from another process, the agent's guard or `stop`. */
bool kill_lineage(const struct lineage *of) { return kill_all(of, false); }

/* User and system ticks of all living descendants, and of the children that these waited for: proc(5), 14 to 17. */
static long long ticks_of_descendants(void)
{
    struct pids found = {0};
    struct processes all = {0};
    char text[1024], *at;
    long long sum = 0, t[4];
    if (has_children_files) add_children(&found, getpid());
    else find_descendants(&all, &own);
    for (int i = 0; i < all.count; i++)
        if (all.list[i].found) sum += all.list[i].ticks;
    for (int i = 0; i < found.count; i++) { /* the list grows meanwhile */
        at = read_stat(found.list[i], text, sizeof text);
        if (!at || sscanf(at, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lld %lld %lld %lld", t, t + 1, t + 2,
                          t + 3) != 4)
            continue; /* it has just been waited for */
        sum += t[0] + t[1] + t[2] + t[3];
        add_children(&found, found.list[i]);
    }
    free(found.list), free(all.list);
    return sum;
}

/*
 * CPU time in us of this agent and of all its descendants so far, kept servers included; exact to a few ticks for each
 * living process. Where orphans are not adopted, those that have ended are missing.
 */
long long own_us(void)
{
    const int whose[] = {RUSAGE_SELF, RUSAGE_CHILDREN};
    struct rusage u;
    long long sum = ticks_of_descendants() * (1000000 / sysconf(_SC_CLK_TCK));
    for (int i = 0; i < 2; i++) {
        getrusage(whose[i], &u);
        sum += (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000LL + u.ru_utime.tv_usec + u.ru_stime.tv_usec;
    }
    return sum;
}
