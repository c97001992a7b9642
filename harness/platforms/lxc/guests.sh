# What LXC adds to container/groups.sh.

# A guest's groups have its name and the hash of the work directory: they are ours also when the directory is gone.
is_ours() { :; }

halt() { # NAME: lxc-stop fails for a guest that does not run
  if command -v lxc-stop >/dev/null; then
    timeout -k 2 15 lxc-stop -P "$guests" -n "$1" -k >/dev/null 2>&1
  fi
  :
}

discard() { rm -f "/run/lxc/lock$guests/.$1"; } # NAME

groups_of() { # NAME: the guest's control group in every hierarchy, and its monitor's first
  for mount in $(hierarchies); do
    find "$mount" -maxdepth 8 -type d -path "*/$group/monitor.$1" -prune 2>/dev/null
    find "$mount" -maxdepth 8 -type d -path "*/$group/$1" -prune 2>/dev/null
  done
}

discard_shared() { # empty directories of LXC's
  (cd /run/lxc/lock 2>/dev/null && rmdir -p ".$guests" 2>/dev/null)
  :
}
