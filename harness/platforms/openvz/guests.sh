# Containers of vzctl(8). It follows guests.sh and claims.sh.
#   make GUESTS NAME OSTEMPLATE ADDRESS...  creates the container unless it exists; prints its number

# Numbers up to 100 are reserved, vzctl(8).
free_numbers() { numbers_except "$(vzlist -a -H -o ctid 2>/dev/null)"; }

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
  release_claims "$1"
  rm -rf "${guests:?}/$1"
}
