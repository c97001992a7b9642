#!/bin/sh
# build.sh MAKE ARGUMENT...: runs MAKE with these arguments. When it fails, the first error is repeated as the last
# line: make's own last line only reports that there was one. Ends as make ended, by signal too.
"$@" 2>../make.err
status=$?
cat ../make.err >&2
if [ "$status" -ne 0 ]; then
    grep -m 1 -E 'fatal error:|[^a-z]error:|No space left|Killed|not found|No such file|No rule to make' ../make.err >&2
    if [ "$status" -gt 128 ]; then kill -"$((status - 128))" $$; fi
fi
exit "$status"
