"""The inner page of an HTML page: what filters see, and how what they remove comes back to the whole page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

import cleaner
from cleaner.config import Config
from cleaner.features import features_of
from cleaner.filter import whole
from cleaner.filters.widget import WIDGET
from cleaner.inner import inner_of, without_removals_of
from cleaner.markup import structure_of
from cleaner.page import Page
from cleaner.pipeline import judged
from cleaner.readers.html import read_html
from cleaner.readers.text import read_text

LINES = (
    "Berths",
    "Pilots",
    "The harbour board voted on Monday to raise the fees.",
    "Nobody spoke against it, of all members.",
)
FRAMED = """<html><body>
<nav><ul><li><a href="/berths">Berths</a></li><li><a href="/pilots">Pilots</a></li></ul></nav>
<main id="text"><h1>Mooring fees rise</h1>
<p>The harbour board voted on Monday to raise the mooring fees by four per cent, and nobody spoke against it.</p>
<p>The pilots were not asked, and their speaker said that they had not expected to be asked by the board.</p>
<p>Whoever comes in summer will pay more than whoever comes in spring, when the berths at the old quay stand empty.</p>
<p>The harbour board voted on Monday to raise the mooring fees by four per cent, and nobody spoke against it.</p>
<p>The pilots were not asked, and their speaker said that they had not expected to be asked by the board.</p>
<p>Whoever comes in summer will pay more than whoever comes in spring, when the berths at the old quay stand empty.</p>
</main>
<footer><p>Harbour board of Norholm</p></footer></body></html>"""


def page_of(places: list[tuple[str, bool]]) -> Page:
    """A page of lines, each in navigation or not."""
    return read_html("".join(f"<nav>{text}</nav>" if in_nav else f"<p>{text}</p>" for text, in_nav in places))


def without(page: Page, gone: list[int]) -> Page:
    return page.without([whole(page, block, "N109", "gone") for block in gone])


def test_a_page_without_elements_is_its_own_inner_page() -> None:
    page = read_text("Berths\n\nPilots\n")
    assert inner_of(page) is page
    assert without_removals_of(page) is page


@given(st.lists(st.tuples(st.sampled_from(LINES), st.booleans(), st.booleans()), max_size=8))
def test_blocks_of_the_inner_page_are_those_that_stand(rows: list[tuple[str, bool, bool]]) -> None:
    page = page_of([(text, in_nav) for text, in_nav, _ in rows])
    gone = [number for number, (_, _, is_gone) in enumerate(rows) if is_gone]
    outer = without(page, gone)
    inner = inner_of(outer)
    assert [block.text for block in inner.blocks] == [text for text, _, is_gone in rows if not is_gone]
    assert all(inner.source[block.start : block.end] == block.text for block in inner.blocks)
    structure, whole = structure_of(inner), structure_of(page)
    assert structure
    assert whole
    standing = [number for number in range(len(rows)) if number not in gone]
    for fact in ("nav", "paragraph"):
        flags = whole.inside(fact).to_bytes(len(rows), "little")
        assert structure.inside(fact).to_bytes(len(standing), "little") == bytes(flags[number] for number in standing)
    both = without_removals_of(without(inner, list(range(0, len(standing), 2))))
    assert {removal.block for removal in both.removals} == {*gone, *standing[::2]}
    assert all(page.source[one.start : one.end] == page.blocks[one.block].text for one in both.removals)


def test_filters_do_not_see_the_frame() -> None:
    inner = judged(FRAMED, format="html", url=None, config=Config())
    assert "Berths" not in inner.source
    assert sum(features_of(inner).words) < len(FRAMED.split())
    assert features_of(inner).frame[:2] == ("nav", "footer")


def test_a_removal_stands_at_its_place_in_the_whole_page() -> None:
    page = cleaner.clean(FRAMED, format="html").page
    gone = {removal.filter: removal for removal in page.removals}
    twice = gone["D101"]
    assert page.source[twice.start : twice.end] == page.blocks[twice.block].text
    first = next(
        number for number, line in enumerate(page.source.split("\n"), 1) if line == page.blocks[twice.block].text
    )
    assert f"line {first}" in twice.evidence


def test_users_rules_hold_within_and_without_the_frame() -> None:
    page = cleaner.clean(FRAMED, format="html", config=Config(keep=("Pilots",), drop=("were not asked",))).page
    assert "Pilots" in page.text
    assert "Berths" not in page.text
    assert "were not asked" not in page.text


def test_sections_named_after_their_headings_are_not_told_by_their_ids() -> None:
    sections = ("Cookies", "Comment style", "Newsletter archives")
    text = "".join(
        f'<section id="{name.lower().replace(" ", "-")}"><h2>{name}¶</h2><p>{LINES[2]}</p></section>'
        for name in sections
    )
    manual, one = structure_of(read_html(text)), structure_of(read_html(text[: text.index("<section", 1)]))
    assert manual
    assert one
    assert not manual.inside("class consent", "class comment", "class newsletter")
    assert one.inside("class consent")


def test_a_term_that_is_explained_is_no_label() -> None:
    terms = "".join(
        f"<dt>{name}</dt><dd>Fired when {what} by the other side.</dd>"
        for name, what in (("close", "the channel was closed"), ("error", "something was refused"), ("last", "it ends"))
    )
    figures = "<dt>Close</dt><dd>3</dd>"
    page = read_html(f"<p>{LINES[2]} {LINES[3]}</p><dl>{terms}{figures}</dl>")
    features = features_of(page)
    assert [page.blocks[block].text for block in sorted(features.explained)] == ["close", "error", "last"]
    gone = {page.blocks[removal.block].text for removal in WIDGET.find(page)}
    assert gone == {"Close"}


def test_links_behind_a_label_go_with_the_navigation_that_they_stand_behind() -> None:
    links = '<div>Versions: <a href="/3">3.2</a> / <a href="/2">3.1</a></div>'
    text = "".join(
        f"<p>{LINES[2]} {LINES[3]} The pilots, who pay no fees, were not asked this time.</p>" for _ in range(4)
    )
    nav, footer = '<nav><a href="/">Home</a></nav>', "<footer>Norholm</footer>"
    behind = cleaner.clean(f"<body>{nav}{links}{text}{footer}", format="html", config=Config(skip=("W",)))
    apart = cleaner.clean(
        f"<body>{nav}<p>Mooring fees</p>{links}{text}{footer}", format="html", config=Config(skip=("W",))
    )
    assert "Versions" not in behind.text
    assert "Versions: 3.2 / 3.1" in apart.text
