/* System calls that do next to nothing, and the everyday ones on a file. */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct call {
	const char *path;
	int fd;
};

static void parent_id(long times, void *state)
{
	(void)state;
	while (times-- > 0)
		getppid();
}

static void read_byte(long times, void *state)
{
	struct call *call = state;
	char byte;

	while (times-- > 0)
		if (read(call->fd, &byte, 1) != 1)
			die("read /dev/zero");
}

static void write_byte(long times, void *state)
{
	struct call *call = state;
	char byte = 0;

	while (times-- > 0)
		if (write(call->fd, &byte, 1) != 1)
			die("write /dev/null");
}

static void stat_file(long times, void *state)
{
	struct call *call = state;
	struct stat status;

	while (times-- > 0)
		if (stat(call->path, &status) != 0)
			die(call->path);
}

static void fstat_file(long times, void *state)
{
	struct call *call = state;
	struct stat status;

	while (times-- > 0)
		if (fstat(call->fd, &status) != 0)
			die(call->path);
}

static void open_close(long times, void *state)
{
	struct call *call = state;

	while (times-- > 0) {
		int fd = open(call->path, O_RDONLY);

		if (fd < 0)
			die(call->path);
		close(fd);
	}
}

static const struct {
	const char *word, *name;
	void (*repeat)(long times, void *state);
	/* What is opened first; NULL: the file on the command line. */
	const char *path;
	int flags;
} calls[] = {
	{ "null", "null-call", parent_id, "/dev/null", O_RDONLY },
	{ "read", "read", read_byte, "/dev/zero", O_RDONLY },
	{ "write", "write", write_byte, "/dev/null", O_WRONLY },
	{ "stat", "stat", stat_file, NULL, O_RDONLY },
	{ "fstat", "fstat", fstat_file, NULL, O_RDONLY },
	{ "open", "open-close", open_close, NULL, O_RDONLY },
};

void probe_syscall(int argc, char **argv)
{
	size_t i;

	for (i = 0; argc > 0 && i < sizeof calls / sizeof *calls; i++) {
		struct call call = { calls[i].path, -1 };
		struct body body = { NULL, calls[i].repeat, NULL, &call };

		if (strcmp(argv[0], calls[i].word) != 0 || argc != (call.path == NULL ? 2 : 1))
			continue;
		if (call.path == NULL)
			call.path = argv[1];
		call.fd = open(call.path, calls[i].flags);
		if (call.fd < 0)
			die(call.path);
		report(calls[i].name, measure(&body));
		return;
	}
	errno = 0;
	die("expected null, read, write, stat FILE, fstat FILE or open FILE");
}
