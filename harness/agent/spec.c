/*
 * DIR/spec is a list of KEY=VALUE tokens, each ended by a NUL byte. spec.ts writes it. First bench-spec=1, then
 *   cpu=N            once for each CPU to pin to; none: no pinning
 *   ready=MS         how long to wait for the start instant
 *   scratch=PATH     a directory made at the start and removed at the end; the working directory of steps without a cwd
 *   output=BYTES     the limit of each output stream of a step
 *   home=N           wait for the start instant on this CPU, so that agents that share CPUs wake on different ones
 *   spin=1           spin through the last 50 us before the start instant
 *   hold=MS          how long to delay the cleanup until DIR/finish exists, as other guests may still measure
 * then for each step, step=NAME first:
 *   phase=prepare|measure|cleanup   limit=MS   onFailure=abort|continue   cwd=PATH   stdin=FILE (relative to DIR)
 *   keep=1           what the step leaves running is killed after the cleanup steps
 *   env=NAME=VALUE, arg=VALUE       once for each
 * and end= last, which shows that the file is complete.
 */
#define _GNU_SOURCE
#include "spec.h"
#include <ctype.h>
#include <fcntl.h>
#include <sys/stat.h>

const char *const PHASES[] = {"prepare", "measure", "cleanup"};
struct spec spec = {.ready_limit = 60 * SECOND, .output_limit = 8 << 20, .home = -1};

static void append(char ***list, char *value)
{
    size_t n = 0;
    while (*list && (*list)[n]) n++;
    *list = grown(*list, (n + 2) * sizeof **list);
    (*list)[n] = value;
    (*list)[n + 1] = NULL;
}

static int choice(const char *text, const char *const names[], int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(text, names[i]) == 0) return i;
    die("spec: bad value %.40s", text);
}

static struct step *new_step(char *name)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (length == 0 || length > 64 || name[length]) die("spec: bad step name");
    for (int i = 0; i < spec.count; i++)
        if (strcmp(spec.steps[i].name, name) == 0) die("spec: two steps are named %s", name);
    spec.steps = grown(spec.steps, (spec.count + 1) * sizeof *spec.steps);
    struct step *step = &spec.steps[spec.count++];
    *step = (struct step){.name = name, .cpu_first = -1, .cpu_last = -1, .phase = -1};
    append(&step->env, NULL);
    return step;
}

static bool set_global(const char *key, char *value)
{
    if (strcmp(key, "cpu") == 0) CPU_SET(number(value, CPU_SETSIZE - 1), &spec.cpus);
    else if (strcmp(key, "ready") == 0) spec.ready_limit = number(value, 1LL << 40) * MILLISECOND;
    else if (strcmp(key, "scratch") == 0) spec.scratch = value;
    else if (strcmp(key, "output") == 0) spec.output_limit = number(value, 1LL << 40);
    else if (strcmp(key, "home") == 0) spec.home = (int)number(value, CPU_SETSIZE - 1);
    else if (strcmp(key, "spin") == 0) spec.spin = number(value, 1);
    else if (strcmp(key, "hold") == 0) spec.hold = number(value, 1LL << 40) * MILLISECOND;
    else return false;
    return true;
}

static bool set_of_step(struct step *step, const char *key, char *value)
{
    static const char *const on_failure[] = {"abort", "continue"};
    if (strcmp(key, "phase") == 0) step->phase = choice(value, PHASES, 3);
    else if (strcmp(key, "limit") == 0) step->limit = number(value, 1LL << 40) * MILLISECOND;
    else if (strcmp(key, "onFailure") == 0) step->continues = choice(value, on_failure, 2);
    else if (strcmp(key, "keep") == 0) step->keep = number(value, 1);
    else if (strcmp(key, "cwd") == 0) step->cwd = value;
    else if (strcmp(key, "stdin") == 0) step->input = value;
    else if (strcmp(key, "env") == 0) append(&step->env, value);
    else if (strcmp(key, "arg") == 0) append(&step->argv, value);
    else return false;
    return true;
}

/* Reads DIR/spec into `spec`, or ends with a message. */
void read_spec(void)
{
    struct stat info;
    int file = open_private("spec", O_RDONLY | O_NOFOLLOW, 0);
    if (file < 0 || fstat(file, &info) < 0) die("spec: %s", strerror(errno));
    if (!S_ISREG(info.st_mode) || info.st_size > 16 << 20) die("spec: not a file of at most 16 MiB");
    char *text = grown(NULL, info.st_size + 1), *next, *end = text + info.st_size;
    if (read(file, text, info.st_size) != info.st_size || info.st_size == 0 || end[-1]) die("spec: cut short");
    close(file);
    struct step *step = NULL;
    bool ended = false;
    for (char *key = text; key < end; key = next) {
        next = key + strlen(key) + 1;
        char *value = strchr(key, '=');
        if (!value || ended) die("spec: bad token %.40s", key);
        *value++ = 0;
        if (key == text && (strcmp(key, "bench-spec") || strcmp(value, "1"))) die("spec: expected bench-spec=1");
        if (key == text) continue;
        if (strcmp(key, "end") == 0) ended = true;
        else if (strcmp(key, "step") == 0) step = new_step(value);
        else if (!(step ? set_of_step(step, key, value) : set_global(key, value))) die("spec: unknown key %.40s", key);
    }
    if (!ended) die("spec: cut short");
    if (spec.scratch && spec.scratch[0] != '/') die("spec: scratch must be an absolute path");
    for (struct step *s = spec.steps; s < spec.steps + spec.count; s++)
        if (s->phase < 0 || !s->limit || !s->argv) die("spec: step %s lacks a phase, a limit or a program", s->name);
}

/* The file of a step's stdout or stderr, in `name`. */
const char *output_name(const struct step *step, bool errors, char name[80])
{
    snprintf(name, 80, "%s.%s", step->name, errors ? "err" : "out");
    return name;
}
