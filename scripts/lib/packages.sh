# System packages: how to detect them, and their names in each package manager.

# need | apt-get | dnf | pacman | brew
PACKAGES='
ncurses | libncursesw5-dev    | ncurses-devel       | ncurses    | ncurses
markdown | libcmark-gfm-dev libcmark-gfm-extensions-dev | | | cmark-gfm
curl    | libcurl4-openssl-dev | libcurl-devel      | curl       | curl
pip     | python3 python3-pip | python3 python3-pip | python-pip | python3
venv    | python3-venv        | python3             | python     | python3
tmux    | tmux                | tmux                | tmux       | tmux
pkill   | procps              | procps-ng           | procps-ng  |
cmake   | cmake g++           | cmake gcc-c++       | cmake gcc  | cmake
clang-format | clang-format-14 | clang-tools-extra | clang | clang-format
arm-gcc | gcc-aarch64-linux-gnu libc6-dev-arm64-cross | | |
arm-emulator | qemu-user      | qemu-user           | qemu-user  |
simde   | libsimde-dev        | simde-devel         | simde      | simde
'

# Any C compiler will do; Swift includes clang.
compiles() {
    local compiler=clang
    has clang || compiler=cc
    $compiler -E -x c - <<<"$1" >/dev/null 2>&1
}

is_present() {
    case $1 in
        ncurses) compiles '#include <ncurses.h>' ;;
        markdown)
            compiles '#include <cmark-gfm-core-extensions.h>' ||
                { has pkg-config && pkg-config --exists libcmark-gfm; } || [ -n "$(brew --prefix --installed cmark-gfm 2>/dev/null)" ]
            ;;
        curl) compiles '#include <curl/curl.h>' || { has pkg-config && pkg-config --exists libcurl; } ;;
        pip) has python3 && python3 -m pip --version >/dev/null 2>&1 ;;
        # Debian has a part of Python's own library in a package of its own.
        venv) python3 -c 'import ensurepip' >/dev/null 2>&1 ;;
        clang-format) has clang-format-14 || has clang-format ;;
        arm-gcc) has aarch64-linux-gnu-gcc ;;
        arm-emulator) has qemu-aarch64 ;;
        simde) compiles '#include <simde/x86/avx512.h>' ;;
        *) has "$1" ;;
    esac
}

# The package manager of this machine.
package_manager() {
    local manager
    for manager in apt-get dnf pacman brew; do
        if has "$manager"; then
            echo "$manager"
            return
        fi
    done
    return 1
}

# package_names NEED MANAGER
package_names() {
    local column
    case $2 in apt-get) column=2 ;; dnf) column=3 ;; pacman) column=4 ;; *) column=5 ;; esac
    awk -F'|' -v need="$1" -v column="$column" '{ key = $1; gsub(/ /, "", key) } key == need { print $column }' \
        <<<"$PACKAGES" | xargs
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif has sudo; then
        sudo "$@"
    else
        fail "Installing packages needs root, and sudo is not available. Run as root: $*"
    fi
}

install_packages() {
    case $1 in
        apt-get) as_root apt-get update -q >&2 && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y "${@:2}" >&2 ;;
        dnf) as_root dnf install -y "${@:2}" >&2 ;;
        pacman) as_root pacman -Sy --needed --noconfirm "${@:2}" >&2 ;;
        brew) brew install "${@:2}" >&2 ;;
    esac
}

# ensure NEED… installs what is missing. Only then is root needed.
ensure() {
    local need manager name names=""
    local missing=""
    for need in "$@"; do
        is_present "$need" || missing="$missing $need"
    done
    [ -n "$missing" ] || return 0
    manager=$(package_manager) || fail "Please install:$missing (found no apt-get, dnf, pacman or brew to do it)"
    for need in $missing; do
        name=$(package_names "$need" "$manager")
        [ -n "$name" ] || fail "Please install $need (its $manager package is not known)"
        names="$names $name"
    done
    say "Installing with $manager:$names"
    # shellcheck disable=SC2086 -- a list of names
    install_packages "$manager" $names || fail "$manager could not install:$names. Install them and try again"
    for need in $missing; do
        is_present "$need" || fail "$need is still missing after installing:$names"
    done
}

# Swift is installed from its own site, not from these package managers.
ensure_swift() {
    has swift || fail "Swift 6.1 or newer is required. See https://www.swift.org/install"
    local version
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
    awk -v v="$version" 'BEGIN { split(v, n, "."); exit !(n[1] > 6 || (n[1] == 6 && n[2] >= 1)) }' ||
        fail "Swift 6.1 or newer is required, this is ${version:-unknown}. See https://www.swift.org/install"
}
