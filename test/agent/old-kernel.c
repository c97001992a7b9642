/*
 * Linked into the agent: the limits of Linux 2.6.22, or with -DLINUX_4_9 those of a later kernel without
 * CONFIG_PROC_CHILDREN. System calls are numbered in the order in which they were added, and x86-64 had 284 then. Its steps
 * have the same system calls, but see all of /proc.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef LINUX_4_9
#define LAST_CALL 284
#define LAST_PRCTL 22
static const char *const NEWER[] = {"mnt_id:", "Cpus_allowed_list:"};

__attribute__((constructor)) static void limit_calls(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        /* The shells of the steps need it. */
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pipe2, 4, 0),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, LAST_CALL, 4, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 2),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args)),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, LAST_PRCTL, 2, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EINVAL),
    };
    struct sock_fprog program = {sizeof code / sizeof *code, code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0) return;
    perror("seccomp");
    abort();
}
#else
static const char *const NEWER[] = {"(none)"};
#endif

static int is_hidden(const char *path)
{
    const char *end = strrchr(path, '/');
    if (strncmp(path, "/proc/", 6)) return 0;
#ifndef LINUX_4_9
    if (strncmp(path, "/proc/thread-self", 17) == 0) return 1;
#endif
    return end && strcmp(end, "/children") == 0;
}

/* A small file of /proc without the lines that later kernels have. */
static int without_newer(int file)
{
    char text[8192], *line, *rest = text;
    int ends[2];
    long length = read(file, text, sizeof text - 1);
    close(file);
    if (length < 0 || pipe(ends) < 0) return -1;
    text[length] = 0;
    while ((line = strsep(&rest, "\n")) && *line) {
        size_t newer = 0;
        while (newer < sizeof NEWER / sizeof *NEWER && strncmp(line, NEWER[newer], strlen(NEWER[newer]))) newer++;
        if (newer == sizeof NEWER / sizeof *NEWER) dprintf(ends[1], "%s\n", line);
    }
    close(ends[1]);
    return ends[0];
}

int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    if (is_hidden(path)) return errno = ENOENT, -1;
    int file = (int)syscall(SYS_open, path, flags & ~O_CLOEXEC, mode);
    int is_filtered = strncmp(path, "/proc/self/fdinfo/", 18) == 0 || strcmp(path, "/proc/self/status") == 0;
    return file >= 0 && is_filtered ? without_newer(file) : file;
}

int access(const char *path, int how)
{
    if (is_hidden(path)) return errno = ENOENT, -1;
    return (int)syscall(SYS_access, path, how);
}

FILE *fopen(const char *path, const char *mode)
{
    int file = *mode == 'r' ? open(path, O_RDONLY) : -1;
    return file < 0 ? NULL : fdopen(file, "r");
}

/* A C library of that time uses the system calls of that time. */
int pipe(int ends[2]) { return (int)syscall(SYS_pipe, ends); }

int pipe2(int ends[2], int flags)
{
    (void)ends, (void)flags;
    return errno = ENOSYS, -1;
}

int inotify_init(void) { return (int)syscall(SYS_inotify_init); }
