/*
 * lab-init: the first process of a lab host, and what listens for its SSH connections.
 *
 *   lab-init NAME PORT CPU CGROUP... -- SETUP ARG...
 *
 * Joins the cgroup directories, takes a listening socket on 127.0.0.1:PORT in the namespaces of the caller, and goes on
 * as process 1 of its own mount, uts, ipc, pid, net and cgroup namespaces. There it runs SETUP (which makes the mounts
 * and calls pivot_root) and then gives every connection to an `sshd -i` of the host: the accepted socket is handed over,
 * so nothing forwards bytes, and the host needs no interface in the namespace of the machine. Killing this process is
 * the power switch: the kernel ends everything in its pid namespace and drops its mounts and interfaces.
 *
 * With PORT `-` it only holds a network namespace (the switch that the hosts are wired to); then SETUP is not given.
 * Prints `ready PID` once SETUP has succeeded and exits 0; exits 1 with a message otherwise, leaving nothing running.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void fail(const char *what, const char *which)
{
    fprintf(stderr, "lab-init: cannot %s %s: %s\n", what, which, strerror(errno));
    exit(1);
}

/* Returns 0, or -1 with errno set. */
static int write_file(const char *dir, const char *name, const char *text)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    ssize_t written = write(fd, text, strlen(text));
    int error = errno;
    close(fd);
    errno = error;
    return written < 0 ? -1 : 0;
}

/*
 * cgroup v2 allows no processes beside child groups with controllers, so the host's own processes move to a leaf once
 * the namespace has its root one level above. LXC and systemd know a leaf of this name and place guests beside it.
 */
static void move_to_leaf(const char *dir)
{
    static const char *const controllers[] = {"+cpuset", "+cpu", "+memory", "+pids", "+io"};
    char leaf[4096];
    snprintf(leaf, sizeof leaf, "%s/cgroup.subtree_control", dir);
    if (access(leaf, F_OK) != 0) return; /* v1 */
    snprintf(leaf, sizeof leaf, "%s/init.scope", dir);
    if (mkdir(leaf, 0755) != 0 && errno != EEXIST) fail("create", leaf);
    if (write_file(leaf, "cgroup.procs", "0") != 0) fail("join", leaf);
    /* One at a time: a controller that the machine does not offer here must not cost the others. */
    for (size_t i = 0; i < sizeof controllers / sizeof *controllers; i++)
        (void)write_file(dir, "cgroup.subtree_control", controllers[i]);
}

static int listen_on(const char *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(port))};
    int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0) fail("open", "a socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 128) != 0)
        fail("listen on 127.0.0.1, port", port);
    return fd;
}

static void serve(int connection)
{
    static char *const argv[] = {"sshd", "-i", "-f", "/etc/ssh/sshd_lab", "-E", "/var/log/sshd.log", NULL};
    static char *const envp[] = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", NULL};
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid();
    dup2(connection, 0);
    dup2(connection, 1);
    execve("/usr/sbin/sshd", argv, envp);
    _exit(127);
}

static void on_child(int signal) { (void)signal; }

static void run_forever(int listener)
{
    struct sigaction action = {.sa_handler = on_child};
    struct pollfd waiting = {.fd = listener, .events = POLLIN};
    sigset_t child, none;
    sigemptyset(&none);
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    sigaction(SIGCHLD, &action, NULL);
    for (;;) {
        while (waitpid(-1, NULL, WNOHANG) > 0) continue;
        if (ppoll(&waiting, listener < 0 ? 0 : 1, NULL, &none) <= 0) continue;
        int connection = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (connection < 0) continue;
        if (fork() == 0) serve(connection);
        close(connection);
    }
}

/* Process 1 of the host. `ready` is closed without a byte when it fails. */
static void first_process(const char *cpu, int listener, int ready, char **setup)
{
    setsid();
    if (setup[0] != NULL) {
        int status;
        pid_t child = fork();
        if (child == 0) {
            execvp(setup[0], setup);
            fail("run", setup[0]);
        }
        if (child < 0 || waitpid(child, &status, 0) != child || status != 0) exit(1);
    }
    /* sshd inherits this; its sessions give themselves all CPUs again (lab-shell.c). */
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    CPU_SET(atoi(cpu), &cpus);
    (void)sched_setaffinity(0, sizeof cpus, &cpus);
    umask(022);
    int null = open("/dev/null", O_RDWR);
    if (null < 0 || chdir("/") != 0) fail("open", "/dev/null in the host's root");
    if (write(ready, "r", 1) != 1) exit(1);
    close(ready);
    for (int fd = 0; fd <= 2; fd++) dup2(null, fd);
    if (null > 2) close(null);
    run_forever(listener);
}

int main(int argc, char **argv)
{
    int at = 4, listener = -1, ready[2];
    while (at < argc && strcmp(argv[at], "--") != 0) at++;
    if (argc < 5 || at == argc) {
        fprintf(stderr, "usage: lab-init NAME PORT CPU CGROUP... -- SETUP ARG...\n");
        return 2;
    }
    int switch_only = strcmp(argv[2], "-") == 0;
    for (int i = 4; i < at; i++)
        if (write_file(argv[i], "cgroup.procs", "0") != 0) fail("join the cgroup", argv[i]);
    if (!switch_only) listener = listen_on(argv[2]);
    int namespaces = CLONE_NEWNET | CLONE_NEWPID;
    if (!switch_only) namespaces |= CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP;
    if (unshare(namespaces) != 0) fail("make namespaces for", argv[1]);
    for (int i = 4; !switch_only && i < at; i++) move_to_leaf(argv[i]);
    if (!switch_only && sethostname(argv[1], strlen(argv[1])) != 0) fail("set the host name", argv[1]);
    if (pipe2(ready, O_CLOEXEC) != 0) fail("open", "a pipe");
    pid_t child = fork();
    if (child < 0) fail("start", "the first process");
    if (child == 0) {
        close(ready[0]);
        first_process(argv[3], listener, ready[1], argv + at + 1);
    }
    close(ready[1]);
    char byte;
    if (read(ready[0], &byte, 1) != 1) {
        kill(child, SIGKILL);
        return 1;
    }
    printf("ready %d\n", (int)child);
    return 0;
}
