# What comparing model families with the reference needs. To be sourced, after llama.sh.

# In exact versions: what gguf needs to read and write files.
PYTHON_PACKAGES='numpy==2.4.6 gguf==0.19.0 pyyaml==6.0.4 tqdm==4.70.1'

# prepare_reference: builds $LLAMA_PROGRAMS/test-llama-archs and $CACHE/reference_logits, and a virtual environment in
# $CACHE/python with the package `gguf`.
prepare_reference() {
    build_llama test-llama-archs
    local program=$CACHE/reference_logits
    local source=$ROOT/scripts/lib/reference_logits.c
    if [ ! "$program" -nt "$source" ]; then
        cc -std=c11 -O1 -Wall -Wextra -I"$LLAMA_SOURCE/include" -I"$LLAMA_SOURCE/ggml/include" "$source" -o "$program" \
            -L"$LLAMA_PROGRAMS" -Wl,-rpath,"$LLAMA_PROGRAMS" -lllama -lggml -lggml-base ||
            fail "Could not compile scripts/lib/reference_logits.c"
    fi
    [ "$PYTHON_PACKAGES" != "$(cat "$CACHE/python/packages.txt" 2>/dev/null)" ] || return 0
    ensure pip venv
    say "Installing the Python packages numpy and gguf …"
    rm -rf "$CACHE/python"
    python3 -m venv "$CACHE/python" >&2 || fail "Could not make a virtual environment in $CACHE/python"
    # shellcheck disable=SC2086 -- a list of packages
    "$CACHE/python/bin/python" -m pip install --quiet --no-deps --only-binary :all: $PYTHON_PACKAGES >&2 ||
        fail "Could not install numpy and gguf from the Python package index. Check the network (or PIP_INDEX_URL) and try again"
    printf '%s\n' "$PYTHON_PACKAGES" >"$CACHE/python/packages.txt"
}
