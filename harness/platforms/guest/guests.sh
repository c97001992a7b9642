# The shared part of the scripts that end and remove guests. The platform's own functions follow it, and a last line
# `act "$@"`:
#   act end  GUESTS NAME       ends one guest and keeps its files
#   act reap GUESTS KEEP...    ends and removes every guest except those to keep; prints one name per line
#   act make|start GUESTS ...  calls the platform's make_guest or start_guest
# The platform defines `end_guest NAME` and `remove_guest NAME`, which print to stderr why they fail. It may redefine
# is_ours, after_end and after_reap. All of them see $guests.
# GUESTS is the harness's own directory. Only guests whose directory in it has the marker are touched.
# POSIX sh without Linux tools: jails run it on FreeBSD.
set -u

marked() { # NAME
  [ -f "$guests/$1/made-by-bench" ] && [ ! -L "$guests/$1" ]
}

kept() { # NAME KEEP...
  name=$1
  shift
  for keep; do [ "$keep" != "$name" ] || return 0; done
  return 1
}

is_ours() { marked "$1"; } # NAME: whether `end` may touch it

after_end() { :; }

after_reap() { rmdir "$guests" 2>/dev/null; } # KEEP...

reap_guests() { # KEEP...
  failed=0
  for path in "$guests"/bench-*; do
    name=${path##*/}
    marked "$name" || continue
    ! kept "$name" "$@" || continue
    if remove_guest "$name"; then echo "$name"; else failed=1; fi
  done
  after_reap "$@"
  return "$failed"
}

act() { # ACTION GUESTS ARGUMENT...
  action=$1 guests=$2
  shift 2
  case $action in
  end) ! is_ours "$1" || end_guest "$1" && after_end ;;
  reap) reap_guests "$@" ;;
  make | start) "${action}_guest" "$@" ;;
  *) return 2 ;;
  esac
}
