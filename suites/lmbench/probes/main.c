/* `bench-probe [-n SAMPLES] [-i INTERVAL_US] PROBE [ARG...]`: one measurement, one line on stdout. */
#include "probe.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct probe {
	const char *name;
	void (*run)(int argc, char **argv);
	const char *arguments;
} probes[] = {
	{ "process", probe_process, "fork | exec CHILD | sh CHILD" },
	{ "ctx", probe_context, "PROCESSES KIB" },
	{ "mmap", probe_mmap, "MIB FILE" },
	{ "fault", probe_fault, "read FILE | write FILE | anonymous MIB" },
	{ "syscall", probe_syscall, "null | read | write | stat FILE | fstat FILE | open FILE" },
	{ "select", probe_select, "file FILE COUNT | tcp COUNT" },
	{ "signal", probe_signal, "install | catch | prot FILE" },
	{ "exchange", probe_exchange, "pipe | unix | tcp | udp" },
	{ "connect", probe_connect, "" },
	{ "stream", probe_stream, "pipe | unix | tcp" },
	{ "reread", probe_reread, "MIB FILE" },
};

static void usage(void)
{
	size_t i;

	fprintf(stderr, "usage: bench-probe [-n SAMPLES] [-i INTERVAL_US] PROBE [ARG...]\n");
	for (i = 0; i < sizeof probes / sizeof *probes; i++)
		fprintf(stderr, "  %s %s\n", probes[i].name, probes[i].arguments);
	exit(2);
}

long number_from(const char *text, long low, long high)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || value < low || value > high) {
		fprintf(stderr, "bench-probe: expected a number from %ld to %ld, found %s\n", low, high, text);
		exit(2);
	}
	return value;
}

int main(int argc, char **argv)
{
	size_t i;
	int option;

	while ((option = getopt(argc, argv, "+n:i:")) != -1) {
		if (option == 'n')
			discipline.samples = (int)number_from(optarg, 1, 100000);
		else if (option == 'i')
			discipline.interval = 1e3 * number_from(optarg, 100, 100000000);
		else
			usage();
	}
	argc -= optind;
	argv += optind;
	for (i = 0; argc > 0 && i < sizeof probes / sizeof *probes; i++) {
		if (strcmp(argv[0], probes[i].name) == 0) {
			probes[i].run(argc - 1, argv + 1);
			return 0;
		}
	}
	usage();
	return 2;
}
