/* Waiting for none of N descriptors, all of one file or of one TCP connection. */
#include "channel.h"
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <unistd.h>

struct watch {
	int fd, count;
	fd_set set;
};

static void fill(void *state)
{
	struct watch *watch = state;
	int i;

	FD_ZERO(&watch->set);
	for (i = 0; i < watch->count; i++) {
		int fd = dup(watch->fd);

		if (fd < 0 || fd >= FD_SETSIZE)
			die("too few descriptors");
		FD_SET(fd, &watch->set);
	}
}

/* select(2) gets N as its limit: the few descriptors above it, displaced by stdin and others, do not count. */
static void poll_once(long times, void *state)
{
	struct watch *watch = state;

	while (times-- > 0) {
		struct timeval none = { 0, 0 };
		fd_set writable = watch->set;

		select(watch->count, NULL, &writable, NULL, &none);
	}
}

void probe_select(int argc, char **argv)
{
	struct watch watch;
	struct body body = { fill, poll_once, NULL, &watch };
	struct end near, far;
	char name[64];

	errno = 0;
	if (argc == 3 && strcmp(argv[0], "file") == 0) {
		watch.fd = open(argv[1], O_RDONLY);
		if (watch.fd < 0)
			die(argv[1]);
		snprintf(name, sizeof name, "select-%s", argv[2]);
	} else if (argc == 2 && strcmp(argv[0], "tcp") == 0) {
		open_channel("tcp", &near, &far);
		watch.fd = near.in;
		snprintf(name, sizeof name, "select-tcp-%s", argv[1]);
	} else {
		die("expected file FILE COUNT or tcp COUNT");
	}
	watch.count = (int)number_from(argv[argc - 1], 5, FD_SETSIZE - 16);
	report(name, measure(&body));
}
