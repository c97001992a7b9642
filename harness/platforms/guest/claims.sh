# Numbers and addresses that guests hold, for platforms where the harness assigns them.
# A claim is a symbolic link to the name of its guest: of several guests that start at once one gets it, and it always
# names its owner.

claim() { # KIND NAME VALUE...: prints the first value that is free or the guest's own
  kind=$1 owner=$2
  shift 2
  mkdir -p "$guests/claims" || return 1
  for value; do
    link=$guests/claims/$kind-$(echo "$value" | tr / _)
    if [ "$(readlink "$link" 2>/dev/null)" = "$owner" ] || ln -s "$owner" "$link" 2>/dev/null; then
      echo "$value"
      return
    fi
  done
  return 1
}

release_claims() { # NAME [KIND]: all of a guest, or those of one kind
  for link in "$guests/claims/${2:+$2-}"*; do
    [ "$(readlink "$link")" != "$1" ] || rm -f "$link"
  done
}

numbers_except() { # USED: from 48000 to 48999
  for number in $(seq 48000 48999); do
    case " $(echo $1) " in *" $number "*) ;; *) echo "$number" ;; esac
  done
}

after_reap() { rmdir "$guests/claims" "$guests" 2>/dev/null; }
