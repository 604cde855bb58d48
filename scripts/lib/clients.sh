# The published clients of model services, for the tests that compare them with ours. To be sourced, after packages.sh.

# prepare_clients FOLDER: a virtual environment with the clients, in exact versions and only from wheels (140 MB).
prepare_clients() {
    local requirements=$ROOT/Tests/ServicesTests/Server/requirements.txt
    ! cmp -s "$requirements" "$1/requirements.txt" || return 0
    ensure pip venv
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "The published clients need Python 3.11 or newer, this is $(python3 --version)"
    say "Installing the published clients of model services (140 MB) …"
    rm -rf "$1"
    python3 -m venv "$1" >&2 || fail "Could not make a virtual environment in $1"
    "$1/bin/python" -m pip install --quiet --no-deps --only-binary :all: --requirement "$requirements" >&2 ||
        fail "Could not install the clients from the Python package index. Check the network (or PIP_INDEX_URL) and try again"
    # The copy shows that the installation is complete, and of which versions.
    cp "$requirements" "$1/requirements.txt"
}
