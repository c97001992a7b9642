/*
 * The project's own micro-benchmarks, for guests that have no lmbench. They measure what lmbench's tools of like names
 * measure, by the same methods, with code of their own. Times inside the program are nanoseconds (double).
 */
#ifndef PROBE_H
#define PROBE_H

#include <stddef.h>
#include <sys/types.h>

/* One operation to be timed. `begin` and `end` may be NULL; all run in a process forked for this one measurement. */
struct body {
	void (*begin)(void *state);
	/* Does the operation `times` times: the only part that is timed. */
	void (*repeat)(long times, void *state);
	void (*end)(void *state);
	void *state;
};

/* Nanoseconds an operation took: order statistics over `n` samples, each the mean of one timed interval. */
struct summary {
	double median, min, q1, q3, max;
	int n;
};

/* Set from the command line: samples a measurement takes, and the least length of an interval in nanoseconds. */
struct discipline {
	int samples;
	double interval;
};
extern struct discipline discipline;

struct summary measure(const struct body *body);

/* Subtracts a cost that was measured apart, then divides; dies when nothing remains. */
struct summary net_of(struct summary gross, double cost, double divisor);

/* Prints `probe NAME us MEDIAN n N min .. q1 .. q3 .. max ..`. */
void report(const char *name, struct summary summary);

/* The same in MB/s (MB = 10^6 bytes) for `bytes` moved by each operation. */
void report_bandwidth(const char *name, struct summary summary, double bytes);

/* Message, reason from errno when it is set, exit code 1. */
void die(const char *what) __attribute__((noreturn));

/* A whole number of the command line from `low` to `high`, or a usage error. */
long number_from(const char *text, long low, long high);

/* Forks a partner that dies with its parent; `serve` never returns to the caller of this function. */
pid_t partner(void (*serve)(void *state), void *state);
void dismiss(pid_t pid);

/* Keeps a value alive that only exists to be computed. */
extern volatile long sink;
/* Reads every word of a buffer, as a process does that uses its data. */
long sum_words(const void *data, size_t bytes);

/* Each takes what follows the probe's name on the command line. */
void probe_process(int argc, char **argv);
void probe_context(int argc, char **argv);
void probe_mmap(int argc, char **argv);
void probe_fault(int argc, char **argv);
void probe_syscall(int argc, char **argv);
void probe_select(int argc, char **argv);
void probe_signal(int argc, char **argv);
void probe_exchange(int argc, char **argv);
void probe_connect(int argc, char **argv);
void probe_stream(int argc, char **argv);
void probe_reread(int argc, char **argv);

#endif
