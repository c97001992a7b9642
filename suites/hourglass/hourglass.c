/*
 * hourglass: records when it ran. On each of some CPUs a thread reads CLOCK_MONOTONIC without pause; where two readings lie
 * further apart than a threshold, something else had the CPU. After a fixed time it prints as JSON when it ran.
 *   hourglass --cpus 0,1 --seconds 60 [--threshold-us 20] [--slot-ms 10] [--trace FILE]
 * All times are in ns. `slots` is the time that it ran in each piece of `slotNs` of the clock, the first of which begins at
 * `slotsFromNs`, a multiple of `slotNs`: any window of time can be summed up afterwards, whenever a thread began. A trace
 * has a line `CPU FROM TO` for each interval in which it ran.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

typedef int64_t ns_t;
#define SECOND 1000000000LL
#define MAX_WORKERS 1024
/* Gaps that are kept for each second, 16 bytes each: timers interrupt up to 1000 times. Lost ones are counted. */
#define GAPS_PER_SECOND 4000LL

struct gap { ns_t from, to; };

static struct worker {
    pthread_t thread;
    int cpu;
    struct gap *gaps;
    long long count, lost, polls;
    ns_t first, last, cpu_clock;
    long voluntary, involuntary;
    char error[128];
} workers[MAX_WORKERS];

static int worker_count;
static long long room;
static ns_t threshold = 20000, slot = 10000000, duration, end;

__attribute__((noreturn, format(printf, 1, 2))) static void die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("hourglass: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    exit(1);
}

static inline ns_t read_clock(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * SECOND + time.tv_nsec;
}

/* The measurement. No memory is touched for the first time in it, and nothing is called but the clock. */
static void watch(struct worker *w)
{
    struct gap *gaps = w->gaps;
    long long count = 0, lost = 0, polls = 0;
    ns_t first = read_clock(CLOCK_MONOTONIC), previous = first;
    while (previous < end) {
        ns_t now = read_clock(CLOCK_MONOTONIC);
        polls++;
        if (now - previous > threshold) {
            if (count < room) gaps[count++] = (struct gap){previous, now};
            else lost++;
        }
        previous = now;
    }
    w->first = first, w->last = previous;
    w->count = count, w->lost = lost, w->polls = polls;
}

static void *work(void *argument)
{
    struct worker *w = argument;
    struct rusage before, after;
    cpu_set_t own;
    CPU_ZERO(&own);
    CPU_SET(w->cpu, &own);
    if (sched_setaffinity(0, sizeof own, &own) < 0 || sched_getcpu() != w->cpu) {
        snprintf(w->error, sizeof w->error, "cannot run on CPU %d: %s", w->cpu, strerror(errno));
        return NULL;
    }
    getrusage(RUSAGE_THREAD, &before);
    ns_t clock = read_clock(CLOCK_THREAD_CPUTIME_ID);
    watch(w);
    w->cpu_clock = read_clock(CLOCK_THREAD_CPUTIME_ID) - clock;
    getrusage(RUSAGE_THREAD, &after);
    w->voluntary = after.ru_nvcsw - before.ru_nvcsw;
    w->involuntary = after.ru_nivcsw - before.ru_nivcsw;
    return NULL;
}

/* What remains of the time from `first` to `end` between the gaps, oldest first; false once there is no more. */
static bool next_run(const struct worker *w, long long *index, ns_t *from, ns_t *to)
{
    while (*index <= w->count) {
        long long i = (*index)++;
        *from = i ? w->gaps[i - 1].to : w->first;
        *to = i < w->count ? w->gaps[i].from : end;
        if (*to > *from) return true;
    }
    return false;
}

static void print_worker(const struct worker *w, FILE *trace)
{
    long long histogram[64] = {0}, intervals = 0, index = 0;
    ns_t from, to, run = 0, longest = 0, slots_from = w->first / slot * slot;
    size_t slots = (size_t)((end - slots_from + slot - 1) / slot);
    ns_t *ran = calloc(slots, sizeof *ran);
    if (!ran) die("out of memory");
    while (next_run(w, &index, &from, &to)) {
        intervals++;
        run += to - from;
        if (trace) fprintf(trace, "%d %" PRId64 " %" PRId64 "\n", w->cpu, from, to);
        while (from < to) {
            size_t at = (size_t)((from - slots_from) / slot);
            ns_t border = slots_from + (ns_t)(at + 1) * slot, part = border < to ? border : to;
            ran[at] += part - from;
            from = part;
        }
    }
    for (long long i = 0; i < w->count; i++) {
        ns_t length = (w->gaps[i].to < end ? w->gaps[i].to : end) - w->gaps[i].from;
        int bucket = 0;
        while (length >> (bucket + 1)) bucket++;
        histogram[bucket]++;
        if (length > longest) longest = length;
    }
    printf("{\"cpu\":%d,\"firstNs\":\"%" PRId64 "\",\"lastNs\":\"%" PRId64 "\",\"wallNs\":%" PRId64, w->cpu, w->first,
           w->last, end - w->first);
    printf(",\"runNs\":%" PRId64 ",\"cpuClockNs\":%" PRId64 ",\"intervals\":%lld,\"gaps\":%lld,\"lost\":%lld", run,
           w->cpu_clock, intervals, w->count, w->lost);
    printf(",\"longestGapNs\":%" PRId64 ",\"polls\":%lld,\"voluntarySwitches\":%ld,\"involuntarySwitches\":%ld", longest,
           w->polls, w->voluntary, w->involuntary);
    printf(",\"gapsByLog2Ns\":[");
    const char *comma = "";
    for (int i = 0; i < 64; i++) {
        if (!histogram[i]) continue;
        printf("%s[%d,%lld]", comma, i, histogram[i]);
        comma = ",";
    }
    printf("],\"slotsFromNs\":\"%" PRId64 "\",\"slots\":[", slots_from);
    for (size_t i = 0; i < slots; i++) printf("%s%" PRId64, i ? "," : "", ran[i]);
    printf("]}");
    free(ran);
}

static long long read_number(const char *option, const char *text, long long least, long long most)
{
    char *rest;
    errno = 0;
    long long number = strtoll(text, &rest, 10);
    if (errno || rest == text || *rest || number < least || number > most)
        die("%s: expected a number from %lld to %lld, found %.40s", option, least, most, text);
    return number;
}

static void read_cpus(char *list)
{
    for (char *rest, *item = strtok_r(list, ",", &rest); item; item = strtok_r(NULL, ",", &rest)) {
        if (worker_count == MAX_WORKERS) die("--cpus: expected at most %d", MAX_WORKERS);
        workers[worker_count++].cpu = (int)read_number("--cpus", item, 0, CPU_SETSIZE - 1);
    }
}

int main(int argc, char **argv)
{
    FILE *trace = NULL;
    for (int i = 1; i < argc; i += 2) {
        const char *option = argv[i];
        if (i + 1 == argc) die("%.40s: expected a value", option);
        if (!strcmp(option, "--cpus")) read_cpus(argv[i + 1]);
        else if (!strcmp(option, "--seconds")) duration = read_number(option, argv[i + 1], 1, 3600) * SECOND;
        else if (!strcmp(option, "--threshold-us")) threshold = read_number(option, argv[i + 1], 1, 100000) * 1000;
        else if (!strcmp(option, "--slot-ms")) slot = read_number(option, argv[i + 1], 1, 1000) * 1000000;
        else if (strcmp(option, "--trace")) die("unknown option %.40s", option);
        else if (!(trace = fopen(argv[i + 1], "we"))) die("%.200s: %s", argv[i + 1], strerror(errno));
    }
    if (!worker_count || !duration) die("--cpus and --seconds are needed");
    room = duration / SECOND * GAPS_PER_SECOND;
    for (int i = 0; i < worker_count; i++) {
        workers[i].gaps = mmap(NULL, (size_t)room * sizeof(struct gap), PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
        if (workers[i].gaps == MAP_FAILED) die("no memory for %lld gaps: %s", room, strerror(errno));
    }
    ns_t start = read_clock(CLOCK_MONOTONIC);
    end = start + duration;
    for (int i = 1; i < worker_count; i++) {
        int code = pthread_create(&workers[i].thread, NULL, work, &workers[i]);
        if (code) die("cannot start a thread: %s", strerror(code));
    }
    work(&workers[0]);
    for (int i = 1; i < worker_count; i++) pthread_join(workers[i].thread, NULL);
    for (int i = 0; i < worker_count; i++) {
        if (workers[i].error[0]) die("%s", workers[i].error);
        if (workers[i].first >= end) die("CPU %d: never ran in its time", workers[i].cpu);
    }
    printf("{\"format\":\"hourglass/1\",\"thresholdNs\":%" PRId64 ",\"slotNs\":%" PRId64, threshold, slot);
    printf(",\"startNs\":\"%" PRId64 "\",\"endNs\":\"%" PRId64 "\",\"workers\":[\n", start, end);
    for (int i = 0; i < worker_count; i++) {
        print_worker(&workers[i], trace);
        printf("%s\n", i + 1 < worker_count ? "," : "");
    }
    printf("]}\n");
    if (fflush(stdout) || ferror(stdout)) die("cannot write: %s", strerror(errno));
    if (trace && (ferror(trace) || fclose(trace))) die("cannot write the trace: %s", strerror(errno));
    return 0;
}
