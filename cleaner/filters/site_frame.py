"""N109: what an HTML page's own elements call the frame around it: footers, navigation, dialogs."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.cues.columns import Column, Sheet
from cleaner.features import features_of
from cleaner.filter import Filter, whole
from cleaner.markup import Structure, markup_of, structure_of
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
MOST_PROSE = 0.5  # of the page's: an element with more of it is no frame, whatever it is called
FEWEST_WORDS = 30  # of prose, from which that counts


def _find(page: Page) -> Iterator[Removal]:
    structure = structure_of(page)
    if structure is None or not page.blocks:
        return
    sheet = Sheet(len(page.blocks))
    done: Column = 0
    for fact, name in PARTS.items():
        column = structure.inside(fact) & sheet.no(done)
        if not column or _is_main(page, sheet, column):
            continue
        if fact == "nav":
            column &= sheet.no(_contents(page, sheet, structure))
        done |= column
        flags = sheet.bytes_of(column)
        for block in range(sheet.size):
            if flags[block]:
                yield whole(page, block, CODE, f"in {name}")


def _is_main(page: Page, sheet: Sheet, column: Column) -> bool:
    """Whether these blocks hold most of the page's prose."""
    features, flags = features_of(page), sheet.bytes_of(column)
    facts = zip(features.words, features.prose, flags, strict=True)
    within = sum(words for words, prose, inside in facts if prose and inside)
    return within >= FEWEST_WORDS and within > MOST_PROSE * features.prose_words_before[-1]


def _contents(page: Page, sheet: Sheet, structure: Structure) -> Column:
    """The blocks of navigation that lead to places in the page itself, as its table of contents does."""
    markup = markup_of(page)
    if markup is None:
        return 0
    within = sheet.of(markup.with_target("same_page")) & structure.inside("nav")
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
