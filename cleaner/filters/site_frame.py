"""N109: what an HTML page's own elements call the frame around it: footers, navigation, dialogs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress

from cleaner.cues.columns import Column, Sheet
from cleaner.filter import Filter, whole
from cleaner.markup import markup_of, structure_of, target_kind
from cleaner.page import Page, Removal

CODE = "N109"
# Fact, and how the evidence names it. Measured: 2 to 3 % of the words in them are a page's own text.
PARTS = {
    "footer": "a footer",
    "contentinfo": "a footer",
    "dialog": "a dialog",
    "not for snippets": "an element marked data-nosnippet",
    "nav": "navigation",
}
MOST_TEXT = 0.5  # of the page's running text: an element with more of it is no frame, whatever it is called
FEWEST_CHARS = 200  # of running text, from which that counts
RUNNING_CHARS = 80  # a block this long is running text, when
MOST_LINKS = 0.5  # of it stands in links at most


def _find(page: Page) -> Iterator[Removal]:
    structure = structure_of(page)
    if structure is None or not page.blocks:
        return
    sheet = Sheet(len(page.blocks))
    running = _running(page)
    done: Column = 0
    for fact, name in PARTS.items():
        column = structure.landmark(fact) & sheet.no(done)
        if not column or _is_main(running, sheet.bytes_of(column)):
            continue
        if fact == "nav":
            column &= sheet.no(_contents(page, sheet, column))
        done |= column
        for block in compress(range(sheet.size), sheet.bytes_of(column)):
            yield whole(page, block, CODE, f"in {name}")


def _running(page: Page) -> list[int]:
    """The characters of each block that is running text."""
    return [
        len(text) if len(text) >= RUNNING_CHARS and (links or 0) <= MOST_LINKS * len(text) else 0
        for text, _, _, _, links in page.blocks
    ]


def _is_main(running: Sequence[int], flags: bytes) -> bool:
    """Whether the flagged blocks hold most of the page's running text."""
    within = sum(compress(running, flags))
    return within >= FEWEST_CHARS and within > MOST_TEXT * sum(running)


def _contents(page: Page, sheet: Sheet, navigation: Column) -> Column:
    """The blocks of navigation that lead to places in the page itself, as its table of contents does."""
    markup = markup_of(page)
    if markup is None:
        return 0
    blocks = compress(range(sheet.size), sheet.bytes_of(navigation))
    anchors = [(block, target) for block in blocks for target in markup.targets[block] if target[0] == "#"]
    within = sheet.of_blocks(block for block, target in anchors if target_kind(target) == "same_page")
    return within | sheet.near(within, 1)


SITE_FRAME = Filter(
    code=CODE,
    name="site_frame",
    removes="In HTML, what stands in elements for footers, navigation and dialogs, or is marked not to be quoted.",
    mistakes="A page whose author put its text into such an element, when that is less than half of the page's prose.",
    find=_find,
    format="html",
    examples="""
-<nav>Moorings and fees for guests</nav>
 <p>The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.</p>
 <p>The pilots were not asked, and their speaker said that they had not expected to be asked by the board.</p>
-<div role="dialog">Moorings are free this week for readers of our letter.</div>
-<footer>Harbour board of Norholm, third floor, open on weekdays</footer>
==
 <p>The footer of the old dam was laid in the dry year, and the men who laid it slept in a tent beside it.</p>
 <nav><a href="#dialog">A dialog with the miller</a></nav>
 <footer>It was the miller who had the first word, as always: the water was his, he said, and the dam was not, and \
whoever wanted to lay stones in the one would have to ask the owner of the other, who was not in.</footer>
""",
)
