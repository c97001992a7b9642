#define _GNU_SOURCE
#include "result.h"
#include "process.h"
#include <ctype.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>

static const char *const STATUSES[] = {"skipped", "unstarted", "exited", "signaled", "limit", "output", "finished"};
struct trial trial = {.state = "done", .load_before = "0,0,0", .load_after = "0,0,0"};

/* Records why the trial is not done; the first reason is kept. */
void fail(const char *state, const char *format, ...)
{
    va_list args;
    if (trial.error[0]) return;
    va_start(args, format);
    vsnprintf(trial.error, sizeof trial.error, format, args);
    va_end(args);
    trial.state = state;
}

/* Load averages of 1, 5 and 15 minutes, as the inside of a JSON array. */
void read_load(char load[64])
{
    char text[64], a[16], b[16], c[16];
    if (read_small("/proc/loadavg", text, sizeof text) > 0 &&
        sscanf(text, "%15[0-9.] %15[0-9.] %15[0-9.]", a, b, c) == 3)
        snprintf(load, 64, "%s,%s,%s", a, b, c);
}

/* The CPU lines of /proc/stat as a JSON object: user nice system idle iowait irq softirq steal guest guest_nice. */
char *read_ticks(void)
{
    char *json = NULL, line[512], *at;
    size_t size;
    FILE *in = fopen("/proc/stat", "r"), *out = open_memstream(&json, &size);
    if (!out) return NULL;
    fputc('{', out);
    for (const char *comma = ""; in && fgets(line, sizeof line, in);) {
        if (strncmp(line, "cpu", 3) || !isdigit((unsigned char)line[3])) continue;
        fprintf(out, "%s\"cpu%lld\":[", comma, strtoll(line + 3, &at, 10));
        for (int i = 0; i < 10; i++) fprintf(out, "%s%lld", i ? "," : "", strtoll(at, &at, 10)); /* 0 past the end */
        fputc(']', out);
        comma = ",";
    }
    fputc('}', out);
    if (in) fclose(in);
    fclose(out);
    return json;
}

/* Cuts an output of a step to the limit and returns its bytes. */
static long long output_size(const struct step *step, bool errors)
{
    char name[80];
    struct stat info;
    int file = open_private(output_name(step, errors, name), O_RDWR | O_NOFOLLOW | O_NONBLOCK, 0);
    long long size = file < 0 || fstat(file, &info) < 0 || !S_ISREG(info.st_mode) ? 0 : info.st_size;
    if (size > spec.output_limit && ftruncate(file, spec.output_limit) == 0) size = spec.output_limit;
    if (file >= 0) close(file);
    return size;
}

static void put_string(FILE *out, const char *text)
{
    if (!*text) {
        fputs("null", out);
        return;
    }
    fputc('"', out);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        fprintf(out, c < 0x20 || c == 0x7f || c == '"' || c == '\\' ? "\\u%04x" : "%c", c);
    }
    fputc('"', out);
}

static void put_step(FILE *out, const struct step *s)
{
    const struct rusage *u = &s->usage;
    char code[16] = "null", sign[16] = "null", first[16] = "null", last[16] = "null";
    if (s->status == EXITED) snprintf(code, sizeof code, "%d", s->code);
    if (s->status == SIGNALED) snprintf(sign, sizeof sign, "%d", s->code);
    if (s->cpu_first >= 0) snprintf(first, sizeof first, "%d", s->cpu_first);
    if (s->cpu_last >= 0) snprintf(last, sizeof last, "%d", s->cpu_last);
    fprintf(out, "{\"name\":\"%s\",\"phase\":\"%s\",\"status\":\"%s\",\"code\":%s,\"signal\":%s,\"message\":",
            s->name, PHASES[s->phase], STATUSES[s->status], code, sign);
    put_string(out, s->message);
    fprintf(out, ",\"startNs\":\"%lld\",\"endNs\":\"%lld\",\"userUs\":%lld,\"systemUs\":%lld,\"maxRssKiB\":%ld,",
            s->start, s->end, u->ru_utime.tv_sec * 1000000LL + u->ru_utime.tv_usec,
            u->ru_stime.tv_sec * 1000000LL + u->ru_stime.tv_usec, u->ru_maxrss);
    fprintf(out, "\"minorFaults\":%ld,\"majorFaults\":%ld,\"voluntarySwitches\":%ld,\"involuntarySwitches\":%ld,",
            u->ru_minflt, u->ru_majflt, u->ru_nvcsw, u->ru_nivcsw);
    fprintf(out, "\"cpuFirst\":%s,\"cpuLast\":%s,\"stdoutBytes\":%lld,\"stderrBytes\":%lld}", first, last,
            output_size(s, false), output_size(s, true));
}

/* The CPUs that the agent may use, as a list of ranges. Before Linux 2.6.24 only the system call has them. */
static void read_affinity(char affinity[1024])
{
    char text[4096], *list;
    cpu_set_t set;
    size_t length = 0;
    affinity[0] = 0;
    read_small("/proc/self/status", text, sizeof text);
    if ((list = strstr(text, "\nCpus_allowed_list:")) &&
        sscanf(list, "\nCpus_allowed_list: %1023[0-9,-]", affinity) == 1) return;
    if (sched_getaffinity(0, sizeof set, &set) < 0) return;
    for (int cpu = 0; cpu < CPU_SETSIZE && length < 1000; cpu++) {
        int first = cpu;
        if (!CPU_ISSET(cpu, &set)) continue;
        while (cpu + 1 < CPU_SETSIZE && CPU_ISSET(cpu + 1, &set)) cpu++;
        length += snprintf(affinity + length, 1024 - length, first == cpu ? "%s%d" : "%s%d-%d", length ? "," : "",
                           first, cpu);
    }
}

static void put_cpus(FILE *out)
{
    char affinity[1024];
    cpu_set_t seen;
    CPU_ZERO(&seen);
    for (struct step *s = spec.steps; s < spec.steps + spec.count; s++) {
        if (s->phase == MEASURE && s->cpu_first >= 0) CPU_SET(s->cpu_first, &seen);
        if (s->phase == MEASURE && s->cpu_last >= 0) CPU_SET(s->cpu_last, &seen);
    }
    read_affinity(affinity);
    fprintf(out, "\"affinity\":\"%s\",\"cpusSeen\":[", affinity);
    const char *comma = "";
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, &seen)) continue;
        fprintf(out, "%s%d", comma, cpu);
        comma = ",";
    }
    fputs("],", out);
}

static void put_result(FILE *out)
{
    char boot[40];
    boot_id(boot);
    fprintf(out, "{\"version\":2,\"state\":\"%s\",\"error\":", trial.state);
    put_string(out, trial.error);
    fprintf(out, ",\"bootId\":\"%s\",\"readyNs\":\"%lld\",\"startNs\":\"%lld\",", boot, trial.ready, trial.start);
    fprintf(out, "\"awakeNs\":\"%lld\",", trial.awake);
    fprintf(out, "\"startedNs\":\"%lld\",\"endedNs\":\"%lld\",\n", trial.started, trial.ended);
    put_cpus(out);
    fprintf(out, "\"loadBefore\":[%s],\"loadAfter\":[%s],\n\"cpuTicks\":{\"before\":%s,\n\"after\":%s},\n",
            trial.load_before, trial.load_after, trial.ticks_before ? trial.ticks_before : "{}",
            trial.ticks_after ? trial.ticks_after : "{}");
    if (trial.own_after)
        fprintf(out, "\"ownCpuUs\":{\"before\":%lld,\"after\":%lld},", trial.own_before, trial.own_after);
    else fputs("\"ownCpuUs\":null,", out);
    fprintf(out, "\"ticksPerSecond\":%ld,\"diskFull\":%s,\"steps\":[", sysconf(_SC_CLK_TCK),
            trial.disk_full ? "true" : "false");
    for (int i = 0; i < spec.count; i++) {
        fputs(i ? ",\n" : "\n", out);
        put_step(out, &spec.steps[i]);
    }
    fputs("]}\n", out);
}

/* Writes to the file with reserved space and renames it to DIR/result.json. */
void write_result(int file)
{
    char *json = NULL;
    size_t size = 0, done = 0;
    FILE *out = open_memstream(&json, &size);
    if (!out) exit(1);
    put_result(out);
    fclose(out);
    for (ssize_t n = 1; done < size && n > 0; done += n > 0 ? n : 0) n = pwrite(file, json + done, size - done, done);
    free(json);
    int here = open_private(".", O_RDONLY, 0);
    if (done < size || ftruncate(file, done) < 0 || fsync(file) < 0) exit(1);
    if (rename("result.json.tmp", "result.json") < 0 || fsync(here) < 0) exit(1);
}
