/* Signals: installing a handler, catching one, and catching the fault of a write to a read-only page. */
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void ignore(int signal)
{
	(void)signal;
}

static void install_handler(int signal, void (*handler)(int))
{
	struct sigaction action, before;

	action.sa_handler = handler;
	sigemptyset(&action.sa_mask);
	action.sa_flags = 0;
	sigaction(signal, &action, &before);
}

static void install(long times, void *state)
{
	(void)state;
	while (times-- > 0)
		install_handler(SIGUSR1, ignore);
}

/* Does everything that sending a signal costs, and sends none. */
static void send_none(long times, void *state)
{
	pid_t self = getpid();

	(void)state;
	while (times-- > 0)
		kill(self, 0);
}

static void send_and_catch(long times, void *state)
{
	pid_t self = getpid();

	(void)state;
	install_handler(SIGUSR1, ignore);
	while (times-- > 0)
		kill(self, SIGUSR1);
}

static volatile long faults, wanted;
static sigjmp_buf enough;

/* Returning tries the write again, and faults again. */
static void count_fault(int signal)
{
	(void)signal;
	if (++faults >= wanted)
		siglongjmp(enough, 1);
}

static void write_protected(long times, void *state)
{
	volatile char *page = state;

	faults = 0;
	wanted = times;
	if (sigsetjmp(enough, 1) == 0)
		*page = 1;
}

static void catch_faults(void *state)
{
	(void)state;
	install_handler(SIGSEGV, count_fault);
	install_handler(SIGBUS, count_fault);
}

static struct summary catching(void)
{
	struct body sending = { NULL, send_none, NULL, NULL };
	struct body both = { NULL, send_and_catch, NULL, NULL };
	double cost = measure(&sending).median;

	return net_of(measure(&both), cost, 1);
}

/* The fault less an ordinary catch, which it includes. */
static void protection_fault(const char *path)
{
	int fd = open(path, O_RDONLY);
	void *page = fd < 0 ? MAP_FAILED : mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	struct body body = { catch_faults, write_protected, NULL, page };
	double cost;

	if (page == MAP_FAILED)
		die(path);
	cost = catching().median;
	report("protection-fault", net_of(measure(&body), cost, 1));
}

void probe_signal(int argc, char **argv)
{
	struct body installing = { NULL, install, NULL, NULL };

	errno = 0;
	if (argc == 1 && strcmp(argv[0], "install") == 0)
		report("signal-install", measure(&installing));
	else if (argc == 1 && strcmp(argv[0], "catch") == 0)
		report("signal-catch", catching());
	else if (argc == 2 && strcmp(argv[0], "prot") == 0)
		protection_fault(argv[1]);
	else
		die("expected install, catch or prot FILE");
}
