# Paths and messages shared by all scripts. To be sourced.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# Downloads for building and testing, kept between runs and ignored by git.
CACHE=${SOTTO_CACHE:-$ROOT/.cache}

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "error: $*"
    exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }
