#define _GNU_SOURCE
#include "background.h"
#include "descendants.h"
#include "process.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

static void silence(void)
{
    int null = open_private("/dev/null", O_RDWR, 0);
    for (int fd = 0; fd < 3; fd++) dup2(null, fd);
}

/* The agent's parent: waits for its end, and kills what it leaves, which is something only if the agent is killed. */
__attribute__((noreturn)) static void guard(pid_t agent)
{
    struct lineage left = lineage_of(agent); /* while the agent is not waited for, its start can be read */
    left.root = getpid();
    silence();
    waitpid(agent, NULL, 0);
    kill_lineage(&left);
    _exit(0);
}

/* Returns in a background process with DIR/pid written. The calling process exits with 0 once that is done. */
void go_to_background(void)
{
    int started[2];
    char identity[128], boot[40], done = 0;
    sigset_t child_ended;
    sigemptyset(&child_ended);
    sigaddset(&child_ended, SIGCHLD);
    if (private_pipe(started) < 0) die("pipe: %s", strerror(errno));
    pid_t child = fork();
    if (child < 0) die("fork: %s", strerror(errno));
    close(started[child > 0]);
    if (child > 0) _exit(read(started[0], &done, 1) == 1 ? 0 : 1);
    setsid();
    sigprocmask(SIG_SETMASK, &child_ended, NULL);
    signal(SIGHUP, SIG_IGN), signal(SIGPIPE, SIG_IGN), signal(SIGTERM, SIG_IGN);
    adopt_orphans();
    if ((child = fork()) < 0) die("cannot start: %s", strerror(errno));
    if (child > 0) {
        close(started[1]);
        guard(child);
    }
    boot_id(boot);
    snprintf(identity, sizeof identity, "%d %lld %s\n", (int)getpid(), stat_field(getpid(), 22), boot);
    become_agent(adopt_orphans());
    if (!write_small("pid", identity, false)) die("cannot start: %s", strerror(errno));
    silence();
    if (write(started[1], &done, 1) != 1) exit(1);
    close(started[1]);
}
