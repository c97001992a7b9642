/*
 * How every probe is timed: find a number of repetitions whose interval is long against the clock, then take N
 * intervals, each net of the cost of reading the clock and of the loop itself, and report their median and spread.
 */
#include "probe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

struct discipline discipline = { 11, 20e6 };
volatile long sink;

void die(const char *what)
{
	if (errno != 0)
		fprintf(stderr, "bench-probe: %s: %s\n", what, strerror(errno));
	else
		fprintf(stderr, "bench-probe: %s\n", what);
	_exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

/* The least that two readings of the clock lie apart. */
static double clock_cost(void)
{
	double least = 1e9;
	int i;

	for (i = 0; i < 1000; i++) {
		double start = now();
		double cost = now() - start;

		if (cost < least)
			least = cost;
	}
	return least;
}

static void empty(long times, void *state)
{
	(void)state;
	while (times-- > 0)
		__asm__ volatile("" ::: "memory");
}

static double interval_of(const struct body *body, long times, double clock)
{
	double start = now();

	body->repeat(times, body->state);
	return now() - start - clock;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Fills `samples`, ascending, with nanoseconds an operation, each from an interval of at least `wanted` or so. */
static void take(const struct body *body, double loop, int n, double wanted, double *samples)
{
	double clock = clock_cost();
	long times = 1;
	int taken = 0;

	while (taken < n) {
		double length = interval_of(body, times, clock);

		if (length >= 0.95 * wanted)
			samples[taken++] = length / times - loop;
		if (length >= 0.99 * wanted && length <= 1.2 * wanted)
			continue;
		if (length > 50e3)
			times = (long)(1.1 * wanted * times / length) + 1;
		else if (times < 1L << 40)
			times *= 8;
		else
			die("the operation takes no time that can be measured");
	}
	qsort(samples, n, sizeof *samples, ascending);
}

/* What one turn of a loop costs that does nothing. */
static double loop_cost(void)
{
	struct body loop = { NULL, empty, NULL, NULL };
	double samples[5];

	take(&loop, 0, 5, 1e6, samples);
	return samples[0];
}

/* Linear interpolation between order statistics (Hyndman and Fan's type 7). */
static double quantile(const double *sorted, int n, double p)
{
	double at = p * (n - 1);
	int below = (int)at;

	return below + 1 < n ? sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]) : sorted[n - 1];
}

static void measure_here(const struct body *body, int out)
{
	double *samples = malloc(discipline.samples * sizeof *samples);
	double loop = loop_cost();
	struct summary s;
	int n = discipline.samples;

	if (samples == NULL)
		die("no memory for the samples");
	if (body->begin != NULL)
		body->begin(body->state);
	take(body, loop, n, discipline.interval, samples);
	if (body->end != NULL)
		body->end(body->state);
	s.n = n;
	s.min = samples[0];
	s.q1 = quantile(samples, n, 0.25);
	s.median = quantile(samples, n, 0.5);
	s.q3 = quantile(samples, n, 0.75);
	s.max = samples[n - 1];
	if (write(out, &s, sizeof s) != (ssize_t)sizeof s)
		die("cannot hand back a result");
}

/* A child must not outlive its parent: the harness may kill the parent at any time. */
static void die_with_parent(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
		die("prctl");
	if (getppid() != parent)
		_exit(1);
}

struct summary measure(const struct body *body)
{
	pid_t self = getpid(), pid;
	struct summary s;
	int ends[2], status;
	ssize_t got;

	if (pipe(ends) != 0)
		die("pipe");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		close(ends[0]);
		die_with_parent(self);
		measure_here(body, ends[1]);
		_exit(0);
	}
	close(ends[1]);
	got = read(ends[0], &s, sizeof s);
	close(ends[0]);
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	/* The child has already printed why. */
	if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
		_exit(1);
	errno = 0;
	if (WIFSIGNALED(status) || got != (ssize_t)sizeof s)
		die("the measuring process was killed");
	return s;
}

struct summary net_of(struct summary s, double cost, double divisor)
{
	errno = 0;
	if (s.median <= cost)
		die("the operation took no longer than its overhead, which was measured apart");
	s.median = (s.median - cost) / divisor;
	s.min = (s.min - cost) / divisor;
	s.q1 = (s.q1 - cost) / divisor;
	s.q3 = (s.q3 - cost) / divisor;
	s.max = (s.max - cost) / divisor;
	return s;
}

static void print_line(const char *name, const char *unit, struct summary s)
{
	printf("probe %s %s %.6f n %d min %.6f q1 %.6f q3 %.6f max %.6f\n", name, unit, s.median, s.n, s.min, s.q1, s.q3,
	       s.max);
	if (fflush(stdout) != 0)
		die("cannot write the result");
}

void report(const char *name, struct summary s)
{
	print_line(name, "us", net_of(s, 0, 1e3));
}

void report_bandwidth(const char *name, struct summary s, double bytes)
{
	/* Bytes per nanosecond are thousands of MB a second; the longest time is the least bandwidth. */
	struct summary rate = { bytes * 1e3 / s.median, bytes * 1e3 / s.max, bytes * 1e3 / s.q3, bytes * 1e3 / s.q1,
				bytes * 1e3 / s.min, s.n };

	print_line(name, "MB/s", rate);
}

pid_t partner(void (*serve)(void *), void *state)
{
	pid_t self = getpid(), pid = fork();

	if (pid < 0)
		die("fork");
	if (pid > 0)
		return pid;
	die_with_parent(self);
	serve(state);
	_exit(0);
}

void dismiss(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

#define FOUR(p, i) (p)[i] + (p)[(i) + 1] + (p)[(i) + 2] + (p)[(i) + 3]
#define SIXTEEN(p, i) FOUR(p, i) + FOUR(p, (i) + 4) + FOUR(p, (i) + 8) + FOUR(p, (i) + 12)
#define SIXTY_FOUR(p, i) SIXTEEN(p, i) + SIXTEEN(p, (i) + 16) + SIXTEEN(p, (i) + 32) + SIXTEEN(p, (i) + 48)

long sum_words(const void *data, size_t bytes)
{
	const long *p = data, *end = p + bytes / sizeof(long);
	long sum = 0;

	for (; end - p >= 128; p += 128)
		sum += SIXTY_FOUR(p, 0) + SIXTY_FOUR(p, 64);
	for (; p < end; p++)
		sum += *p;
	return sum;
}
