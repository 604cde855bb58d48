# ONNX Runtime's library, and the environments that make ONNX exports. To be sourced after fetch.sh.

ONNXRUNTIME_VERSION=1.32.0

# fetch_onnxruntime FOLDER: ONNX Runtime's library from its wheel (25 MB). Does nothing on systems without a
# pinned one, whose tests then use an installed library or none.
fetch_onnxruntime() {
    local library=libonnxruntime.so.$ONNXRUNTIME_VERSION sha256
    [ ! -f "$1/$library" ] || return 0
    case "$(uname -sm)" in
        "Linux x86_64") sha256=6c1585d1bbf45b0712ea4a21b705c5fcb4ba04ff2e30f1fbf81a49faf658638f ;;
        "Linux aarch64") sha256=49852228a93995158b2a813d4df487d47a1b76b0eaa894507ef49e91b6d7954a ;;
        *) return 0 ;;
    esac
    ensure pip
    say "Downloading ONNX Runtime (25 MB) …"
    download_folder
    # The library is the same for all versions of Python; one of them is pinned.
    fetch "$DOWNLOADS" --only-binary=:all: --python-version 3.11 --platform "manylinux_2_28_$(uname -m)" \
        onnxruntime==$ONNXRUNTIME_VERSION
    unpack "$1/$library" "$sha256" "/$library" "$DOWNLOADS"/*.whl
    rm -rf "$DOWNLOADS"
}

# Exports of onnxruntime-genai's builder, and this library's own way of running them.
GENAI_PACKAGES="onnxruntime==$ONNXRUNTIME_VERSION onnxruntime-genai==0.18.0 onnx==1.23.2 onnx-ir==1.1.0 transformers==5.24.0 \
accelerate torch gguf safetensors sentencepiece"
GENAI_PYTHON=$CACHE/genai-python/bin/python

# Optimum needs older versions.
OPTIMUM_PACKAGES="optimum-onnx==0.1.0 transformers==4.57.6 onnxruntime==$ONNXRUNTIME_VERSION torch gguf safetensors \
sentencepiece accelerate"
OPTIMUM_PYTHON=$CACHE/optimum-python/bin/python

# prepare_environment NAME PACKAGES: a virtual environment in the cache.
prepare_environment() {
    [ "$2" != "$(cat "$CACHE/$1/packages.txt" 2>/dev/null)" ] || return 0
    ensure pip venv
    say "Installing Python packages in $CACHE/$1 (once, up to 6 GB) …"
    rm -rf "${CACHE:?}/$1"
    python3 -m venv "$CACHE/$1" >&2 || fail "Could not make a virtual environment in $CACHE/$1"
    # shellcheck disable=SC2086 -- a list of packages
    "$CACHE/$1/bin/python" -m pip install --quiet $2 >&2 ||
        fail "Could not install $2 from the Python package index. Check the network (or PIP_INDEX_URL) and try again"
    printf '%s\n' "$2" >"$CACHE/$1/packages.txt"
}

prepare_genai_python() { prepare_environment genai-python "$GENAI_PACKAGES"; }
prepare_optimum_python() { prepare_environment optimum-python "$OPTIMUM_PACKAGES"; }
