import ArgumentParser

/// The completion script of a shell. All of them ask `sotto complete` for the candidates, so they complete whatever the
/// installed program knows.
enum CompletionScript: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish

    var text: String {
        switch self {
        case .bash: Self.bashText
        case .zsh: Self.zshText
        case .fish: Self.fishText
        }
    }

    private static let bashText = #"""
        # bash completion for sotto, printed by 'sotto completions bash'.

        _sotto() {
            local program=${1/#\~/$HOME} rest=${COMP_LINE:0:COMP_POINT} quote= word gap index line
            local -a words=() candidates=() files=()

            # Readline also splits words at "=" and ":". Join them again, up to the cursor.
            for ((index = 0; index <= COMP_CWORD; index++)); do
                gap=${rest%%[![:space:]]*}
                rest=${rest#"$gap"}
                word=${COMP_WORDS[index]}
                ((index < COMP_CWORD)) || word=$rest
                rest=${rest#"$word"}
                if [[ -n $gap || $index -eq 0 ]]; then
                    words+=("$word")
                else
                    words[${#words[@]} - 1]+=$word
                fi
            done

            # Without quotes and backslashes; an open quote is kept for the inserted text.
            word=${words[${#words[@]} - 1]}
            [[ $word != [\"\']* ]] || quote=${word:0:1}
            words=("${words[@]//[\\\"\']/}")
            word=${words[${#words[@]} - 1]}
            # Readline replaces only the part of the word after the last "=" or ":".
            local typed=${2//[\\\"\']/}
            local -i kept=$((${#word} - ${#typed}))

            while IFS= read -r line; do
                if [[ $line == $'\t'* ]]; then
                    IFS=$'\t' read -r -a files <<<"$line"
                else
                    line=${line%%$'\t'*}
                    candidates+=("${line:kept}")
                fi
            done < <("$program" complete -- "${words[@]:1}" 2>/dev/null)

            if ((${#files[@]} > 0)); then
                local pattern='*'
                ((${#files[@]} == 1)) || pattern="*.@($(IFS='|'; echo "${files[*]:1}"))"
                local path=$word
                [[ $path != --*=* ]] || path=${path#*=}
                kept=$((${#path} - ${#typed}))
                while IFS= read -r line; do
                    [[ ! -d ${line/#\~/$HOME} && $line != $pattern ]] || candidates+=("${line:kept}")
                done < <(compgen -f -- "$path")
                # Readline quotes file names itself, and adds a slash to folders.
                compopt -o filenames 2>/dev/null
            else
                for index in "${!candidates[@]}"; do
                    line=${candidates[index]}
                    case $quote in
                        \") line=${line//\\/\\\\} line=${line//\"/\\\"} line=${line//\$/\\\$} line=${line//\`/\\\`} ;;
                        \') line=${line//\'/\'\\\'\'} ;;
                        *) printf -v line %q "$line" ;;
                    esac
                    candidates[index]=$line
                done
            fi
            [[ ${#candidates[@]} -ne 1 || ${candidates[0]} != *= ]] || compopt -o nospace 2>/dev/null
            COMPREPLY=("${candidates[@]}")
        }

        complete -F _sotto sotto

        """#

    private static let zshText = #"""
        #compdef sotto
        # zsh completion for sotto, printed by 'sotto completions zsh'.

        _sotto() {
            local line value found=1
            local -a candidates assignments files
            local -a typed=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
            while IFS= read -r line; do
                if [[ $line == $'\t'* ]]; then
                    files=("${(@ps:\t:)line[2,-1]}")
                    continue
                fi
                value=${${line%%$'\t'*}//:/\\:}
                [[ $line != *$'\t'* ]] || value+=:${line#*$'\t'}
                if [[ ${line%%$'\t'*} == *= ]]; then
                    assignments+=("$value")
                else
                    candidates+=("$value")
                fi
            done < <("${(Q)words[1]/#\~/$HOME}" complete -- "${typed[@]}" 2>/dev/null)
            if (( $#candidates )) && _describe value candidates; then found=0; fi
            if (( $#assignments )) && _describe value assignments -S ''; then found=0; fi
            (( $#files )) && compset -P '--*='
            if (( $#files == 1 )); then
                _files && found=0
            elif (( $#files )); then
                # The empty alternative keeps zsh from reading the parentheses as a glob qualifier.
                _files -g "*.(${(j:|:)files[2,-1]}|)" && found=0
            fi
            return found
        }

        if [[ $funcstack[1] == _sotto ]]; then
            _sotto "$@"
        else
            compdef _sotto sotto
        fi

        """#

    private static let fishText = #"""
        # fish completion for sotto, printed by 'sotto completions fish'.

        function __sotto_lines
            set -l words (commandline -opc)
            set -l typed (commandline -ct | string unescape)
            set -l program (string replace -r '^~(?=/)' $HOME -- $words[1])
            $program complete -- $words[2..] "$typed" 2>/dev/null
        end

        # A line that starts with a tab says that files are valid too.
        complete -c sotto -f -a "(__sotto_lines | string match -v \t'*')"
        complete -c sotto -n "__sotto_lines | string match -q \t'*'" -F

        """#
}
