# What every script here shares: where things are, and how it speaks. Sourced, never run.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# Everything that is fetched to build and to test, kept between runs; git ignores it.
CACHE=${SOTTO_CACHE:-$ROOT/.cache}

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "error: $*"
    exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }
