/* Round trips between two processes, and connections from one to the other. */
#include "channel.h"
#include "probe.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct exchange {
	const char *kind;
	/* A byte; for UDP the four bytes of a sequence number, as lmbench sends. */
	size_t bytes;
	struct end near, far;
	pid_t pid;
};

static void echo(void *state)
{
	struct exchange *exchange = state;
	char message[4];

	while (read(exchange->far.in, message, exchange->bytes) == (ssize_t)exchange->bytes)
		if (write(exchange->far.out, message, exchange->bytes) != (ssize_t)exchange->bytes)
			break;
}

static void there_and_back(long times, void *state)
{
	struct exchange *exchange = state;
	char message[4] = { 0 };

	while (times-- > 0)
		if (write(exchange->near.out, message, exchange->bytes) != (ssize_t)exchange->bytes ||
		    read(exchange->near.in, message, exchange->bytes) != (ssize_t)exchange->bytes)
			die("the partner went away");
}

static void pair_up(void *state)
{
	struct exchange *exchange = state;

	open_channel(exchange->kind, &exchange->near, &exchange->far);
	exchange->pid = partner(echo, exchange);
	there_and_back(1, exchange);
}

static void part(void *state)
{
	dismiss(((struct exchange *)state)->pid);
}

void probe_exchange(int argc, char **argv)
{
	struct exchange exchange = { argc == 1 ? argv[0] : "", 1, { 0, 0 }, { 0, 0 }, 0 };
	struct body body = { pair_up, there_and_back, part, &exchange };

	errno = 0;
	if (strcmp(exchange.kind, "udp") == 0)
		exchange.bytes = 4;
	report(strcmp(exchange.kind, "unix") == 0 ? "af-unix" : exchange.kind, measure(&body));
}

struct listener {
	struct sockaddr_in address;
	int fd;
	pid_t pid;
};

static void accept_all(void *state)
{
	struct listener *listener = state;
	char byte;
	int fd;

	while ((fd = accept(listener->fd, NULL, NULL)) >= 0) {
		/* Waits for the other end to close first, so that it keeps the port and not the server. */
		if (read(fd, &byte, 1) != 0)
			break;
		close(fd);
	}
}

static void start_listener(void *state)
{
	struct listener *listener = state;

	listener->fd = loopback_server(SOCK_STREAM, &listener->address);
	listener->pid = partner(accept_all, listener);
}

static void connect_and_close(long times, void *state)
{
	struct listener *listener = state;

	while (times-- > 0)
		close(loopback_client(SOCK_STREAM, &listener->address));
}

static void stop_listener(void *state)
{
	dismiss(((struct listener *)state)->pid);
}

void probe_connect(int argc, char **argv)
{
	struct listener listener;
	struct body body = { start_listener, connect_and_close, stop_listener, &listener };

	(void)argv;
	errno = 0;
	if (argc != 0)
		die("expected no argument");
	report("tcp-connect", measure(&body));
}
