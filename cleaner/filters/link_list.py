"""N108: lists of links, which only marked-up input shows: menus, site maps, more stories."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.cues.columns import Column, holds
from cleaner.features import Features, features_of
from cleaner.filter import Filter, whole
from cleaner.markup import Markup, markup_of
from cleaner.page import Page, Removal

CODE = "N108"
LEAST_SHARE = 0.8  # of a block's characters that stand in links
FEWEST = 3  # blocks in a row outside the main text: 5 % of their words belong to the page, of two in a row 12 %
FEWEST_IN_TEXT = 10  # within it
FEWEST_OF_PROSE, FEWEST_A_LINK = 25, 5  # words of links that are prose, and of each of them
LONGEST_LABEL = 3  # words before the colon
LEAST_BODY = 60  # words of prose: a page with less may itself be a list
# What an HTML page's elements call its frame: elsewhere its links may be what the page is about.
MENUS = ("nav", "header", "footer", "aside", "class menu", "class footer", "class header", "class sidebar")
MOST_WITHIN = 0.5  # of a list whose links lead to places in its own page: a table of contents


def _find(page: Page) -> Iterator[Removal]:
    markup = markup_of(page)
    if markup is None:
        return
    features = features_of(page)
    body, words = features.body, features.prose_words_before
    if not body or words[body.stop] - words[body.start] < LEAST_BODY or not features.shows_chrome:
        return
    structure = features.structure
    behind = structure.after_gone if structure else 0  # a menu may go on behind its element
    menus = structure.inside(*MENUS) | behind if structure else None
    for run in _runs(page, features, markup, behind):
        if menus is not None and not holds(menus, run[0]):
            continue
        outside = 1 if holds(behind, run[0]) else FEWEST
        inside = body.start < run[0] < body.stop
        if len(run) >= (FEWEST_IN_TEXT if inside else outside) and not _is_contents(markup, run):
            for block in run:
                yield whole(page, block, CODE, f"in a run of {len(run)} blocks of links alone")


def _runs(page: Page, features: Features, markup: Markup, behind: Column) -> Iterator[list[int]]:
    """The blocks of links alone that stand in a row; what shows nothing does not part them.

    Those that begin ``behind`` navigation may have labels before their links.
    """
    run: list[int] = []
    title = features.title
    for block, (share, nothing) in enumerate(zip(markup.link_shares, markup.shows_nothing, strict=True)):
        if nothing:
            continue
        if share > 0 and block != title:
            found = page.blocks[block]
            is_links = share >= LEAST_SHARE or (
                holds(behind, run[0] if run else block) and _is_labelled(found.text, markup.link_chars[block])
            )
            if is_links and found.kind in ("item", "paragraph") and not _is_prose(features, markup, block):
                run.append(block)
                continue
        if run:
            yield run
            run = []
    if run:
        yield run


def _is_prose(features: Features, markup: Markup, block: int) -> bool:
    """Whether links say so much that they are no entry in a list."""
    return features.words[block] >= max(FEWEST_OF_PROSE, FEWEST_A_LINK * len(markup.targets[block]))


def _is_labelled(text: str, link_chars: int) -> bool:
    """Whether behind a label there are links alone, apart by signs: "Versions: 3.2 / 3.1 / 3.0"."""
    label, colon, links = text.partition(":")
    return (
        bool(colon) and len(label.split()) <= LONGEST_LABEL and link_chars >= LEAST_SHARE * sum(map(str.isalnum, links))
    )


def _is_contents(markup: Markup, run: list[int]) -> bool:
    within = sum("same_page" in markup.target_kinds[block] for block in run)
    return within > MOST_WITHIN * len(run)


LINK_LIST = Filter(
    code=CODE,
    name="link_list",
    removes="In Markdown, three or more items or lines in a row that are links and nothing else, around the main text; "
    "within it ten or more. In HTML those within menus, headers, footers and side bars, and right behind navigation.",
    mistakes="A list of sources that closes an article, when all of each item is a link and the page shows a site "
    "around it.",
    find=_find,
    format="markdown",
    examples="""
-* [Harbour life](/harbour)
-* [Pilots' corner](/pilots)
-* [Knots and ropes](/knots)
-[Weather on the quay](/weather)
 
 # Mooring fees will rise
 
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
 
 The fees were last raised in the spring of the flood, when the quay had to be closed for eleven weeks.
 
 * [A letter of the board](/letter)
 * [The fees since 1950](/fees)
 
 The treasurer said that the money is meant for the crane, which has not been painted since it was built.
 
 Home
 
 About us
 
 Contact us
==
 * [Fees](#fees)
 * [Berths](#berths)
 * [Crane](#crane)
 
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
 
 The fees were last raised in the spring of the flood, when the quay had to be closed for eleven weeks.
 
 The treasurer said that the money is meant for the crane, which has not been painted since it was built.
 
 Home
 
 About us
 
 Contact us
==
-* [Harbour life](/harbour)
-* [Pilots' corner](/pilots)
-* [Knots and ropes](/knots)
 
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
 
 The fees were last raised in the spring of the flood, when the quay had to be closed for eleven weeks.
 
 The treasurer said that the money is meant for the crane, which has not been painted since it was built.
 
 [The course for skippers takes a year, and whoever ends it may steer a ferry on the lake by night. \
Knots, charts, stars and weather](/skippers)
 
 [The course for pilots takes two years, and whoever ends it may bring a ship through the narrows alone. \
Charts, tides, currents and ice](/pilots)
 
 [The course for keepers takes a winter, and whoever ends it may tend the lamps on the northern wall. \
Oil, wicks, bells and fog](/keepers)
 
 Home
 
 About us
 
 Contact us
""",
)
