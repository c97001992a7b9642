/*
 * lab-shell: the login shell of root on a lab host. The host's sshd stays on one CPU, away from guests; what it starts
 * shall see all of them, as on a machine. Widens the CPU affinity (the kernel keeps what the cpuset allows) and becomes
 * /bin/bash, called as it was called.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    cpu_set_t all;
    memset(&all, 0xff, sizeof all);
    (void)argc;
    (void)sched_setaffinity(0, sizeof all, &all);
    argv[0] = argv[0][0] == '-' ? "-bash" : "bash";
    setenv("SHELL", "/bin/bash", 1);
    execv("/bin/bash", argv);
    return 127;
}
