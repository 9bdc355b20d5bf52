"""The work grows in proportion to the input: the interpreter's instructions are counted, not the seconds.

The count is the same on every machine. It does not see what a single call into C does with a long text;
``benchmarks/growth.py`` measures that, up to 100 MB.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from instructions import instructions

from cleaner import clean

SIZE = 8_000
DOUBLINGS = 3
WANTED_SLOPE = 1.1  # of log instructions over log characters, between the first size and the last
SENTENCE = "The harbour board voted on Monday to keep the old crane where it stands, and to paint it green."


def numbered(line: str) -> Callable[[int], str]:
    """Makes a text of some size from lines that differ in a number alone."""
    return lambda size: "".join(f"{line.format(number)}\n" for number in range(size // (len(line) + 4)))


def prose(size: int) -> str:
    """Sentences that differ, a paragraph each."""
    words = SENTENCE.lower().rstrip(".").split()
    lines = []
    for number in range(size // 100):
        sentence = " ".join(words[number * step % len(words)] for step in range(3, 21))
        lines.append(f"{sentence.capitalize()} {number}.\n")
    return "".join(lines)


def linked(size: int) -> str:
    """One paragraph as lynx shows it, with a number and a pointer for each link, and its list of addresses."""
    numbers = range(1, size // 70)
    links = " ".join(f"[{number}]word (Read more: harbour news and the)" for number in numbers)
    addresses = "".join(f"   {number}. http://x.y/{number}\n" for number in numbers)
    return f"The board of the harbour and the pilots {links}\n\nReferences\n\n{addresses}"


FAMILIES: dict[str, Callable[[int], str]] = {
    "prose": prose,
    "one giant line": lambda size: prose(size).replace("\n", " "),
    "short lines": numbered("line {:06d}"),
    "menu items": numbered("Home News {:06d}"),
    "identical lines": lambda size: f"{SENTENCE}\n" * (size // len(SENTENCE)),
    "nearly alike lines": numbered(SENTENCE.replace("Monday", "day {:06d}")),
    "body twice": lambda size: prose(size // 2) * 2,
    "related headings": lambda size: f"You may also like:\n{SENTENCE}\n" * (size // 120),
    "signed comments": lambda size: "Comments\nTove 12:30 12 March 2020\nRagna 12:31 12 March 2020\n" * (size // 70),
    "comments": lambda size: f"3 Comments\nReply\n{SENTENCE}\n" * (size // 120),
    "one character": lambda size: "".join(char * (size // 8) + "\n" for char in " .a-|\t0\u2026"),
    "empty lines": lambda size: "a\n" + "\n" * size + "b\n",
    "link numbers": lambda size: "see [1]here [2]there\n" * (size // 20),
    "link numbers and pointers": linked,
}


def cleaning(text: str, format: str = "text") -> int:
    """How many bytecode instructions one call of ``clean`` runs."""
    return instructions(lambda: clean(text, format=format).text)


@pytest.mark.parametrize("family", FAMILIES)
def test_instructions_grow_with_size(family: str) -> None:
    small, large = (FAMILIES[family](size) for size in (SIZE, SIZE * 2**DOUBLINGS))
    clean(small, format="text")  # phrase packs are read once, and not counted
    growth = math.log(cleaning(large) / cleaning(small))
    assert growth / math.log(len(large) / len(small)) <= WANTED_SLOPE


# What a pattern does within a call into C is not counted; with these a pattern that tries every way would take hours.
RUNS = [" ", "\t", "\xa0", "-", " - ", "1 ", "1 - ", "*", "_", "a ", "[", "\r"]


@pytest.mark.parametrize("format", ["text", "markdown", "html"])
@pytest.mark.parametrize("run", RUNS)
def test_long_runs_in_a_line_take_no_time(run: str, format: str) -> None:
    page = f"{SENTENCE}\n\nPosted on{run * (300_000 // len(run))}12 May 2020\n\n{SENTENCE}\n"
    assert SENTENCE in clean(page, format=format).text


def test_page_numbers_are_no_riddle() -> None:
    numbers = "---- ".join(map(str, range(1, 20)))
    after = "Nobody on the quay had expected the board to ask them, and nobody did."
    page = f"{SENTENCE}\n\n{numbers}\n\n{after}\n\n{numbers} pages\n"
    assert clean(page, format="text").text == f"{SENTENCE}\n\n{after}\n\n{numbers} pages\n"
