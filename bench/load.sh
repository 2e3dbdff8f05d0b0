#!/usr/bin/env bash
# The server under load, beside a bare one that does the same two inserts with the same durability and batches, and the
# generator beside both: acknowledged deeds each second, times, ten times as many people, twelve months of a province read.
# `bench/load.sh [ROUNDS]`; results and what they mean are in docs/performance.md.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-5}
if [ -z "${BUILT:-}" ]; then
    cargo build --profile dist --locked -p kaoping-cli
    cargo build --profile dist --locked -p kaoping-web --examples
fi
target=${CARGO_TARGET_DIR:-target}/dist
place=$(mktemp -d "${TMPDIR:-/tmp}/kaoping-load.XXXXXX")
server=
trap '[ -n "$server" ] && kill "$server" 2>/dev/null; rm -rf "$place"' EXIT
"$target/examples/province" "$place/province"

# start bare | start office [OPTIONS]: a server on a new store; its address is $address.
start() {
    local what=$1
    shift
    rm -rf "$place/run" && cp -r "$place/province" "$place/run"
    if [ "$what" = bare ]; then
        address=127.0.0.1:8391
        "$target/examples/bare" "$address" "$place/run/bare.db" >/dev/null &
    else
        address=127.0.0.1:8392
        "$target/kaoping" serve --store "sqlite:$place/run/kaoping.db" --keys "$place/run/keys" --listen "$address" \
            --behind-proxy "$@" >/dev/null 2>"$place/run/log" &
    fi
    server=$!
    until (exec 3<>"/dev/tcp/${address/://}") 2>/dev/null; do sleep 0.05; done
}

stop() {
    kill "$server"
    wait "$server" 2>/dev/null || true
    server=
}

# load NAME OPTIONS…: asks the server; a line of JSON.
load() {
    ${QUIET:-} "$target/examples/load" --address "$address" --sessions "$place/province/sessions" --name "$@"
}

done_in() { sed -E 's/.*"done_per_second":([0-9]+).*/\1/' <<<"$1"; }

: >"$place/results"
for round in $(seq "$rounds"); do
    for what in bare office; do
        start "$what"
        usual=$(load "a$round" --connections 128 --seconds "${SECONDS_EACH:-5}")
        stop
        # On a store of its own: reports that are there already are replaced by whoever saw them, and by nobody else.
        start "$what"
        tenfold=$(load "b$round" --connections 1280 --seconds "${SECONDS_EACH:-5}")
        stop
        echo "$what 128 connections:  $usual"
        echo "$what 1280 connections: $tenfold"
        echo "$what $(done_in "$usual") $(done_in "$tenfold")" >>"$place/results"
    done
    # A queue so short that most of what ten times as many people ask is refused.
    start office --queue 128
    refused=$(load "c$round" --connections 1280 --seconds "${SECONDS_EACH:-5}")
    stop
    echo "office 1280 connections, queue of 128: $refused"
    echo "refusing $(done_in "$refused") 0" >>"$place/results"
done
python3 - "$place/results" <<'PYTHON'
import statistics, sys
rows = [line.split() for line in open(sys.argv[1])]
middle = lambda what, at: statistics.median(int(row[at]) for row in rows if row[0] == what)
office, bare = middle("office", 1), middle("bare", 1)
rounds = zip(*([int(row[1]) for row in rows if row[0] == what] for what in ("office", "bare")))
print(f"bare {bare:.0f}/s, office {office:.0f}/s: {office / bare:.0%} of it; by rounds:", *(f"{a / b:.0%}" for a, b in rounds))
print(f"ten times as many people: {middle('office', 2) / office:.0%} of that; most refused: {middle('refusing', 1) / office:.0%}")
PYTHON
start office
echo "one after another, nothing else going on:"
${QUIET:-} "$target/examples/reads" "$address" "$place/province" 200 | tee "$place/reads" | tail -1
stop
start office
load reading --connections 32 --rate 2000 --seconds 60 --warm 1 >"$place/beside" &
beside=$!
echo "while 2,000 deeds a second are written:"
"$target/examples/reads" "$address" "$place/province" 100 | tail -1
kill "$beside" 2>/dev/null || true
stop
cat "$place/reads"
