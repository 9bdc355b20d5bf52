"""How time grows with the size of the input: the slope of log time over log size, 1 being linear.

python benchmarks/growth.py [--most 100MB] [--only FAMILY ...]
"""

from __future__ import annotations

import argparse
import math
import re
import time
from collections.abc import Callable
from itertools import pairwise

from pages import pages_of_fixtures

import cleaner

LEAST_BYTES = 10_000
MOST_LINES = 200_000
WANTED_SLOPE = 1.1
FLOOR_SECONDS = 0.02  # faster runs are repeated until they have taken so long
UNITS = {"KB": 1_000, "MB": 1_000_000}


def ordinary_text(size: int) -> str:
    """Different pages one after the other."""
    texts, chars = [], 0
    for page in pages_of_fixtures(size // 12_000 + 2, seed=size):
        texts.append(page)
        chars += len(page)
        if chars >= size:
            break
    return "".join(texts)[:size]


def one_giant_line(size: int) -> str:
    """Prose without a line break."""
    return ordinary_text(size).replace("\n", " ")


def short_lines(size: int) -> str:
    """Lines of a dozen characters, a hundred thousand different ones."""
    return "".join(f"line {number % 100_000:06d}\n" for number in range(size // 12))


def identical_lines(size: int) -> str:
    """One sentence again and again, at most 200,000 times; longer in larger inputs."""
    count, chars = _lines_for(size)
    return f"{_sentence(chars)}\n" * count


def nearly_alike_lines(size: int) -> str:
    """One sentence again and again with a word changed each time, at most 200,000 times."""
    count, chars = _lines_for(size)
    sentence = _sentence(chars - 8)
    return "".join(f"{sentence[:40]} n{number:06d}{sentence[40:]}\n" for number in range(count))


def one_character(size: int) -> str:
    """Runs of one character each, of spaces, dots, letters and marks."""
    return "".join(char * (size // 8) + "\n" for char in " .a-|\t0\u2026")


def pointers(size: int) -> str:
    """One line of pointers to other pages, none of which ends."""
    pointer = 'said it" Read more: harbour news and the '
    return f"The board and the pilots of the harbour were there {pointer * (size // len(pointer))}"


def copies_in_a_line(size: int) -> str:
    """One line of texts without full stops, each beside its copy."""
    words = iter(range(size))
    texts = ("".join(f"harbour{next(words)} fees " for _ in range(40)) for _ in range(size // 1_400))
    return "".join(text * 2 for text in texts)


def _lines_for(size: int) -> tuple[int, int]:
    count = min(MOST_LINES, max(size // 100, 1))
    return count, size // count - 1


def _sentence(chars: int) -> str:
    words = "the harbour board voted on monday to keep the old crane where it stands and to paint it green"
    return (f"{words} " * (chars // len(words) + 1))[: chars - 1].strip() + "."


FAMILIES: dict[str, Callable[[int], str]] = {
    "ordinary text": ordinary_text,
    "one giant line": one_giant_line,
    "short lines": short_lines,
    "identical lines": identical_lines,
    "nearly alike lines": nearly_alike_lines,
    "runs of one character": one_character,
    "pointers": pointers,
    "copies in a line": copies_in_a_line,
}


def seconds_for(text: str) -> float:
    """CPU seconds of one call; the best of several for small inputs."""
    best, spent = math.inf, 0.0
    while spent < FLOOR_SECONDS:
        start = time.process_time()
        _ = cleaner.clean(text, format="text").text
        took = time.process_time() - start
        best, spent = min(best, took), spent + max(took, 1e-4)
    return best


def slope_of(points: list[tuple[int, float]]) -> float:
    """The least-squares slope of log time over log size."""
    logs = [(math.log(size), math.log(seconds)) for size, seconds in points]
    mean_x = sum(x for x, _ in logs) / len(logs)
    mean_y = sum(y for _, y in logs) / len(logs)
    return sum((x - mean_x) * (y - mean_y) for x, y in logs) / sum((x - mean_x) ** 2 for x, _ in logs)


def bytes_of(text: str) -> int:
    """A size such as 10KB or 100MB in bytes."""
    match = re.fullmatch(r"(\d+)\s*(KB|MB)", text.upper())
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write it as 500KB or 100MB")
    return int(match[1]) * UNITS[match[2]]


def main() -> None:
    """Prints seconds for each family and size, and each family's slope."""
    parser = argparse.ArgumentParser(description="How time grows with the size of the input.")
    parser.add_argument("--most", type=bytes_of, default=bytes_of("100MB"), help="the largest input, such as 10MB")
    parser.add_argument("--only", nargs="+", choices=FAMILIES, default=list(FAMILIES), metavar="FAMILY")
    options = parser.parse_args()
    sizes = [LEAST_BYTES]
    while sizes[-1] * 10 <= options.most:
        sizes.append(sizes[-1] * 10)
    if len(sizes) < 2:
        parser.error(f"--most: at least {LEAST_BYTES // 100} KB, to have two sizes")
    cleaner.clean(ordinary_text(LEAST_BYTES), format="text")
    print(f"{'seconds of CPU for':22s}" + "".join(f"{size:>13,}" for size in sizes) + "    slope  steepest step")
    for name in options.only:
        points = []
        print(f"{name:22s}", end="", flush=True)
        for size in sizes:
            text = FAMILIES[name](size)
            points.append((len(text), seconds_for(text)))
            print(f"{points[-1][1]:13.4f}", end="", flush=True)
        steepest = max(slope_of(list(pair)) for pair in pairwise(points))
        print(f"  {slope_of(points):7.2f}  {steepest:7.2f}")
    print(f"wanted: a slope of {WANTED_SLOPE} at most")


if __name__ == "__main__":
    main()
