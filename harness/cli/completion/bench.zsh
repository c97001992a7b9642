#compdef bench
# Completion of bench in zsh. Try it, after compinit:  source <(bench completion zsh)
# Keep it:  bench completion zsh > a folder of your fpath/_bench
_bench() {
  local -a lines values texts
  local line kind=words
  lines=("${(@f)$(command bench __complete zsh -- "${(@Q)words[2,CURRENT]}" 2> /dev/null)}")
  for line in "${lines[@]}"; do
    case $line in
      :*) kind=${line#:} ;;
      ?*)
        values+=("${line%%$'\t'*}")
        texts+=("${line/$'\t'/  }")
        ;;
    esac
  done
  case $kind in
    file) compset -P '*='; _files ;;
    folder) compset -P '*='; _files -/ ;;
    *)
      if [[ ${#values} -eq 1 && ${values[1]} == *= ]]; then
        compadd -S '' -a values
      else
        compadd -l -d texts -a values
      fi
      ;;
  esac
}
if [[ ${funcstack[1]} == _bench ]]; then
  _bench "$@"
else
  compdef _bench bench
fi
