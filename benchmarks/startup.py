"""Wall time of the command on one small file, beside trafilatura's on the same, runs taking turns.

python benchmarks/startup.py [--runs 21]
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

FIXTURE = Path(__file__).parent.parent / "fixtures" / "news-doubled-en" / "source.txt"
WANTED_MS = 150.0
WANTED_RATIO = 0.5


def command(name: str, advice: str) -> str:
    """Where a command is: beside this interpreter, or on the path."""
    beside = Path(sys.executable).parent / name
    found = str(beside) if beside.exists() else shutil.which(name)
    return found or sys.exit(f"{name} was not found; pip install {advice}")


def wall_ms(program: str) -> float:
    """Milliseconds from start to end of one run with the fixture on its standard input."""
    with FIXTURE.open("rb") as page:
        start = time.perf_counter()
        done = subprocess.run([program], stdin=page, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        wall = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{program} ended with {done.returncode}: {done.stderr.decode('utf-8', 'replace')}")
    return wall * 1000


def main() -> None:
    """Prints both medians and their ratio."""
    parser = argparse.ArgumentParser(description="Start-up time on a small file, beside trafilatura's.")
    parser.add_argument("--runs", type=int, default=21)
    parser.add_argument("--alone", action="store_true", help="without trafilatura")
    options = parser.parse_args()
    programs = {"cleaner": command("cleaner", "'.'")}
    if not options.alone:
        programs["trafilatura"] = command("trafilatura", "trafilatura")
    for program in programs.values():
        wall_ms(program)
    runs = [{name: wall_ms(program) for name, program in programs.items()} for _ in range(options.runs)]
    print(f"{FIXTURE.stat().st_size} bytes on standard input, {options.runs} runs")
    for name in programs:
        found = sorted(one[name] for one in runs)
        print(f"{name:12s} {median(found):7.0f} ms  (from {found[0]:.0f} to {found[-1]:.0f})")
    print(f"wanted       {WANTED_MS:7.0f} ms at most")
    if "trafilatura" in programs:
        ratio = median(one["cleaner"] / one["trafilatura"] for one in runs)
        print(f"ratio        {ratio:7.2f}     wanted: {WANTED_RATIO:.1f} at most")


if __name__ == "__main__":
    main()
