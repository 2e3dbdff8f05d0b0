"""How time per cell grows with the number of cells, in memory on one thread, from 10^4 to 10^8: a plot and a table.

    from the scratch folder of bench/run.sh:
    venv/bin/python BENCH/growth.py --examples TARGET/release/examples --policies POLICIES --plot DOCS/growth.svg

Claims: eight figures a row, the code made once as for a stream of blocks. Assessments: 100 indicators a
unit, everything anew each time: looking through the figures, making the code, scores, totals, places, awards.
"""
import argparse
import json
import subprocess
import sys

import matplotlib
import numpy as np

matplotlib.use("svg")
import matplotlib.pyplot as plt

SIZES = [10**4, 10**5, 10**6, 10**7, 10**8]
FIELDS = "category inpatient outpatient insurer employer household months paid_ytd".split()
FILES = "cat.u8 inp.i64 outp.i64 ins.i64 emp.i64 hh.u8 mo.u8 paid.i64".split()


def printed(command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return next(json.loads(line) for line in done.stdout.splitlines() if line.startswith("{"))


def claims(arguments, cells):
    """Claims of B10M, repeated where more are wanted."""
    rows = cells // len(FIELDS)
    with open("data/growth.columns", "w") as out:
        for field, file in zip(FIELDS, FILES):
            kind = np.uint8 if file.endswith("u8") else np.int64
            np.resize(np.fromfile(f"data/B10M.{file}", dtype=kind), rows).tofile(f"data/growth.{file}")
            out.write(f"{field} growth.{file}\n")
    passes = str(max(5, min(1001, 10**7 // cells)))
    return printed([f"{arguments.examples}/in_memory", f"{arguments.policies}/bench-medical", "data/growth.columns", passes])


def assessment(arguments, cells):
    passes = str(max(5, min(51, 10**7 // cells)))
    return printed([f"{arguments.examples}/assessment_in_memory", str(cells // 100), passes])


def main():
    parser = argparse.ArgumentParser()
    for name in ("examples", "policies", "plot"):
        parser.add_argument(f"--{name}", required=True)
    arguments = parser.parse_args()
    works = {"claims, 8 figures each": claims, "assessment, 100 indicators a unit": assessment}
    found = {name: [work(arguments, cells)["t"] * 1e9 / cells for cells in SIZES] for name, work in works.items()}
    plt.rcParams |= {"svg.hashsalt": "growth", "svg.fonttype": "none", "font.family": "sans-serif"}
    figure, axes = plt.subplots(figsize=(7.2, 4.2))
    for name, times in found.items():
        axes.plot(SIZES, times, marker="o", label=name)
    axes.set(xscale="log", yscale="log", xlabel="cells", ylabel="nanoseconds a cell", title="In memory, one thread")
    axes.grid(True, which="both", linewidth=0.3)
    axes.legend(frameon=False)
    figure.savefig(arguments.plot, bbox_inches="tight", metadata={"Date": None})
    print("| Cells | " + " | ".join(found) + " |\n|---|" + "---|" * len(found))
    for at, cells in enumerate(SIZES):
        values = [f"{times[at]:.3f} ({times[at] / times[2]:.2f})" for times in found.values()]
        print(f"| {cells:,} | " + " | ".join(values) + " |")


if __name__ == "__main__":
    main()
