#define _GNU_SOURCE
#include "directory.h"
#include "base.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

/* The mount id of an open directory: it differs on a bind mount, where the device number does not. */
static long mount_of(int directory)
{
    char path[64], text[512], *at;
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", directory);
    return read_small(path, text, sizeof text) > 0 && (at = strstr(text, "mnt_id:")) ? atol(at + 7) : -1;
}

/* Removes a file or a directory tree. Follows no symbolic link and enters no other mount. */
static bool remove_tree(int parent, const char *name)
{
    const int how = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    struct dirent *entry;
    if (unlinkat(parent, name, 0) == 0) return true;
    int opened = openat(parent, name, how);
    /* A step may have taken the permissions away; root is not affected. */
    if (opened < 0 && errno == EACCES && fchmodat(parent, name, 0700, 0) == 0) opened = openat(parent, name, how);
    bool enter = opened >= 0 && mount_of(opened) >= 0 && mount_of(opened) == mount_of(parent);
    DIR *directory = enter ? fdopendir(opened) : NULL;
    while (directory && (entry = readdir(directory)))
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..")) remove_tree(opened, entry->d_name);
    if (directory) closedir(directory);
    else if (opened >= 0) close(opened);
    return unlinkat(parent, name, AT_REMOVEDIR) == 0;
}

/* Removes an absolute path. True if it does not exist afterwards. */
bool remove_directory(const char *path)
{
    char *copy = path ? strdup(path) : NULL, *name = copy ? strrchr(copy, '/') : NULL;
    bool gone = !path || !exists(path);
    if (!gone && name) {
        *name++ = 0;
        int parent = open(*copy ? copy : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        gone = parent >= 0 && remove_tree(parent, name);
        int reason = errno;
        if (parent >= 0) close(parent);
        errno = reason;
    }
    free(copy);
    return gone;
}
