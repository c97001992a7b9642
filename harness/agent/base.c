#define _GNU_SOURCE
#include "base.h"
#include <ctype.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/inotify.h>

#ifndef O_CLOEXEC
#define O_CLOEXEC 0
#endif

/* Prints one line to stderr and exits with code 1. */
void die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("bench-agent: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    exit(1);
}

/* realloc(3) that does not fail. */
void *grown(void *block, size_t bytes)
{
    void *longer = realloc(block, bytes);
    if (!longer) die("out of memory");
    return longer;
}

/* A decimal number from 0 to `max`; dies on any other text. */
long long number(const char *text, long long max)
{
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (!isdigit((unsigned char)*text) || *end || errno || value > max) die("bad number %.40s", text);
    return value;
}

ns_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

/* A negative time is 0. */
struct timespec timespec_of(ns_t ns)
{
    return ns < 0 ? (struct timespec){0, 0} : (struct timespec){ns / SECOND, ns % SECOND};
}

bool exists(const char *path) { return access(path, F_OK) == 0; }

/* Before Linux 2.6.23 open(2) ignores O_CLOEXEC, and pipe2(2) and inotify_init1(2) do not exist before 2.6.27. */
static int made_private(int file)
{
    if (file >= 0) fcntl(file, F_SETFD, FD_CLOEXEC);
    return file;
}

/* open(2) of a file that no step inherits. */
int open_private(const char *path, int flags, mode_t mode) { return made_private(open(path, flags | O_CLOEXEC, mode)); }

/* pipe(2) with ends that no step inherits. */
int private_pipe(int ends[2])
{
    if (pipe(ends) < 0) return -1;
    made_private(ends[0]), made_private(ends[1]);
    return 0;
}

/* Reads up to size - 1 bytes and ends them with a NUL. Returns their number, or -1. Follows no symbolic link. */
long read_small(const char *path, char *text, size_t size)
{
    int file = open_private(path, O_RDONLY | O_NOFOLLOW, 0);
    long length = file < 0 ? -1 : read(file, text, size - 1);
    if (file >= 0) close(file);
    text[length < 0 ? 0 : length] = 0;
    return length;
}

/* Writes a file that appears complete or not at all. With `only_new` it fails with EEXIST where the file exists. */
bool write_small(const char *path, const char *text, bool only_new)
{
    char temporary[64];
    snprintf(temporary, sizeof temporary, "%s.%d", path, (int)getpid());
    unlink(temporary); /* of an earlier process of this id; a new file in any case, not what somebody else put there */
    int file = open_private(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
    bool ok = file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text) && fsync(file) == 0;
    if (file >= 0) close(file);
    ok = ok && (only_new ? link(temporary, path) : rename(temporary, path)) == 0;
    int reason = errno;
    if (only_new || !ok) unlink(temporary);
    errno = reason;
    return ok;
}

/* An inotify descriptor for the current directory; -1 where it cannot be watched. */
int watch_directory(uint32_t events)
{
    int changes = made_private(inotify_init());
    if (changes >= 0) fcntl(changes, F_SETFL, O_NONBLOCK);
    if (changes < 0 || inotify_add_watch(changes, ".", events) >= 0) return changes;
    close(changes);
    return -1;
}

/*
 * Sleeps until the directory changes, the process ends or the deadline passes. Where one of the two cannot be watched
 * (-1), it returns after a second at the latest, so that the caller can look. Exits when the reader of stdout is gone.
 */
void sleep_for_change(int changes, int process, ns_t deadline)
{
    char events[4096];
    struct pollfd sources[] = {{.fd = changes, .events = POLLIN}, {.fd = process, .events = POLLIN}, {.fd = 1}};
    ns_t max_ms = changes >= 0 && process >= 0 ? 3600000 : 1000, left_ms = (deadline - now()) / MILLISECOND + 1;
    poll(sources, 3, left_ms < 0 ? 0 : left_ms < max_ms ? (int)left_ms : (int)max_ms);
    if (sources[2].revents & (POLLERR | POLLHUP)) exit(1);
    while (changes >= 0 && read(changes, events, sizeof events) > 0) continue;
}
