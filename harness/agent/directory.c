#define _GNU_SOURCE
#include "directory.h"
#include "base.h"
#include <dirent.h>
#include <fcntl.h>
#include <mntent.h>
#include <sys/stat.h>

/* The mount id of an open directory: it differs on a bind mount, where the device number does not. -1 before Linux 3.15. */
static long mount_of(int directory)
{
    char path[64], text[512], *at;
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", directory);
    return read_small(path, text, sizeof text) > 0 && (at = strstr(text, "mnt_id:")) ? atol(at + 7) : -1;
}

/* Whether an open directory is a mount point, or that cannot be read. */
static bool is_mount_point(int directory)
{
    char link[64], path[4096];
    struct mntent *mount;
    snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
    ssize_t length = readlink(link, path, sizeof path - 1);
    FILE *mounts = length < 0 ? NULL : setmntent("/proc/self/mounts", "r");
    bool found = !mounts;
    path[length < 0 ? 0 : length] = 0;
    while (!found && (mount = getmntent(mounts))) found = strcmp(mount->mnt_dir, path) == 0;
    if (mounts) endmntent(mounts);
    return found;
}

static bool is_same_mount(int directory, int parent)
{
    struct stat inner, outer;
    long id = mount_of(directory);
    if (id >= 0) return id == mount_of(parent);
    return fstat(directory, &inner) == 0 && fstat(parent, &outer) == 0 && inner.st_dev == outer.st_dev &&
           !is_mount_point(directory);
}

/* Removes a file or a directory tree. Follows no symbolic link and enters no other mount. */
static bool remove_tree(int parent, const char *name)
{
    const int how = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
    struct dirent *entry;
    if (unlinkat(parent, name, 0) == 0) return true;
    int opened = openat(parent, name, how);
    /* A step may have taken the permissions away; root is not affected. */
    if (opened < 0 && errno == EACCES && fchmodat(parent, name, 0700, 0) == 0) opened = openat(parent, name, how);
    DIR *directory = opened >= 0 && is_same_mount(opened, parent) ? fdopendir(opened) : NULL;
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
        int parent = open_private(*copy ? copy : "/", O_RDONLY | O_DIRECTORY, 0);
        gone = parent >= 0 && remove_tree(parent, name);
        int reason = errno;
        if (parent >= 0) close(parent);
        errno = reason;
    }
    free(copy);
    return gone;
}
