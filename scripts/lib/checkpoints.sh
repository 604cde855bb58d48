# An environment with torch and transformers, for making checkpoints and their logits.

CHECKPOINT_PACKAGES="torch==2.15.0 transformers==5.24.0 safetensors==0.8.0 peft==0.21.2"
CHECKPOINT_PYTHON=$CACHE/checkpoint-python/bin/python

prepare_checkpoint_python() {
    [ "$CHECKPOINT_PACKAGES" != "$(cat "$CACHE/checkpoint-python/packages.txt" 2>/dev/null)" ] || return 0
    ensure pip venv
    say "Installing the Python packages torch and transformers (once, 6 GB) …"
    rm -rf "$CACHE/checkpoint-python"
    python3 -m venv "$CACHE/checkpoint-python" >&2 ||
        fail "Could not make a virtual environment in $CACHE/checkpoint-python"
    # shellcheck disable=SC2086 -- a list of packages
    "$CHECKPOINT_PYTHON" -m pip install --quiet $CHECKPOINT_PACKAGES >&2 ||
        fail "Could not install torch and transformers from the Python package index. Check the network (or PIP_INDEX_URL) and try again"
    printf '%s\n' "$CHECKPOINT_PACKAGES" >"$CACHE/checkpoint-python/packages.txt"
}
