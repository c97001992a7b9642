#!/bin/sh
# count.sh WHEN FILE...: prints how many objects there are and how large each of these files is (absent ones are not
# named), and when WHEN is `after` how many objects are newer than the mark that `before` made.
set -u
when=$1
shift
echo "objects $(find . -name '*.o' -type f -size +0 | wc -l)"
for file in "$@"; do
    if [ -s "$file" ]; then echo "file $file $(stat -c %s "$file")"; fi
done
if [ "$when" = before ]; then
    : >../mark
    echo "config $(sha256sum <.config | cut -d ' ' -f 1)"
else
    echo "new-objects $(find . -name '*.o' -type f -size +0 -newer ../mark | wc -l)"
    echo "free-kib $(df -Pk . | awk 'NR == 2 { print $4 }')"
fi
