/*
 * Context switches: P processes in a ring of pipes pass a token, and each sums S KiB of its own when it has it. The
 * result is the time of one hop, less what one process needs for the same write, read and sum by itself.
 */
#include "probe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST 512

struct ring {
	int processes;
	size_t bytes;
	void *data;
	int pipes[MOST][2];
	pid_t pids[MOST];
	/* The member that `serve` plays. */
	int member;
};

static void *own_data(size_t bytes)
{
	void *data = bytes > 0 ? malloc(bytes) : NULL;

	if (bytes > 0 && data == NULL)
		die("no memory for a process's data");
	if (data != NULL)
		memset(data, 0, bytes);
	return data;
}

static void pass(int fd)
{
	int token = 1;

	if (write(fd, &token, sizeof token) != (ssize_t)sizeof token)
		die("write to a pipe of the ring");
}

static void take_token(int fd)
{
	int token;

	if (read(fd, &token, sizeof token) != (ssize_t)sizeof token)
		die("read from a pipe of the ring");
}

static void make_pipes(void *state)
{
	struct ring *ring = state;
	int i;

	ring->data = own_data(ring->bytes);
	for (i = 0; i < ring->processes; i++)
		if (pipe(ring->pipes[i]) != 0)
			die("pipe");
}

/* The overhead: the same calls and the same sum, with nobody to switch to; all pipes in turn, as in the ring. */
static void alone(long times, void *state)
{
	struct ring *ring = state;
	int at = 0;

	while (times-- > 0) {
		pass(ring->pipes[at][1]);
		take_token(ring->pipes[at][0]);
		if (++at == ring->processes)
			at = 0;
		sum_words(ring->data, ring->bytes);
	}
}

static void serve(void *state)
{
	struct ring *ring = state;
	int from = ring->pipes[ring->member - 1][0], to = ring->pipes[ring->member][1], i;
	void *data = own_data(ring->bytes);

	for (i = 0; i < ring->processes; i++) {
		if (i != ring->member - 1)
			close(ring->pipes[i][0]);
		if (i != ring->member)
			close(ring->pipes[i][1]);
	}
	for (;;) {
		take_token(from);
		sum_words(data, ring->bytes);
		pass(to);
	}
}

static void around(long times, void *state)
{
	struct ring *ring = state;

	while (times-- > 0) {
		pass(ring->pipes[0][1]);
		take_token(ring->pipes[ring->processes - 1][0]);
		sum_words(ring->data, ring->bytes);
	}
}

static void make_ring(void *state)
{
	struct ring *ring = state;

	make_pipes(ring);
	for (ring->member = 1; ring->member < ring->processes; ring->member++)
		ring->pids[ring->member] = partner(serve, ring);
	/* Once around, so that everybody is there before the clock runs. */
	pass(ring->pipes[0][1]);
	take_token(ring->pipes[ring->processes - 1][0]);
}

static void break_ring(void *state)
{
	struct ring *ring = state;
	int i;

	for (i = 1; i < ring->processes; i++)
		dismiss(ring->pids[i]);
}

void probe_context(int argc, char **argv)
{
	static struct ring ring;
	struct body overhead = { make_pipes, alone, NULL, &ring };
	struct body passing = { make_ring, around, break_ring, &ring };
	char name[64];
	double cost;

	errno = 0;
	if (argc != 2)
		die("expected PROCESSES KIB");
	ring.processes = (int)number_from(argv[0], 2, MOST);
	ring.bytes = 1024 * (size_t)number_from(argv[1], 0, 1 << 20);
	snprintf(name, sizeof name, "ctx-%sp-%sk", argv[0], argv[1]);
	cost = measure(&overhead).median;
	report(name, net_of(measure(&passing), cost * ring.processes, ring.processes));
}
