"""Each filter's examples, run with that filter alone or those it needs: what must go goes, what must stay stays."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest
from labels import kept_lines

from cleaner import Config, clean, filters
from cleaner.filter import FAMILIES, Example, Filter, examples_of
from cleaner.filters import FILTERS

TAG = re.compile(r"<[^>]*>")
CODE = re.compile(r"[A-Z]\d{3}")
EXAMPLES = [
    pytest.param(one, example, id=f"{one.code}-{one.name}-{number}")
    for one in FILTERS
    for number, example in enumerate(examples_of(one.examples), 1)
]
each_filter = pytest.mark.parametrize("one", FILTERS, ids=lambda one: f"{one.code}-{one.name}")


@pytest.mark.parametrize(("one", "example"), EXAMPLES)
def test_example(one: Filter, example: Example) -> None:
    result = clean(example.text, format=one.format, config=Config(only=(one.code, *one.needs)))
    if one.format == "html":
        assert list(filter(None, result.text.split("\n"))) == kept_texts(example)
    else:
        assert marked(example.text, kept_lines(result.page)) == notation(example)
    assert {removal.filter for removal in result.removals} <= {one.code, *one.needs}
    assert all(removal.evidence for removal in result.removals)


PARTS = (
    ("The board will vote again on the new fees in June.", " Click here to subscribe to the letter of the port.", ""),
    (
        "The pilots were not asked",
        " (Also read: Who pays for the new quay)",
        ", and nobody had expected it of the board.",
    ),
    ("The board has not yet said when it will vote on the fees.", " READ MORE: Who pays for the new quay", ""),
    ("Der Rat hat noch nicht gesagt, wann er über die Gebühren abstimmt.", " Lesen Sie auch: Wer den Kai bezahlt", ""),
    ("Le conseil n'a pas encore dit quand il votera sur les droits.", " À lire aussi : Qui paie le nouveau quai", ""),
    ("La junta no ha dicho todavía cuándo va a votar las tasas.", " (Lea también: Quién paga el muelle nuevo)", ""),
    ("The fees are older than the board. The reasons (see also: p. 12) are not known to anybody on the quay.", "", ""),
    ("She had three words for the board. Read more slowly: that was all she said to the clerk.", "", ""),
)


@pytest.mark.parametrize(("before", "promotion", "after"), PARTS)
def test_promotion_inside_a_paragraph(before: str, promotion: str, after: str) -> None:
    """Only what is clearly separable goes: the rest of the paragraph stays as it was."""
    result = clean(f"{before}{promotion}{after}\n", format="text", config=Config(only=("P104",)))
    assert " ".join(result.text.split()).replace(" ,", ",") == before + after
    assert [removal.filter for removal in result.removals] == ["P104"] * bool(promotion)


def kept_texts(example: Example) -> list[str]:
    """The texts of the lines of HTML that must stay, without their tags."""
    lines = example.text.split("\n")
    texts = [TAG.sub("", line).strip() for number, line in enumerate(lines) if number not in example.gone]
    return [text for text in texts if text]


def notation(example: Example) -> list[str]:
    lines = example.text.split("\n")
    return [("-" if number in example.gone else " ") + line for number, line in enumerate(lines)]


def marked(text: str, kept: list[str]) -> list[str]:
    """The lines with what happened to them; a line of which a part stays is followed by that part after ``+``."""
    marked_lines = []
    for line, rest in zip(text.split("\n"), kept, strict=True):
        if line.split() == rest.split():
            marked_lines.append(" " + line)
        else:
            marked_lines.append("-" + line)
            if rest.strip():
                marked_lines.append("+" + rest)
    return marked_lines


@each_filter
def test_both_kinds_of_example(one: Filter) -> None:
    pages = list(examples_of(one.examples))
    assert any(page.gone for page in pages), "an example that goes"
    stay = [line for page in pages for number, line in enumerate(page.text.split("\n")) if number not in page.gone]
    assert any(stay), "an example that stays"


@each_filter
def test_sentences(one: Filter) -> None:
    for sentence in (one.removes, one.mistakes):
        assert re.fullmatch(r"[A-Z\"'\d].*[.!?]", sentence, re.DOTALL), sentence


@each_filter
def test_code(one: Filter) -> None:
    assert CODE.fullmatch(one.code)
    assert one.code[0] in FAMILIES
    assert one.family == FAMILIES[one.code[0]]


def test_codes_and_names_are_unique() -> None:
    assert len({one.code for one in FILTERS}) == len(FILTERS)
    assert len({one.name for one in FILTERS}) == len(FILTERS)


def test_one_filter_a_file() -> None:
    """Every module of cleaner.filters holds filters under its own name, and the run order lists them."""
    modules = {module.name for module in pkgutil.iter_modules(filters.__path__)}
    named = {
        one.name: module
        for module in sorted(modules)
        for one in vars(importlib.import_module(f"cleaner.filters.{module}")).values()
        if isinstance(one, Filter)
    }
    listed = {one.name for one in FILTERS}
    assert {name for name, module in named.items() if name != module} == set()
    assert named.keys() >= listed
    assert modules - listed == {"user_rules"}, "the user's rules are made for each run; all else is listed"


SENTENCES = (
    "The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.",
    "The pilots, who pay no fees, were not asked, and their speaker said that they had not expected to be.",
    "The fees for the inner basin will be collected at the gate, and those for the outer one at the new crane.",
    "Boats that stay over the winter pay half, as they always have, if their owners tell the office in time.",
)
TEASERS = "<h3>Related articles</h3><ul><li><a href=/a>Ferry to be rebuilt</a><li><a href=/b>Old crane to stay</a></ul>"


def test_in_html_a_related_block_ends_with_its_element_when_text_follows() -> None:
    """Whoever wrote the page put the heading and the teasers in a box; the sentence behind it is the article's."""
    text = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    article = (
        f"<article>{text}<div>{TEASERS}</div><p>A second vote is planned for autumn in the new hall.</p></article>"
    )
    html = f"<header>Gazette</header><nav>Ports</nav>{article}<footer>Imprint</footer>"
    result = clean(html, format="html", config=Config(only=("P101",)))
    assert [removal.evidence for removal in result.removals] == [
        '"related articles"',
        'under "related articles"',
        'under "related articles"',
    ]
    assert "A second vote is planned for autumn in the new hall." in result.text


@pytest.mark.parametrize(("other", "gone"), [("/crane", True), ("/lamps", False)])
def test_a_label_that_leads_to_comments_on_one_page_of_several_heads_none(other: str, gone: bool) -> None:
    prose = (
        "The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.",
        "The pilots, who pay no fees, were not asked, and their speaker said that they had not expected to be.",
        "The lamps along the breakwater were mended in May, and have not been lit once in all the time since then.",
    )
    pages = ("/crane", "/crane" if gone else "/fees", other)
    cards = "\n\n".join(
        f"{text} {text} {text}\n\n[Leave a comment]({page}#comments)" for text, page in zip(prose, pages, strict=True)
    )
    source = (
        f"Skip to content\n\nLog in\n\nSubscribe now\n\n{cards}\n\nThe ferry waits for the last guest of the evening."
    )
    result = clean(source, format="markdown", config=Config(only=("S103",)))
    assert ("The ferry waits" not in result.text) == gone
