# llama.cpp from its published source: a reference for speed, and a server to chat with. To be sourced, after fetch.sh.

LLAMA_SOURCE=$CACHE/llama.cpp
LLAMA_PROGRAMS=$LLAMA_SOURCE/build/bin

# build_llama PROGRAM…: builds programs of llama.cpp into $LLAMA_PROGRAMS, from the source package of llama-cpp-python.
# The first build takes up to ten minutes.
build_llama() {
    local program missing=""
    for program in "$@"; do
        [ -x "$LLAMA_PROGRAMS/$program" ] || missing="$missing $program"
    done
    [ -n "$missing" ] || return 0
    ensure cmake
    fetch_reference "$LLAMA_SOURCE"
    say "Building llama.cpp's$missing (once, up to ten minutes on two cores) …"
    # Without the server's web pages, which would be downloaded.
    # shellcheck disable=SC2086 -- a list of names
    cmake -S "$LLAMA_SOURCE" -B "$LLAMA_SOURCE/build" -DCMAKE_BUILD_TYPE=Release -DGGML_NATIVE=ON -DLLAMA_CURL=OFF \
        -DLLAMA_BUILD_UI=OFF -DLLAMA_USE_PREBUILT_UI=OFF >&2 &&
        cmake --build "$LLAMA_SOURCE/build" --target $missing --parallel >&2 || fail "Could not build llama.cpp"
}
