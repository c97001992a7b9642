#!/bin/sh
# The files of virtual machines on their host.
#   disk.sh make ROOT NAME IMAGE FORMAT BYTES FIRST_PORT MAX
#     makes what is missing of the guest's directory: marker, slot, keys, disk. Prints slot, authorized (the public key
#     of all guests), host-public and host-private: one line each, the name and base64.
#     FORMAT is raw (a copy) or qcow2 (an overlay over IMAGE). BYTES: size of the disk, 0 for the image's own. FIRST_PORT: 0, or
#     the port of slot 0 on the host's loopback, so that slots whose port is in use are skipped. Slots count from 1 to MAX.
#   disk.sh remove ROOT NAME     removes a guest's directory, and what guests share with the last one
#   disk.sh list ROOT            prints the names of guests
# Only directories that carry the marker are touched.
set -u
action=$1 root=$2

fail() {
  echo "$*" >&2
  exit 1
}

key_pair() { # FILE: a key pair that appears whole; of two makers at once the first one counts
  [ ! -f "$1" ] || return 0
  new=$1.new.$$
  rm -f "$new" "$new.pub"
  ssh-keygen -q -t ed25519 -N '' -C bench -f "$new" </dev/null || return 1
  # The private key is linked last: it marks the pair as complete.
  ln "$new.pub" "$1.pub" 2>/dev/null
  if cmp -s "$new.pub" "$1.pub"; then ln "$new" "$1"; fi
  rm -f "$new" "$new.pub"
  tries=0
  while [ ! -f "$1" ]; do
    tries=$((tries + 1))
    # The process that linked the public part has ended: without the private part it is useless.
    [ "$tries" -lt 50 ] || { rm -f "$1.pub"; return 1; }
    sleep 0.1
  done
}

in_use() { # PORT: whether a socket listens there, proc(5) /proc/net/tcp
  hex=$(printf '%04X' "$1")
  grep -qsE "^ *[0-9]+: [0-9A-F]+:$hex [0-9A-F]+:0000 0A " /proc/net/tcp /proc/net/tcp6
}

take_slot() { # DIR NAME FIRST_PORT MAX: the lowest free slot; a link that cannot be made is taken
  [ ! -f "$1/slot" ] || return 0
  slot=1
  while [ "$slot" -le "$4" ]; do
    if [ ! -L "$root/slots/$slot" ] && { [ "$3" = 0 ] || ! in_use $(($3 + slot)); }; then
      if ln -s "$2" "$root/slots/$slot" 2>/dev/null; then
        echo "$slot" >"$1/slot.new" && mv -f "$1/slot.new" "$1/slot"
        return
      fi
    fi
    slot=$((slot + 1))
  done
  fail "no slot is free in $root/slots"
}

is_qcow2() { # FILE: begins with its magic number
  [ "$(head -c 3 "$1" 2>/dev/null)" = QFI ]
}

make_disk() { # DISK IMAGE FORMAT BYTES
  [ ! -f "$1" ] || return 0
  rm -f "$1.new"
  kind=raw
  ! is_qcow2 "$2" || kind=qcow2
  case $3 in
  qcow2) qemu-img create -q -f qcow2 -b "$2" -F "$kind" "$1.new" ;;
  *) if [ $kind = raw ]; then cp --reflink=auto --sparse=always -- "$2" "$1.new"; else qemu-img convert -O raw -- "$2" "$1.new"; fi ;;
  esac || fail "cannot make the disk of the guest from $2"
  if [ "$4" != 0 ]; then
    if [ "$3" = raw ]; then
      [ "$(stat -c %s "$1.new")" -le "$4" ] || fail "the image $2 is larger than the disk of the shape"
      truncate -s "$4" "$1.new"
    else
      qemu-img resize -q -f qcow2 "$1.new" "$4"
    fi || fail "cannot give the disk of the guest $4 bytes"
  fi
  mv -f "$1.new" "$1"
}

print_field() { # NAME FILE
  printf '%s %s\n' "$1" "$(base64 "$2" | tr -d '\n')"
}

marked() { # NAME
  [ -f "$root/$1/made-by-bench" ] && [ ! -L "$root/$1" ]
}

case $action in
make)
  name=$3
  dir=$root/$name
  umask 077
  mkdir -p "$root/slots" "$dir" || exit
  echo bench-guest/1 >"$dir/made-by-bench.new" && mv -f "$dir/made-by-bench.new" "$dir/made-by-bench" || exit
  key_pair "$root/key" || key_pair "$root/key" || fail 'cannot make a key pair: is ssh-keygen there?'
  key_pair "$dir/host_key" || fail 'cannot make the key of the guest'
  take_slot "$dir" "$name" "$7" "$8" || exit
  make_disk "$dir/disk" "$4" "$5" "$6" || exit
  print_field slot "$dir/slot"
  print_field authorized "$root/key.pub"
  print_field host-public "$dir/host_key.pub"
  print_field host-private "$dir/host_key"
  ;;
remove)
  marked "$3" || exit 0
  for slot in "$root"/slots/*; do
    [ "$(readlink "$slot")" != "$3" ] || rm -f "$slot"
  done
  # The marker is removed last, so that what a crash leaves is found again.
  find "${root:?}/$3" -xdev -mindepth 1 ! -name made-by-bench -delete
  rm -rf --one-file-system "${root:?}/$3"
  if rmdir "$root/slots" 2>/dev/null; then
    rm -f "$root/key" "$root/key.pub"
    rmdir "$root" 2>/dev/null
  fi
  :
  ;;
list)
  for path in "$root"/bench-*; do
    ! marked "${path##*/}" || echo "${path##*/}"
  done
  ;;
*) exit 2 ;;
esac
