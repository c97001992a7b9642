#!/bin/sh
# Makes, ends and removes containers of vzctl(8), in whatever state a crash left them.
#   guests.sh make GUESTS NAME OSTEMPLATE ADDRESS...  creates the container unless it is there; prints its number
#   guests.sh end  GUESTS NAME                        stops one container and keeps its files
#   guests.sh reap GUESTS KEEP...                     stops and destroys every container but those to keep; a name a line
# GUESTS is the harness's own directory. Only containers whose directory in it carries the marker are touched.
set -u
action=$1 guests=$2
shift 2
claims=$guests/claims

marked() { # NAME
  [ -f "$guests/$1/made-by-bench" ] && [ ! -L "$guests/$1" ]
}

# A claim is a symbolic link to the name of its guest: made by one of several at once, and never without an owner.
claim() { # KIND NAME VALUE...
  kind=$1 owner=$2
  shift 2
  mkdir -p "$claims" || return 1
  for value; do
    link=$claims/$kind-$value
    if [ "$(readlink "$link" 2>/dev/null)" = "$owner" ] || ln -s "$owner" "$link" 2>/dev/null; then
      echo "$value"
      return
    fi
  done
  return 1
}

# Numbers up to 100 are reserved, vzctl(8).
free_numbers() {
  used=$(vzlist -a -H -o ctid 2>/dev/null)
  for number in $(seq 48000 48999); do
    case " $(echo $used) " in *" $number "*) ;; *) echo "$number" ;; esac
  done
}

make_guest() { # NAME OSTEMPLATE ADDRESS...
  name=$1 template=$2
  shift 2
  if marked "$name" && [ -f "$guests/$name/made" ]; then
    cat "$guests/$name/number"
    return
  fi
  ! marked "$name" || remove_guest "$name" || return 1
  mkdir -p "$guests/$name" && echo bench-guest/1 >"$guests/$name/made-by-bench" || return 1
  # shellcheck disable=SC2046
  number=$(claim number "$name" $(free_numbers)) || { echo 'no container number is free' >&2; return 1; }
  address=
  if [ $# -gt 0 ]; then
    address=$(claim address "$name" "$@") || { echo "all of $# addresses are taken" >&2; return 1; }
  fi
  echo "$number" >"$guests/$name/number"
  vzctl create "$number" --ostemplate "$template" --layout simfs --hostname "$name" ${address:+--ipadd "$address"} \
    </dev/null >&2 || return 1
  : >"$guests/$name/made"
  echo "$number"
}

is_running() { # NUMBER; `running` is the fifth word: CTID 101 exist mounted running
  case $(vzctl status "$1" 2>/dev/null) in *' running') ;; *) return 1 ;; esac
}

end_guest() { # NAME
  number=$(cat "$guests/$1/number" 2>/dev/null) || return 0
  if is_running "$number"; then vzctl stop "$number" </dev/null >/dev/null 2>&1; fi
  if is_running "$number"; then vzctl stop "$number" --fast </dev/null >&2; fi
  if is_running "$number"; then
    echo "container $number still runs" >&2
    return 1
  fi
}

remove_guest() { # NAME
  end_guest "$1" || return 1
  if number=$(cat "$guests/$1/number" 2>/dev/null); then
    case $(vzctl status "$number" 2>/dev/null) in
    *' exist '*) vzctl destroy "$number" </dev/null >&2 || return 1 ;;
    esac
  fi
  for link in "$claims"/*; do
    [ "$(readlink "$link")" != "$1" ] || rm -f "$link"
  done
  rm -rf "${guests:?}/$1"
}

kept() { # NAME KEEP...
  name=$1
  shift
  for keep; do [ "$keep" != "$name" ] || return 0; done
  return 1
}

case $action in
make) make_guest "$@" ;;
end) ! marked "$1" || end_guest "$1" ;;
reap)
  failed=0
  for path in "$guests"/bench-*; do
    name=${path##*/}
    marked "$name" || continue
    ! kept "$name" "$@" || continue
    if remove_guest "$name"; then echo "$name"; else failed=1; fi
  done
  rmdir "$claims" "$guests" 2>/dev/null
  exit "$failed"
  ;;
*) exit 2 ;;
esac
