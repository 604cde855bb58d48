# What comparing tokenizers with the package `tokenizers` needs. To be sourced, after packages.sh.

# In exact versions: the reference, SentencePiece for its map of characters, and what gguf needs to read files.
TOKENIZER_PACKAGES='tokenizers==0.22.1 huggingface_hub==1.33.0 sentencepiece==0.2.3 numpy==2.4.6 gguf==0.19.0 pyyaml==6.0.4 tqdm==4.70.1'
TOKENIZER_PYTHON=$CACHE/tokenizer-python/bin/python
TOKENIZER_PACKAGE=$CACHE/tokenizer-program
TOKENIZER_PROGRAM=$TOKENIZER_PACKAGE/.build/release/tokenize-lines

# prepare_tokenizer_python: a virtual environment with the packages.
prepare_tokenizer_python() {
    # shellcheck disable=SC2086 -- a list of names
    if ! "$TOKENIZER_PYTHON" -m pip --version >/dev/null 2>&1; then
        ensure venv
        rm -rf "$CACHE/tokenizer-python"
        python3 -m venv "$CACHE/tokenizer-python" || fail "Could not create a virtual environment in $CACHE"
    fi
    # shellcheck disable=SC2086 -- a list of names
    "$TOKENIZER_PYTHON" -m pip install --quiet --disable-pip-version-check $TOKENIZER_PACKAGES >&2 ||
        fail "Could not install the packages for the comparison. Check the network (or PIP_INDEX_URL) and try again"
}

# build_tokenizer_program: a program of scripts/lib/tokenize_lines.swift and the targets it needs, which is built in a
# minute; the whole of Sotto takes ten.
build_tokenizer_program() {
    local target
    mkdir -p "$TOKENIZER_PACKAGE/Sources/tokenize-lines"
    for target in JSON UTF8Text Tokenizers; do
        ln -sfn "$ROOT/Sources/$target" "$TOKENIZER_PACKAGE/Sources/$target"
    done
    ln -sf "$ROOT/scripts/lib/tokenize_lines.swift" "$TOKENIZER_PACKAGE/Sources/tokenize-lines/main.swift"
    cat >"$TOKENIZER_PACKAGE/Package.swift" <<'SWIFT'
// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "tokenize-lines", platforms: [.macOS(.v15)],
    targets: [
        .target(name: "JSON"), .target(name: "UTF8Text"),
        .target(name: "Tokenizers", dependencies: ["JSON", "UTF8Text"]),
        .executableTarget(name: "tokenize-lines", dependencies: ["JSON", "Tokenizers"]),
    ],
    swiftLanguageModes: [.v6])
SWIFT
    swift build --package-path "$TOKENIZER_PACKAGE" -c release >&2 || fail "The build failed. See the messages above"
}
