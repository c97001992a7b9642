/* Two ends of something that carries bytes between two processes. */
#ifndef CHANNEL_H
#define CHANNEL_H

#include <netinet/in.h>

/* Pipes need two descriptors an end; for sockets both are the same. */
struct end {
	int in, out;
};

/* A TCP or UDP socket of the loopback interface; `address` becomes its address, on a port that was free. */
int loopback_server(int type, struct sockaddr_in *address);
int loopback_client(int type, const struct sockaddr_in *address);

/* Makes a `pipe`, `unix` or `tcp` channel. */
void open_channel(const char *kind, struct end *near, struct end *far);

#endif
