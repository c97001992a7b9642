/* Address spaces: mapping a file, and the price of the first touch of a page. */
#define _GNU_SOURCE
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct area {
	int fd;
	int protection, flags;
	size_t bytes;
	char *at;
	/* Offset of every page, in random order. */
	size_t *order;
	size_t pages;
};

static void map(struct area *area)
{
	area->at = mmap(NULL, area->bytes, area->protection, area->flags, area->fd, 0);
	if (area->at == MAP_FAILED)
		die("mmap");
}

static int open_of_size(const char *path, int flags, size_t bytes)
{
	struct stat status;
	int fd = open(path, flags);

	if (fd < 0 || fstat(fd, &status) != 0)
		die(path);
	errno = 0;
	if (status.st_size < 0 || (size_t)status.st_size < bytes)
		die("the file is too small");
	return fd;
}

/* Map shared, write a byte every 16 KiB of the first tenth, unmap. */
static void map_and_write(long times, void *state)
{
	struct area *area = state;

	while (times-- > 0) {
		char *p, *end;

		map(area);
		end = area->at + area->bytes / 10;
		for (p = area->at; p < end; p += 16 << 10)
			*p = 1;
		munmap(area->at, area->bytes);
	}
}

void probe_mmap(int argc, char **argv)
{
	struct area area = { 0 };
	struct body body = { NULL, map_and_write, NULL, &area };
	char name[64];

	errno = 0;
	if (argc != 2)
		die("expected MIB FILE");
	area.bytes = (size_t)number_from(argv[0], 1, 1 << 20) << 20;
	area.fd = open_of_size(argv[1], O_RDWR, area.bytes);
	area.protection = PROT_READ | PROT_WRITE;
	area.flags = MAP_SHARED;
	snprintf(name, sizeof name, "mmap-%smb", argv[0]);
	report(name, measure(&body));
}

static void shuffle(void *state)
{
	struct area *area = state;
	size_t page = (size_t)sysconf(_SC_PAGESIZE), i;
	unsigned long long random = 0x9e3779b97f4a7c15ull;

	area->pages = area->bytes / page;
	area->order = malloc(area->pages * sizeof *area->order);
	if (area->order == NULL)
		die("no memory for the order of pages");
	for (i = 0; i < area->pages; i++)
		area->order[i] = i * page;
	for (i = area->pages - 1; i > 0; i--) {
		size_t other, offset;

		/* xorshift64: the same order in every run. */
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		other = random % (i + 1);
		offset = area->order[i];
		area->order[i] = area->order[other];
		area->order[other] = offset;
	}
	map(area);
	if ((area->flags & MAP_ANONYMOUS) != 0)
		madvise(area->at, area->bytes, MADV_NOHUGEPAGE);
}

static void renew(struct area *area)
{
	munmap(area->at, area->bytes);
	map(area);
	if ((area->flags & MAP_ANONYMOUS) != 0) {
		/* A fault a page: a huge page would serve 512 of them. Without huge pages in the kernel this fails. */
		madvise(area->at, area->bytes, MADV_NOHUGEPAGE);
	} else if (msync(area->at, area->bytes, MS_INVALIDATE) != 0) {
		die("msync");
	}
}

static void renew_only(long times, void *state)
{
	while (times-- > 0)
		renew(state);
}

static void read_pages(long times, void *state)
{
	struct area *area = state;
	int sum = 0;

	while (times-- > 0) {
		size_t i;

		for (i = 0; i < area->pages; i++)
			sum += *(area->at + area->order[i]);
		renew(area);
	}
	sink = sum;
}

static void write_pages(long times, void *state)
{
	struct area *area = state;

	while (times-- > 0) {
		size_t i;

		for (i = 0; i < area->pages; i++)
			*(area->at + area->order[i]) = 1;
		renew(area);
	}
}

/* Of a file as large as it is. */
static void use_file(struct area *area, const char *path)
{
	struct stat status;

	area->fd = open_of_size(path, O_RDONLY, 1 << 20);
	if (fstat(area->fd, &status) != 0)
		die(path);
	area->bytes = (size_t)status.st_size & ~((size_t)sysconf(_SC_PAGESIZE) - 1);
}

void probe_fault(int argc, char **argv)
{
	struct area area = { -1, PROT_READ, MAP_SHARED, 0, NULL, NULL, 0 };
	struct body mapping = { shuffle, renew_only, NULL, &area };
	struct body touching = { shuffle, read_pages, NULL, &area };
	const char *name = "page-fault";
	double cost;

	errno = 0;
	if (argc != 2)
		die("expected read FILE, write FILE or anonymous MIB");
	if (strcmp(argv[0], "read") != 0) {
		area.protection = PROT_READ | PROT_WRITE;
		area.flags = MAP_PRIVATE;
		touching.repeat = write_pages;
		name = "page-fault-write";
	}
	if (strcmp(argv[0], "anonymous") == 0) {
		area.flags |= MAP_ANONYMOUS;
		area.bytes = (size_t)number_from(argv[1], 1, 1 << 20) << 20;
		name = "page-fault-anonymous";
	} else {
		use_file(&area, argv[1]);
	}
	cost = measure(&mapping).median;
	report(name, net_of(measure(&touching), cost, area.bytes / (double)sysconf(_SC_PAGESIZE)));
}
