#!/usr/bin/env bash
# How fast pages are in a real Chromium on a province: the heat map of 100 offices × 200 indicators beside a bare table
# of the same numbers, what if, why, and the desk on a weak line. `bench/pages.sh [ROUNDS]`; chromedriver must be there
# (scripts/packages). Results and what they mean are in docs/performance.md.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -z "${BUILT:-}" ]; then
    cargo build --release --locked -p kaoping-cli
    cargo build --release --locked -p kaoping-web --example province
    cargo build --locked -p kaoping-browser --example pages
fi
target=${CARGO_TARGET_DIR:-target}/release
place=$(mktemp -d "${TMPDIR:-/tmp}/kaoping-pages.XXXXXX")
server=
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$place"' EXIT
"$target/examples/province" "$place/province" --months 1 --clerks 1
address=127.0.0.1:8393
"$target/kaoping" serve --store "sqlite:$place/province/kaoping.db" --keys "$place/province/keys" --listen "$address" \
    >/dev/null 2>"$place/log" &
server=$!
until (exec 3<>"/dev/tcp/${address/://}") 2>/dev/null; do sleep 0.05; done
"${CARGO_TARGET_DIR:-target}/debug/examples/pages" "$address" "$place/province" "${1:-7}"
