"""Pages to measure with: a folder or JSONL file of the user's, or pages put together from the fixtures.

Put together, a page is as large as an average page of a crawl that was flattened: 16 KB, 380 lines.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FIXTURES = Path(__file__).parent.parent / "fixtures"
AVERAGE_CHARS = 16_000
AVERAGE_LINES = 380
LEAST_PROSE_CHARS = 90  # a longer line is cut into sentences, which make new paragraphs
MADE_A_LINE = 1  # short lines made of two a line of the fixtures: most of a crawl are in no phrase pack
LANGUAGES = ("en", "de", "fr", "es")
SENTENCE = re.compile(r"[^.!?]+[.!?]+[\"'\u201d\u2019\u00bb)]*\s*")


def pages_from(path: Path, field: str) -> Iterator[str]:
    """The texts of a folder's files, in order, or of one field of a JSONL file's records."""
    if path.is_dir():
        for file in sorted(found for found in path.rglob("*") if found.is_file()):
            yield file.read_text("utf-8", "replace")
        return
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if not line.strip():
            continue
        record = json.loads(line)
        if field not in record:
            sys.exit(f"{path}:{number}: no field {field!r}; name one with --field: {', '.join(record)}")
        yield record[field]


def pages_of_fixtures(count: int, seed: int = 1) -> Iterator[str]:
    """Pages of average size: the short lines of one language's fixtures in runs, new paragraphs of their sentences."""
    chance = random.Random(seed)
    for number in range(count):
        yield _page(LANGUAGES[number % len(LANGUAGES)], chance)


@cache
def _material(language: str) -> tuple[list[str], list[str]]:
    """Short lines, as a language's fixtures have them or made of two, and the sentences of the others."""
    sources = [path.read_text("utf-8") for path in sorted(FIXTURES.glob(f"*-{language}/source.txt"))]
    lines = [line for source in sources for line in source.split("\n") if line.strip()]
    short = [line for line in lines if len(line) < LEAST_PROSE_CHARS]
    long = " ".join(line for line in lines if len(line) >= LEAST_PROSE_CHARS)
    chance = random.Random(language)
    made = [_of_two(chance.choice(short), chance.choice(short)) for _ in range(len(short) * MADE_A_LINE)]
    return short + made, SENTENCE.findall(long)


def _of_two(first: str, second: str) -> str:
    """A line of the halves of two."""
    head, tail = first.split(), second.split()
    return " ".join(head[: len(head) // 2 + 1] + tail[len(tail) // 2 + 1 :])


def _page(language: str, chance: random.Random) -> str:
    short, sentences = _material(language)
    prose_share = _prose_share(short, sentences)
    page: list[str] = []
    while len(page) < AVERAGE_LINES:
        if chance.random() < prose_share:
            page.append("".join(chance.sample(sentences, 3)).strip())
        else:
            page.append(chance.choice(short))
    return "\n".join(_sorted_into_runs(page)) + "\n"


def _prose_share(short: list[str], sentences: list[str]) -> float:
    """The share of paragraphs with which lines are as long as those of an average page."""
    short_chars = sum(map(len, short)) / len(short)
    prose_chars = 3 * sum(map(len, sentences)) / len(sentences)
    return (AVERAGE_CHARS / AVERAGE_LINES - 1 - short_chars) / (prose_chars - short_chars)


def _sorted_into_runs(page: list[str]) -> list[str]:
    """The head and the tail of the page short lines, its middle the paragraphs with a few short lines among them."""
    short = [line for line in page if len(line) < LEAST_PROSE_CHARS]
    prose = [line for line in page if len(line) >= LEAST_PROSE_CHARS]
    inside, head, tail = short[: len(prose)], short[len(prose) : 2 * len(short) // 3], short[2 * len(short) // 3 :]
    middle = [line for pair in zip(prose, inside, strict=False) for line in pair] + prose[len(inside) :]
    return head + middle + tail
