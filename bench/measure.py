#!/usr/bin/env python3
"""Compares kaoping's results with the truth, then times it beside its peers, in turns.

Called by run.sh in the scratch folder. Ends with 1 if a single result differs.
"""
import argparse
import csv
import filecmp
import json
import os
import platform
import statistics
import subprocess
import sys
import time

SIZES = {"A2": (3_000, 100), "A3": (40_000, 100)}

# Decisions, a million rows each: the policy, the columns that come out, and the C program but for where it writes.
DECISIONS = {
    "B1M": ("bench-medical", "person,benefit,status", ["./e2e", "b", "B1M", "1000000"]),
    "C1M": ("bench-heating", "person,benefit,status,recovered,offset", ["./heating", "csv", "C1M"]),
}


def run(command, **more):
    """Runs a command; gives wall seconds, peak memory in MB and what it printed."""
    environment = {**os.environ, **more.pop("environment", {})}
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
    printed = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return seconds, usage.ru_maxrss / 1024, printed


def score(arguments, work):
    """The command line that scores a work load into three result files."""
    return [
        arguments.kaoping, "score", f"policy-{work}", "--facts", f"data/{work}_facts.csv",
        "--facts", f"data/{work}_penalties.csv", "--out", f"out/{work}",
    ]


def e2e(work):
    units, items = SIZES[work]
    return ["./e2e", "a", work, str(units), str(items), f"out/c-{work}"]


def compute_of(arguments, work):
    """The command line that decides a million rows: CSV to CSV, the columns the C program writes."""
    policy, select, _ = DECISIONS[work]
    return [
        arguments.kaoping, "compute", f"{arguments.policies}/{policy}", "--in", f"data/{work}.csv",
        "--out", f"out/{work}.csv", "--select", select,
    ]


def c_program(work):
    return [*DECISIONS[work][2], f"out/c-{work}.csv"]


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def differences(work):
    """How many scores, totals, places, targets and awards differ from those of e2e.c."""
    count = {"cells": SIZES[work][0] * SIZES[work][1], "scores": 0}
    # Both list units and indicators in the order of the figures, so equal files are equal scores.
    if not filecmp.cmp(f"out/{work}/scores.csv", f"out/c-{work}.scores.csv", shallow=False):
        mine = {(row["unit"], row["indicator"]): row["score"] for row in rows(f"out/{work}/scores.csv")}
        truth = rows(f"out/c-{work}.scores.csv")
        count["scores"] = abs(len(mine) - len(truth))
        count["scores"] += sum(mine.get((row["unit"], row["indicator"])) != row["score"] for row in truth)
    mine = {row["unit"]: row for row in rows(f"out/{work}/totals.csv")}
    winners = {row["unit"] for row in rows(f"out/{work}/awards.csv")}
    count.update(totals=0, ranks=0, meets_all=0, awards=0)
    for row in rows(f"out/c-{work}.totals.csv"):
        own = mine[row["unit"]]
        count["totals"] += own["total"] != row["total"]
        count["ranks"] += own["rank"] != row["rank"]
        count["meets_all"] += own["meets_all"] != ("yes" if row["eligible"] == "1" else "no")
        count["awards"] += (row["unit"] in winners) != (row["award"] == "1")
    return count


def limit_differs(work):
    """Whether the AVX-512 program says anything else than e2e.c."""
    import numpy as np
    units, items = SIZES[work]
    cents = lambda text: int(text.replace(".", ""))
    scores = np.fromfile(f"data/{work}.truth.score.i32", dtype=np.int32).reshape(items, units)
    totals = np.fromfile(f"data/{work}.truth.total.i64", dtype=np.int64)
    ranks = np.fromfile(f"data/{work}.truth.rank.i32", dtype=np.int32)
    printed = np.loadtxt(f"out/c-{work}.scores.csv", delimiter=",", skiprows=1, usecols=2)
    printed = np.rint(printed * 100).astype(np.int64).reshape(units, items).T
    different = int((printed != scores).sum())
    for row in rows(f"out/c-{work}.totals.csv"):
        unit = int(row["unit"])
        different += int(totals[unit]) != cents(row["total"]) or int(ranks[unit]) != int(row["rank"])
    return different


def check_exactness(arguments):
    found = {}
    for work, (units, items) in SIZES.items():
        run(score(arguments, work))
        run(e2e(work))
        found[work] = differences(work)
        if arguments.limit == "yes":
            run(["./limit", "a", work, str(units), str(items), "1", "1", "4", "8", "dump"])
            found[work]["e2e.c against limit.c"] = limit_differs(work)
        print(work, found[work], file=sys.stderr)
    for work in DECISIONS:
        run(compute_of(arguments, work))
        run(c_program(work))
        same = filecmp.cmp(f"out/{work}.csv", f"out/c-{work}.csv", shallow=False)
        found[work] = {"cells": 1_000_000, "rows": 0 if same else 1}
        print(work, found[work], file=sys.stderr)
    wrong = sum(count for work in found.values() for name, count in work.items() if name != "cells")
    if wrong:
        sys.exit(f"{wrong} results differ; nothing is timed")
    return found


def contenders(arguments):
    """Name, command, environment, and whether the time it reports itself is taken (imports apart)."""
    peer = lambda name, work: [sys.executable, f"{arguments.peers}/e2e_peers.py", name, work]
    one = {"POLARS_MAX_THREADS": "1"}
    decided = [
        contender
        for work in DECISIONS
        for contender in (
            (f"kaoping compute {work}", compute_of(arguments, work), {}, False),
            (f"kaoping compute {work}, one thread", compute_of(arguments, work), {"RAYON_NUM_THREADS": "1"}, False),
            (f"polars {work}, one thread", peer("polars", work), one, True),
            (f"polars {work}, all threads", peer("polars", work), {}, True),
            (f"duckdb {work}, all threads", peer("duckdb", work), {}, True),
            (f"C program {work}", c_program(work), {}, False),
        )
    ]
    return [
        ("kaoping score A3", score(arguments, "A3"), {}, False),
        ("kaoping score A3, one thread", score(arguments, "A3"), {"RAYON_NUM_THREADS": "1"}, False),
        ("polars A3, one thread", peer("polars", "A3"), one, True),
        ("polars A3, all threads", peer("polars", "A3"), {}, True),
        ("duckdb A3, all threads", peer("duckdb", "A3"), {}, True),
        ("C program e2e.c A3", e2e("A3"), {}, False),
        ("kaoping score A2", score(arguments, "A2"), {}, False),
        ("polars A2, one thread", peer("polars", "A2"), one, True),
        *decided,
        ("kaoping check livelihood", [arguments.kaoping, "check", f"{arguments.policies}/livelihood"], {}, False),
        ("kaoping check medical-assistance", [arguments.kaoping, "check", f"{arguments.policies}/medical-assistance"], {}, False),
    ]


def time_all(arguments):
    times = {}
    for _ in range(arguments.reps):
        for name, command, environment, inside in contenders(arguments):
            seconds, memory, printed = run(command, environment=environment)
            if inside:
                seconds = json.loads(printed.splitlines()[-1])["t"]
            times.setdefault(name, []).append((seconds, memory))
    table = {}
    for name, measured in times.items():
        seconds = [seconds for seconds, _ in measured]
        table[name] = {
            "median": round(statistics.median(seconds), 4), "least": round(min(seconds), 4),
            "most": round(max(seconds), 4), "peak_mb": round(max(memory for _, memory in measured)),
        }
    return table


def time_office(arguments):
    """LibreOffice on A2: load, recalculate, save, once."""
    if not os.path.exists("out/A2.xlsx"):
        subprocess.run([sys.executable, f"{arguments.peers}/make_xlsx.py", "A2", "out/A2.xlsx"], check=True)
    units, items = SIZES["A2"]
    # python3-uno belongs to the system's Python.
    command = ["/usr/bin/python3", f"{arguments.peers}/lo_uno.py", "A2", "out/A2.xlsx", "out/A2.saved.xlsx", "1", str(units), str(items)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = json.loads(printed.splitlines()[-1])
    found["all_s"] = round(found["load_s"] + found["calc_s"] + found["store_s"], 2)
    found["wrong"] = office_differs()
    return found


def office_differs():
    """What LibreOffice's binary numbers get wrong."""
    with open("out/A2.lo.json", encoding="utf-8") as file:
        scores, totals = json.load(file)
    cents = lambda text: int(text.replace(".", ""))
    wrong = {"scores": 0, "totals": 0, "ranks": 0}
    for row in rows("out/c-A2.scores.csv"):
        wrong["scores"] += round(scores[int(row["unit"])][int(row["indicator"])] * 100) != cents(row["score"])
    for row in rows("out/c-A2.totals.csv"):
        total, _, rank, _ = totals[int(row["unit"])]
        wrong["totals"] += round(total * 100) != cents(row["total"])
        wrong["ranks"] += int(rank) != int(row["rank"])
    return wrong


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    from importlib.metadata import version
    return {
        "processor": names[0] if names else platform.processor(), "cores": os.cpu_count(), "system": platform.platform(),
        "load": os.getloadavg()[0], "polars": version("polars"), "duckdb": version("duckdb"),
    }


def report(results):
    lines = ["| what | median s | least | most | peak MB | times kaoping |", "|---|---|---|---|---|---|"]
    base = {work: results["times"][f"kaoping score {work}"]["median"] for work in SIZES}
    base.update((work, results["times"][f"kaoping compute {work}"]["median"]) for work in DECISIONS)
    for name, row in results["times"].items():
        work = next((work for work in base if work in name), None)
        ratio = f"{row['median'] / base[work]:.2f}" if work else ""
        lines.append(f"| {name} | {row['median']:.3f} | {row['least']:.3f} | {row['most']:.3f} | {row['peak_mb']} | {ratio} |")
    office = results.get("office")
    if office:
        lines.append(f"| {office['peer']} A2: load, recalculate, save | {office['all_s']:.1f} | | | {office['peak_mb']} | {office['all_s'] / base['A2']:.0f} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser()
    for name in ("kaoping", "peers", "policies", "limit", "office"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--reps", type=int, default=5)
    parser.add_argument("--exactness", action="store_true", help="only that, as a line of JSON")
    arguments = parser.parse_args()
    if arguments.exactness:
        print(json.dumps(check_exactness(arguments)))
        return
    # In a process of its own: what this one holds would count into its children's peak memory.
    printed = subprocess.run([sys.executable, *sys.argv, "--exactness"], check=True, stdout=subprocess.PIPE).stdout
    results = {"machine": machine(), "exactness": json.loads(printed)}
    results["times"] = time_all(arguments)
    if arguments.office == "yes":
        results["office"] = time_office(arguments)
    with open("results.json", "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1, ensure_ascii=False)
    text = report(results)
    with open("results.md", "w", encoding="utf-8") as file:
        file.write(text)
    print(text)


if __name__ == "__main__":
    main()
