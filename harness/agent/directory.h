/* Removing directories to which steps had access. */
#ifndef BENCH_AGENT_DIRECTORY_H
#define BENCH_AGENT_DIRECTORY_H

#include <stdbool.h>

bool remove_directory(const char *path);

#endif
