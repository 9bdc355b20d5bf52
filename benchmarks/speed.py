"""CPU time a page of cleaner, beside another tool's on the same pages in the same run.

Text beside datatrove's C4 filter; HTML beside resiliparse's extraction of the main content, from bytes to text.

python benchmarks/speed.py [--pages FOLDER_OR_JSONL [--field NAME]] [--rounds 7] [--count 60]
python benchmarks/speed.py --html FOLDER [--rounds 7] [--count 60]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from statistics import median

from pages import pages_from, pages_of_fixtures

import cleaner

WANTED_MS = 5.0  # of text, the scorecard included
WANTED_RATIO = 5.0
WANTED_HTML_RATIO = 3.5

Page = str | bytes
Run = Callable[[Page], object]


def c4_filter() -> Run:
    """datatrove's line filter with C4's rules, for one text."""
    try:
        from datatrove.data import Document
        from datatrove.pipeline.filters import C4QualityFilter
    except ImportError as error:
        sys.exit(f"{error}; for the comparison: pip install datatrove nltk (or leave it out: --alone)")
    rules = C4QualityFilter(filter_no_terminal_punct=True, split_paragraph=True, min_num_sentences=-1)
    return lambda text: rules.filter(Document(text=text, id="page"))


def resiliparse() -> Run:
    """resiliparse's extraction of the main content, for one document."""
    try:
        from resiliparse.extract.html2text import extract_plain_text
        from resiliparse.parse.encoding import bytes_to_str, detect_encoding
    except ImportError as error:
        sys.exit(f"{error}; for the comparison: pip install resiliparse (or leave it out: --alone)")

    def run(page: Page) -> object:
        text = page if isinstance(page, str) else bytes_to_str(page, detect_encoding(page) or "utf-8")
        return extract_plain_text(text, main_content=True, alt_texts=False)

    return run


def cpu_ms(run: Run, pages: list[Page]) -> float:
    """The CPU time that one call a page takes, in milliseconds, averaged over the pages."""
    start = time.process_time()
    for page in pages:
        run(page)
    return (time.process_time() - start) / len(pages) * 1000


def main() -> None:
    """Prints both times and their ratio, medians over rounds that take turns."""
    options = arguments()
    pages = list(islice(pages_of(options), options.count))
    if not pages:
        sys.exit(f"{options.html or options.pages}: no pages")
    format = "html" if options.html else "text"
    peers: dict[str, Run] = {"cleaner": lambda page: cleaner.clean(page, format=format).text}
    if not options.alone:
        peers |= {"resiliparse": resiliparse()} if options.html else {"datatrove C4": c4_filter()}
    for run in peers.values():
        cpu_ms(run, pages[:3])
    rounds = [{name: cpu_ms(run, pages) for name, run in peers.items()} for _ in range(options.rounds)]
    report(pages, rounds)


def pages_of(options: argparse.Namespace) -> Iterator[Page]:
    """The pages that the options name: documents as bytes, or texts."""
    if options.html:
        yield from (path.read_bytes() for path in sorted(options.html.rglob("*.html")))
    else:
        yield from pages_from(options.pages, options.field) if options.pages else pages_of_fixtures(options.count)


def report(pages: list[Page], rounds: list[dict[str, float]]) -> None:
    """Prints what was measured."""
    encoded = [page if isinstance(page, bytes) else page.encode() for page in pages]
    kilobytes = sum(map(len, encoded)) / len(pages) / 1000
    lines = sum(page.count(b"\n") for page in encoded) / len(pages)
    print(f"{len(pages)} pages, {kilobytes:.1f} KB and {lines:.0f} lines on average, {len(rounds)} rounds")
    for name in rounds[0]:
        found = sorted(one[name] for one in rounds)
        print(f"{name:14s} {median(found):7.2f} ms CPU a page  (from {found[0]:.2f} to {found[-1]:.2f})")
    if isinstance(pages[0], str):
        print(f"wanted         {WANTED_MS:7.2f} ms at most for a page of 16 KB and 380 lines")
    _, *peers = rounds[0]
    for peer in peers:
        ratio = median(one["cleaner"] / one[peer] for one in rounds)
        wanted = WANTED_RATIO if isinstance(pages[0], str) else WANTED_HTML_RATIO
        print(f"ratio          {ratio:7.2f}     wanted: {wanted:.1f} at most")


def arguments() -> argparse.Namespace:
    """The command line's options."""
    parser = argparse.ArgumentParser(description="CPU time a page, beside another tool's.")
    parser.add_argument("--pages", type=Path, help="a folder of texts or a JSONL file; without it, from the fixtures")
    parser.add_argument("--html", type=Path, help="a folder of HTML pages, for the speed of HTML")
    parser.add_argument("--field", default="text", help="the JSONL field that holds the text")
    parser.add_argument("--count", type=int, default=60, help="how many pages")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--alone", action="store_true", help="without the other tool")
    return parser.parse_args()


if __name__ == "__main__":
    main()
