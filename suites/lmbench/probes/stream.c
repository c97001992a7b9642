/* Bandwidth: through pipes and sockets, and of reading a file again that is in the page cache. */
#include "channel.h"
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK (64 << 10)
#define TCP_BLOCK (10 << 20)

struct stream {
	const char *kind;
	size_t block, bytes;
	struct end near, far;
	pid_t pid;
	char *buffer;
};

static char *block_of(size_t bytes)
{
	void *block;

	errno = posix_memalign(&block, (size_t)sysconf(_SC_PAGESIZE), bytes);
	if (errno != 0)
		die("no memory for a buffer");
	memset(block, 0, bytes);
	return block;
}

static void pour(void *state)
{
	struct stream *stream = state;
	char *block = block_of(stream->block);

	signal(SIGPIPE, SIG_DFL);
	while (write(stream->far.out, block, stream->block) > 0)
		;
}

static void start_pouring(void *state)
{
	struct stream *stream = state;

	open_channel(stream->kind, &stream->near, &stream->far);
	stream->buffer = block_of(stream->block);
	stream->pid = partner(pour, stream);
}

static void drain(long times, void *state)
{
	struct stream *stream = state;

	while (times-- > 0) {
		size_t left = stream->bytes;

		while (left > 0) {
			ssize_t got = read(stream->near.in, stream->buffer, left < stream->block ? left : stream->block);

			if (got <= 0)
				die("the stream ended");
			left -= (size_t)got;
		}
	}
}

static void stop_pouring(void *state)
{
	dismiss(((struct stream *)state)->pid);
}

void probe_stream(int argc, char **argv)
{
	struct stream stream = { argc == 1 ? argv[0] : "", BLOCK, 10 << 20, { 0, 0 }, { 0, 0 }, 0, NULL };
	struct body body = { start_pouring, drain, stop_pouring, &stream };
	char name[32];

	errno = 0;
	if (strcmp(stream.kind, "pipe") != 0 && strcmp(stream.kind, "unix") != 0 && strcmp(stream.kind, "tcp") != 0)
		die("expected pipe, unix or tcp");
	if (strcmp(stream.kind, "tcp") == 0)
		stream.block = TCP_BLOCK;
	snprintf(name, sizeof name, "bw-%s", stream.kind);
	if (strcmp(stream.kind, "unix") == 0)
		strcpy(name, "bw-af-unix");
	if (strcmp(stream.kind, "tcp") == 0)
		strcpy(name, "bw-tcp-10mb");
	report_bandwidth(name, measure(&body), (double)stream.bytes);
}

struct file {
	int fd;
	size_t bytes;
	char *buffer;
};

/* Reads the file from its beginning by blocks and sums each, as a program that uses what it reads. */
static void read_again(long times, void *state)
{
	struct file *file = state;

	while (times-- > 0) {
		size_t left = file->bytes;

		if (lseek(file->fd, 0, SEEK_SET) != 0)
			die("lseek");
		while (left > 0) {
			ssize_t got = read(file->fd, file->buffer, BLOCK);

			if (got <= 0)
				die("the file is too small");
			sum_words(file->buffer, (size_t)got);
			left -= (size_t)got < left ? (size_t)got : left;
		}
	}
}

void probe_reread(int argc, char **argv)
{
	struct file file;
	struct body body = { NULL, read_again, NULL, &file };
	char name[64];

	errno = 0;
	if (argc != 2)
		die("expected MIB FILE");
	file.bytes = (size_t)number_from(argv[0], 1, 1 << 20) << 20;
	file.fd = open(argv[1], O_RDONLY);
	if (file.fd < 0)
		die(argv[1]);
	file.buffer = block_of(BLOCK);
	snprintf(name, sizeof name, "bw-file-read-%smb", argv[0]);
	report_bandwidth(name, measure(&body), (double)file.bytes);
}
