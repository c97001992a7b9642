# What of lmbench is on this machine, and what could build the project's own probes. Read-only.
#   sh inspect.sh NAME... -- DIRECTORY...
# Prints one tab-separated line a thing found, see install.ts. NAMEs are lmbench's programs, DIRECTORYs are searched
# before PATH and the usual places. All tools come from one directory, the first that has any of lmbench's benchmarks.
set -u
names=
while [ "$#" -gt 0 ] && [ "$1" != -- ]; do
  names="$names $1"
  shift
done
[ "$#" -gt 0 ] && shift

# How many shared libraries a program links, or that it links none, or is no binary.
linkage() {
  if [ "$(head -c 4 "$1" 2>/dev/null | tail -c 3)" != ELF ]; then
    echo script
  elif ! command -v ldd >/dev/null 2>&1; then
    echo unknown
  elif libraries=$(ldd "$1" 2>/dev/null); then
    printf '%s\n' "$libraries" | grep -c '=> /'
  else
    echo static
  fi
}

# Debian's package and version of a file; on merged systems the package may know it by the path without /usr.
package() {
  # One search for all names: each reads the lists of files of all packages.
  owner=$(dpkg-query -S "$1" "/usr$1" "${1#/usr}" 2>/dev/null | head -n 1)
  [ -n "$owner" ] && dpkg-query -W -f '${Package} ${Version}\n' "${owner%%:*}" 2>/dev/null && return
  echo unpackaged
}

digest() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum <"$1" | cut -c 1-12; else cksum <"$1" | cut -d ' ' -f 1; fi
}

has_benchmarks() {
  for name in $names; do
    case $name in lat_* | bw_*) [ -f "$1/$name" ] && [ -x "$1/$name" ] && return 0 ;; esac
  done
  return 1
}

search_path() {
  old=$IFS
  IFS=:
  for directory in $PATH; do
    printf '%s\n' "$directory"
  done
  IFS=$old
}

candidates() {
  for directory in "$@"; do
    printf '%s\n' "$directory"
    for below in "$directory"/bin/*/ "$directory"/*/; do printf '%s\n' "${below%/}"; done
  done
  search_path
  for root in /usr/lib/lmbench /usr/local/lib/lmbench /opt/lmbench; do
    for below in "$root"/bin/*/; do printf '%s\n' "${below%/}"; done
    printf '%s\n' "$root/bin"
  done
}

chosen=$(candidates "$@" | while IFS= read -r directory; do
  case $directory in
    /*) if has_benchmarks "$directory"; then printf '%s\n' "$directory"; break; fi ;;
  esac
done)

if [ -n "$chosen" ]; then
  version=
  for name in $names; do
    file=$chosen/$name
    if [ -f "$file" ] && [ -x "$file" ]; then
      [ -n "$version" ] || version=$(package "$file")
      printf 'tool\t%s\t%s\t%s, sha256 %s\t%s\n' "$name" "$file" "$version" "$(digest "$file")" "$(linkage "$file")"
    fi
  done
fi

shell=$(readlink -f /bin/sh 2>/dev/null || echo /bin/sh)
printf 'shell\tsh\t%s\t%s\t%s\n' "$shell" "$(package "$shell")" "$(linkage "$shell")"

for name in cc gcc clang; do
  if compiler=$(command -v "$name"); then
    printf 'compiler\t%s\t%s\t%s\t%s\n' "$name" "$compiler" "$("$compiler" --version 2>/dev/null | head -n 1)" unknown
    break
  fi
done
