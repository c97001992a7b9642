/* Pipes and sockets: making them, passing a byte to and fro, streaming through them, connecting. */
#include "channel.h"
#include "probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int loopback_server(int type, struct sockaddr_in *address)
{
	socklen_t length = sizeof *address;
	int fd = socket(AF_INET, type, 0);

	memset(address, 0, sizeof *address);
	address->sin_family = AF_INET;
	address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)address, sizeof *address) != 0)
		die("a socket on 127.0.0.1");
	/* On one CPU a client may connect many times before its server runs: a full queue would cost it a second. */
	if (type == SOCK_STREAM && listen(fd, SOMAXCONN) != 0)
		die("listen");
	if (getsockname(fd, (struct sockaddr *)address, &length) != 0)
		die("getsockname");
	return fd;
}

int loopback_client(int type, const struct sockaddr_in *address)
{
	int fd = socket(AF_INET, type, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)address, sizeof *address) != 0)
		die("connect to 127.0.0.1");
	return fd;
}

static void open_tcp(struct end *near, struct end *far)
{
	struct sockaddr_in address;
	int server = loopback_server(SOCK_STREAM, &address);

	near->in = near->out = loopback_client(SOCK_STREAM, &address);
	far->in = far->out = accept(server, NULL, NULL);
	if (far->in < 0)
		die("accept");
	close(server);
}

/* Two UDP sockets, each connected to the other. */
static void open_udp(struct end *near, struct end *far)
{
	struct sockaddr_in address, back;
	socklen_t length = sizeof back;

	far->in = far->out = loopback_server(SOCK_DGRAM, &address);
	near->in = near->out = loopback_client(SOCK_DGRAM, &address);
	if (getsockname(near->in, (struct sockaddr *)&back, &length) != 0 ||
	    connect(far->in, (struct sockaddr *)&back, length) != 0)
		die("connect the UDP sockets");
}

void open_channel(const char *kind, struct end *near, struct end *far)
{
	int there[2], back[2];

	if (strcmp(kind, "pipe") == 0) {
		if (pipe(there) != 0 || pipe(back) != 0)
			die("pipe");
		*near = (struct end){ back[0], there[1] };
		*far = (struct end){ there[0], back[1] };
	} else if (strcmp(kind, "unix") == 0) {
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, there) != 0)
			die("socketpair");
		*near = (struct end){ there[0], there[0] };
		*far = (struct end){ there[1], there[1] };
	} else if (strcmp(kind, "tcp") == 0) {
		open_tcp(near, far);
	} else if (strcmp(kind, "udp") == 0) {
		open_udp(near, far);
	} else {
		errno = 0;
		die("expected pipe, unix, tcp or udp");
	}
}
