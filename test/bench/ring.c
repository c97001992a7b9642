/*
 * ring MEMBERS PAGES LINES processes|threads LAPS: members in a ring of pipes pass a byte around on the CPU that they
 * are pinned to; each reads LINES cache lines (64 bytes) of each of PAGES pages (4096 bytes) of its own memory when it
 * has the byte. Prints the CPU time per pass in microseconds: the
 * members' own clocks (CLOCK_THREAD_CPUTIME_ID), so other programs on the CPU do not count, except for what they push
 * out of the caches. Two laps before warm up.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_MEMBERS = 1024, WARM_LAPS = 2, PAGE = 4096, LINE = 64 };

static int pipes[MAX_MEMBERS][2];
static int members, laps;
static int pages, lines;
static double *spent;

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static void *pass(void *argument)
{
	int self = (int)(long)argument, next = (self + 1) % members;
	size_t bytes = (size_t)(pages + 1) * PAGE;
	volatile char *own = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char token = 0;
	double begin = 0;
	if (own == MAP_FAILED)
		exit(1);
	/* Not one huge page: a process of many small objects has many small pages. */
	madvise((void *)own, bytes, MADV_NOHUGEPAGE);
	for (size_t at = 0; at < bytes; at += LINE)
		own[at] = 1;
	for (int lap = 0; lap < laps + WARM_LAPS; lap++) {
		if (lap == WARM_LAPS)
			begin = now();
		if (!(self == 0 && lap == 0) && read(pipes[self][0], &token, 1) != 1)
			exit(1);
		/* Lines far apart, which no prefetcher foresees; other lines in each page, so that all sets are used. */
		for (int page = 0; page < pages; page++)
			for (int line = 0; line < lines; line++)
				(void)own[page * PAGE + ((page * 7 + line * 11) * LINE) % PAGE];
		if (write(pipes[next][1], &token, 1) != 1)
			exit(1);
	}
	spent[self] = now() - begin;
	return NULL;
}

int main(int argc, char **argv)
{
	if (argc != 6 || (members = atoi(argv[1])) < 2 || members > MAX_MEMBERS || (laps = atoi(argv[5])) < 1) {
		fprintf(stderr, "usage: ring MEMBERS PAGES LINES processes|threads LAPS\n");
		return 2;
	}
	pages = atoi(argv[2]);
	lines = atoi(argv[3]);
	spent = mmap(NULL, MAX_MEMBERS * sizeof *spent, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (spent == MAP_FAILED)
		return 1;
	for (int i = 0; i < members; i++)
		if (pipe(pipes[i]) != 0)
			return 1;
	int failed = 0;
	if (strcmp(argv[4], "threads") == 0) {
		pthread_t threads[MAX_MEMBERS];
		for (long i = 0; i < members; i++)
			if (pthread_create(&threads[i], NULL, pass, (void *)i) != 0)
				return 1;
		for (int i = 0; i < members; i++)
			pthread_join(threads[i], NULL);
	} else {
		for (long i = 1; i < members; i++)
			if (fork() == 0) {
				pass((void *)i);
				_exit(0);
			}
		pass((void *)0);
		int status;
		while (wait(&status) > 0)
			failed |= status;
	}
	double sum = 0;
	for (int i = 0; i < members; i++)
		sum += spent[i];
	if (failed)
		return 1;
	printf("us-per-pass %.4f\n", sum / ((double)members * laps));
	return 0;
}
