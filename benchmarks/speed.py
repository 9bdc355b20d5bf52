"""CPU time a page of cleaner, beside datatrove's C4 filter on the same pages in the same run.

python benchmarks/speed.py [--pages FOLDER_OR_JSONL [--field NAME]] [--rounds 7] [--count 60]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from pages import pages_from, pages_of_fixtures

import cleaner

WANTED_MS = 5.0  # the scorecard included
WANTED_RATIO = 5.0


def c4_filter() -> Callable[[str], object]:
    """datatrove's line filter with C4's rules, for one text."""
    try:
        from datatrove.data import Document
        from datatrove.pipeline.filters import C4QualityFilter
    except ImportError as error:
        sys.exit(f"{error}; for the comparison: pip install datatrove nltk (or leave it out: --alone)")
    rules = C4QualityFilter(filter_no_terminal_punct=True, split_paragraph=True, min_num_sentences=-1)
    return lambda text: rules.filter(Document(text=text, id="page"))


def cpu_ms(run: Callable[[str], object], pages: list[str]) -> float:
    """The CPU time that one call a page takes, in milliseconds, averaged over the pages."""
    start = time.process_time()
    for page in pages:
        run(page)
    return (time.process_time() - start) / len(pages) * 1000


def main() -> None:
    """Prints both times and their ratio, medians over rounds that take turns."""
    options = arguments()
    pages = list(pages_from(options.pages, options.field) if options.pages else pages_of_fixtures(options.count))
    pages = pages[: options.count]
    if not pages:
        sys.exit(f"{options.pages}: no pages")
    peers: dict[str, Callable[[str], object]] = {"cleaner": lambda page: cleaner.clean(page, format="text").text}
    if not options.alone:
        peers["datatrove C4"] = c4_filter()
    for run in peers.values():
        cpu_ms(run, pages[:3])
    rounds = [{name: cpu_ms(run, pages) for name, run in peers.items()} for _ in range(options.rounds)]
    report(pages, rounds)


def report(pages: list[str], rounds: list[dict[str, float]]) -> None:
    """Prints what was measured."""
    kilobytes = sum(len(page.encode()) for page in pages) / len(pages) / 1000
    lines = sum(page.count("\n") for page in pages) / len(pages)
    print(f"{len(pages)} pages, {kilobytes:.1f} KB and {lines:.0f} lines on average, {len(rounds)} rounds")
    for name in rounds[0]:
        found = sorted(one[name] for one in rounds)
        print(f"{name:14s} {median(found):7.2f} ms CPU a page  (from {found[0]:.2f} to {found[-1]:.2f})")
    print(f"wanted         {WANTED_MS:7.2f} ms at most for a page of 16 KB and 380 lines")
    if "datatrove C4" in rounds[0]:
        ratio = median(one["cleaner"] / one["datatrove C4"] for one in rounds)
        print(f"ratio          {ratio:7.2f}     wanted: {WANTED_RATIO:.1f} at most")


def arguments() -> argparse.Namespace:
    """The command line's options."""
    parser = argparse.ArgumentParser(description="CPU time a page, beside datatrove's C4 filter.")
    parser.add_argument("--pages", type=Path, help="a folder of texts or a JSONL file; without it, from the fixtures")
    parser.add_argument("--field", default="text", help="the JSONL field that holds the text")
    parser.add_argument("--count", type=int, default=60, help="how many pages")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--alone", action="store_true", help="without datatrove")
    return parser.parse_args()


if __name__ == "__main__":
    main()
