/* Making processes: fork and exit; fork and exec of a tiny program; the same through the shell. */
#include "probe.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * lmbench's processes consult the environment about their CPU before anything else. It costs a child the fault of
 * another page of the C library, 5 % of a fork: without it the figures could not be compared with lmbench's.
 */
static void consult_environment(void)
{
	if (getenv("BENCH_PROBE_REFUSE") != NULL)
		_exit(1);
}

static void await(pid_t pid)
{
	if (pid < 0)
		die("fork");
	if (waitpid(pid, NULL, 0) != pid)
		die("waitpid");
}

static void prepare(void *state)
{
	(void)state;
	consult_environment();
}

/* exit, not _exit: a process that ends in the ordinary way runs the C library's clean-up. */
static void fork_only(long times, void *state)
{
	(void)state;
	while (times-- > 0) {
		pid_t pid = fork();

		if (pid == 0) {
			consult_environment();
			exit(0);
		}
		await(pid);
	}
}

static void fork_exec(long times, void *state)
{
	char *argv[] = { state, NULL };
	char *environment[] = { NULL };

	while (times-- > 0) {
		pid_t pid = fork();

		if (pid == 0) {
			consult_environment();
			/* The child's greeting goes nowhere, at the same cost as anywhere. */
			close(1);
			execve(argv[0], argv, environment);
			_exit(127);
		}
		await(pid);
	}
}

static void fork_shell(long times, void *state)
{
	while (times-- > 0) {
		pid_t pid = fork();

		if (pid == 0) {
			consult_environment();
			close(1);
			execlp("/bin/sh", "sh", "-c", (char *)state, (char *)NULL);
			_exit(127);
		}
		await(pid);
	}
}

/* What cannot be executed would be timed as a fast fork. */
static void require_child(char *path, void (*run)(long, void *))
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		char *argv[] = { path, NULL };

		close(1);
		if (run == fork_exec)
			execve(path, argv, (char *[]){ NULL });
		else
			execlp("/bin/sh", "sh", "-c", path, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		die("fork");
	errno = 0;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		die("the child program cannot be executed");
}

void probe_process(int argc, char **argv)
{
	struct body body = { prepare, fork_only, NULL, NULL };
	const char *name = "fork-process";

	errno = 0;
	if (argc == 2 && strcmp(argv[0], "exec") == 0) {
		name = "exec-process";
		body.repeat = fork_exec;
	} else if (argc == 2 && strcmp(argv[0], "sh") == 0) {
		name = "sh-process";
		body.repeat = fork_shell;
	} else if (argc != 1 || strcmp(argv[0], "fork") != 0) {
		die("expected fork, exec CHILD or sh CHILD");
	}
	if (argc == 2) {
		body.state = argv[1];
		require_child(argv[1], body.repeat);
	}
	report(name, measure(&body));
}
