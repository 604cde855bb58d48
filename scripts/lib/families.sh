# What comparing model families with the reference needs. To be sourced, after llama.sh.

# In exact versions: what gguf needs to read and write files.
PYTHON_PACKAGES='numpy==2.4.6 gguf==0.19.0 pyyaml==6.0.4 tqdm==4.70.1'
FAMILY_PYTHON=$CACHE/python/bin/python
FAMILY_REFERENCE=$CACHE/reference-program
EXACT=$CACHE/llama.cpp-exact

# prepare_reference: builds $LLAMA_PROGRAMS/test-llama-archs and $FAMILY_REFERENCE, and a virtual environment with the package
# `gguf`.
prepare_reference() {
    build_llama test-llama-archs
    build_exact_kernels
    local source=$ROOT/scripts/lib/reference.c
    if [ ! "$FAMILY_REFERENCE" -nt "$source" ]; then
        local exact=$EXACT/build/ggml/src
        local all=
        # The exact kernels are named first, also though the program itself calls none of them, and so they are found first.
        [ "$(uname)" = Darwin ] || all=-Wl,--no-as-needed
        cc -std=c11 -O1 -Wall -Wextra -I"$LLAMA_SOURCE/include" -I"$LLAMA_SOURCE/ggml/include" "$source" \
            -o "$FAMILY_REFERENCE" $all -L"$exact" -lggml-cpu -L"$LLAMA_PROGRAMS" -Wl,-rpath,"$exact" \
            -Wl,-rpath,"$LLAMA_PROGRAMS" -lllama -lggml -lggml-base || fail "Could not compile scripts/lib/reference.c"
    fi
    prepare_family_python
}

# llama.cpp's kernels look up GELU in a table of F16 numbers, which alone causes errors of up to 4e-7. This builds kernels that
# compute it. They also have that formula, for when the table is switched off.
build_exact_kernels() {
    [ ! -f "$EXACT/complete" ] || return 0
    say "Building llama.cpp's kernels without its table for GELU (once, up to two minutes on two cores) …"
    rm -rf "$EXACT"
    mkdir -p "$EXACT"
    cp -R "$LLAMA_SOURCE/ggml" "$EXACT/ggml"
    local header=$EXACT/ggml/src/ggml-cpu/vec.h
    sed '/^#define GGML_GELU\(_QUICK\)\{0,1\}_FP16$/d' "$LLAMA_SOURCE/ggml/src/ggml-cpu/vec.h" >"$header"
    ! grep -q '^#define GGML_GELU' "$header" || fail "Could not switch off the table for GELU in $header"
    printf '%s\n' 'cmake_minimum_required(VERSION 3.14)' 'project(exact C CXX ASM)' 'add_subdirectory(ggml)' \
        >"$EXACT/CMakeLists.txt"
    cmake -S "$EXACT" -B "$EXACT/build" -DCMAKE_BUILD_TYPE=Release -DGGML_NATIVE=ON >&2 &&
        cmake --build "$EXACT/build" --target ggml-cpu --parallel >&2 || fail "Could not build the kernels of llama.cpp"
    touch "$EXACT/complete"
}

prepare_family_python() {
    [ "$PYTHON_PACKAGES" != "$(cat "$CACHE/python/packages.txt" 2>/dev/null)" ] || return 0
    ensure pip venv
    say "Installing the Python packages numpy and gguf …"
    rm -rf "$CACHE/python"
    python3 -m venv "$CACHE/python" >&2 || fail "Could not make a virtual environment in $CACHE/python"
    # shellcheck disable=SC2086 -- a list of packages
    "$FAMILY_PYTHON" -m pip install --quiet --no-deps --only-binary :all: $PYTHON_PACKAGES >&2 ||
        fail "Could not install numpy and gguf from the Python package index. Check the network (or PIP_INDEX_URL) and try again"
    printf '%s\n' "$PYTHON_PACKAGES" >"$CACHE/python/packages.txt"
}
