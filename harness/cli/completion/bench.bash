# Completion of bench in bash. Try it:  source <(bench completion bash)
# Keep it:  bench completion bash > ~/.local/share/bash-completion/completions/bench
_bench() {
  local line kind=words
  COMPREPLY=()
  while IFS= read -r line; do
    case $line in
      :*) kind=${line#:} ;;
      *) COMPREPLY+=("${line%%$'\t'*}") ;;
    esac
  done < <(command bench __complete bash -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2> /dev/null)
  case $kind in
    file) compopt -o default 2> /dev/null ;;
    folder) compopt -o dirnames 2> /dev/null ;;
  esac
  if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then
    compopt -o nospace 2> /dev/null
  fi
}
complete -F _bench bench
