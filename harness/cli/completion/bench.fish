# Completion of bench in fish. Try it:  bench completion fish | source
# Keep it:  bench completion fish > ~/.config/fish/completions/bench.fish
function __bench_complete
    set -l words (commandline -opc)
    set -e words[1]
    set -l current (commandline -ct)
    set -l before (string match -r '^--[^=]+=' -- "$current")
    set -l path (string replace -r '^--[^=]+=' '' -- "$current")
    for line in (command bench __complete fish -- $words "$current" 2>/dev/null)
        switch $line
            case :file
                for found in (__fish_complete_path "$path")
                    echo "$before$found"
                end
            case :folder
                for found in (__fish_complete_directories "$path")
                    echo "$before$found"
                end
            case '*'
                echo $line
        end
    end
end
complete -c bench -f -a '(__bench_complete)'
