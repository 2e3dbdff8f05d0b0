"""In memory: kaoping beside the limit of the machine and what a user would pick instead, in one run.

    bench/run.sh calls this with --scratch, or by hand from the scratch folder, after bench/run.sh:
    venv/bin/python BENCH/memory.py --examples TARGET/release/examples --peers BENCH/peers --policies POLICIES

A3 is 40,000 units × 100 indicators, A4 600,000 × 100, B10M ten million claims. Everything runs on one thread, but for what
says otherwise. Exactness comes first: the examples compare every result with the C program and stop at
the first difference. A round times each contender once (one process, its own median of a few passes);
medians of the rounds are reported, and as multiples of kaoping's of the same round.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys


def run(command, environment=None):
    """The last line of JSON a program prints."""
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | (environment or {}))
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def contenders(arguments):
    """Work, name, how it is run, and which of its lines counts."""
    examples, passes = arguments.examples, str(arguments.passes)
    one = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1"}
    a = lambda peer: [sys.executable, f"{arguments.peers}/peer_a.py", peer, "A4", "1"]
    b = lambda peer: [sys.executable, f"{arguments.peers}/peer_b.py", peer, "B10M", "1"]
    # A3 is short: more passes of it make a steadier median.
    many = str(10 * arguments.passes + 1)
    whole = lambda units, passes: [f"{examples}/assessment_in_memory", units, passes]
    limit = lambda work, units, passes: ["./limit", "a", work, units, "100", "1", passes, "4", "8"]
    claims = [f"{examples}/in_memory", f"{arguments.policies}/bench-medical", "data/B10M.columns", passes]
    yield "A3", "C program, AVX-512 (limit.c)", limit("A3", "40000", many), {}, 0
    yield "A3", "kaoping", whole("40000", many), {}, 0
    yield "A4", "C program, AVX-512 (limit.c)", limit("A4", "600000", passes), {}, 0
    yield "A4", "kaoping", whole("600000", passes), {}, 0
    if not arguments.limit_only:
        yield "A4", "numpy", a("numpy"), one, 0
        yield "A4", "duckdb, integers, one thread", a("duckdb int t1"), {}, 0
        yield "A4", "polars, wide, one thread", a("polars wide t1"), one, 0
        yield "A4", "polars Decimal, one thread", a("polars dec t1"), one, 0
    yield "B10M", "C program, AVX-512 (limit.c)", ["./limit", "b", "B10M", "10000000", "1", passes], {}, 0
    yield "B10M", "kaoping", claims, {}, 0
    if not arguments.limit_only:
        yield "B10M", "duckdb DECIMAL, one thread", b("duckdb t1"), {}, 0
        yield "B10M", "polars, one thread", b("polars t1"), one, 0
        yield "B10M", "OpenFisca", b("openfisca"), one | {"PYTHONPATH": arguments.peers}, 0


def prepare(arguments):
    for work in ("A3", "A4", "B10M"):
        if not os.path.exists(f"data/{work}.{'columns' if work == 'B10M' else 'actual.i64'}"):
            subprocess.run([sys.executable, f"{arguments.peers}/gen.py", work], check=True)
    subprocess.run(["./limit", "b", "B10M", "10000000", "1", "1", "dump"], check=True, capture_output=True)
    for work, units in (("A3", "40000"), ("A4", "600000")):
        dump = ["./limit", "a", work, units, "100", "1", "1", "4", "8", "dump"]
        subprocess.run(dump, check=True, capture_output=True)
        # Every result is compared here; the example stops at the first that differs.
        run([f"{arguments.examples}/assessment_in_memory", units, "1", f"data/{work}"])


def main():
    parser = argparse.ArgumentParser()
    for name in ("examples", "peers", "policies"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--limit-only", action="store_true")
    arguments = parser.parse_args()
    prepare(arguments)
    found, ratios = {}, {}
    for _ in range(arguments.rounds):
        of_round = {}
        for work, name, command, environment, line in contenders(arguments):
            printed = run(command, environment)[line]
            seconds = printed["t"]
            of_round[work, name] = seconds
            found.setdefault((work, name), []).append(seconds)
        for (work, name), seconds in of_round.items():
            ratios.setdefault((work, name), []).append(seconds / of_round[work, "kaoping"])
    lines = ["| Work | Who | Median s | Least | Most | Times kaoping |", "|---|---|---|---|---|---|"]
    for (work, name), seconds in found.items():
        times = statistics.median(ratios[work, name])
        lines.append(f"| {work} | {name} | {statistics.median(seconds):.4f} | {min(seconds):.4f} | {max(seconds):.4f} | {times:.2f} |")
    text = "\n".join(lines) + "\n"
    with open("memory.md", "w") as out:
        out.write(text)
    print(text)


if __name__ == "__main__":
    main()
