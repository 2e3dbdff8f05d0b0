#!/usr/bin/env bash
# Times kaoping beside what a user would pick instead, on the same figures, in one run.
#
#   bench/run.sh [SCRATCH]        all of it; SCRATCH (default: $TMPDIR/kaoping-bench) gets about 1 GB
#   REPS=5                        repetitions, interleaved; medians are reported
#   MEMORY=limit|no|peers         in memory too: beside the C program (default), not at all, beside all peers
#   LIBREOFFICE=no|yes|install    by default used if it is there; `install` fetches it with apt-get
#
# Needs Rust, gcc and python3 with venv. Exactness comes first: unless every score, total,
# place, target and award of kaoping is that of the integer program e2e.c, and every decision that
# of e2e.c or heating.c, nothing is timed.
# Writes SCRATCH/results.json and SCRATCH/results.md.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
source scripts/toolchain
need_rust
scratch=${1:-${TMPDIR:-/tmp}/kaoping-bench}
peers=$root/bench/peers
mkdir -p "$scratch"/{data,out}

echo "── kaoping (release build)" >&2
cargo build --release --locked --quiet --package kaoping-cli --bin kaoping
kaoping=$(realpath "$(target_folder)/release/kaoping")

cd "$scratch"
echo "── Python packages" >&2
[ -x venv/bin/python ] || python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check -r "$peers/requirements.txt"
export PATH=$scratch/venv/bin:$PATH

case ${LIBREOFFICE:-auto} in
install)
    apt-get update -qq && apt-get install -y -qq libreoffice-calc python3-uno >/dev/null
    ;;
esac
office=no
if [ "${LIBREOFFICE:-auto}" != no ] && command -v soffice >/dev/null && /usr/bin/python3 -c 'import uno' 2>/dev/null; then
    office=yes
fi

echo "── C programs" >&2
gcc -O3 "$peers/e2e.c" -o e2e
gcc -O3 -march=native -fno-trapping-math "$peers/heating.c" -o heating
# The limit uses AVX-512; without it e2e.c alone is the truth.
limit=no
if grep -qw avx512dq /proc/cpuinfo 2>/dev/null; then
    gcc -O3 -march=native -fno-math-errno -fno-trapping-math -pthread "$peers/limit.c" -o limit -lm && limit=yes
fi

echo "── figures" >&2
for work in A2 A3; do
    [ -s data/${work}_facts.csv ] && [ -s data/$work.actual.i64 ] || python "$peers/gen.py" $work >/dev/null
    rm -rf "policy-$work"
    "$kaoping" new "policy-$work" --indicators "data/${work}_indicators.csv" >/dev/null 2>"out/$work.new.txt"
done

for work in B1M C1M; do
    [ -s data/$work.csv ] || python "$peers/gen.py" $work >/dev/null
done

echo "── exactness, then times" >&2
python "$root/bench/measure.py" --kaoping "$kaoping" --peers "$peers" --policies "$root/policies" \
    --limit "$limit" --office "$office" --reps "${REPS:-5}"

# In memory: beside the limit of the machine, or beside all peers as well (16 GB of memory, half an hour).
case ${MEMORY:-limit} in
no) ;;
*)
    [ "$limit" = yes ] || { echo "no AVX-512: nothing to compare with in memory" >&2; exit 0; }
    echo "── in memory" >&2
    cargo build --manifest-path "$root/Cargo.toml" --release --locked --quiet --package kaoping-cli \
        --example in_memory --example assessment_in_memory
    only=--limit-only
    [ "${MEMORY:-limit}" = peers ] && only=
    python "$root/bench/memory.py" --examples "$(dirname "$kaoping")/examples" --peers "$peers" \
        --policies "$root/policies" --rounds "${REPS:-5}" $only
    ;;
esac
