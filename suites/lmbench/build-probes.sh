# Builds the probes from the sources in this folder, unless that was done before.
#   sh build-probes.sh DIRECTORY COMPILER
# Prints the tab-separated paths and linkage of what it built, and a digest of sources and compiler. The default linkage
# is kept (dynamic, as lmbench's): costs of fork and exec depend on it.
set -eu
directory=$1
compiler=$2
sources='main.c timing.c process.c context.c memory.c syscall.c select.c signal.c channel.c exchange.c stream.c'
cd "$directory"

digest() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum | cut -c 1-16; else cksum | tr ' ' -; fi
}

linkage() {
  if ! command -v ldd >/dev/null 2>&1; then
    echo unknown
  elif libraries=$(ldd "$1" 2>/dev/null); then
    printf '%s\n' "$libraries" | grep -c '=> /'
  else
    echo static
  fi
}

# shellcheck disable=SC2086 # splitting is intended
key=$({ cat $sources child.c probe.h channel.h; "$compiler" --version; uname -m; } | digest)
out=$directory/probes-$key
if [ ! -x "$out/bench-probe" ] || [ ! -x "$out/bench-child" ]; then
  new=$directory/building.$$
  trap 'rm -rf "$new"' EXIT
  mkdir "$new"
  # shellcheck disable=SC2086
  "$compiler" -O -o "$new/bench-probe" $sources
  "$compiler" -O -o "$new/bench-child" child.c
  mv "$new" "$out"
fi
for name in bench-probe bench-child; do
  printf 'probe\t%s\t%s\t%s\t%s\n' "$name" "$out/$name" "sources $key" "$(linkage "$out/$name")"
done
