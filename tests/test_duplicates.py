"""Bodies, teasers and lines that come twice: which copy goes, and what may repeat."""

from __future__ import annotations

import pytest

from cleaner.filter import Filter, examples_of
from cleaner.filters.duplicate_body import DUPLICATE_BODY
from cleaner.filters.duplicate_teaser import DUPLICATE_TEASER
from cleaner.filters.repeated_line import REPEATED_LINE
from cleaner.page import Page
from cleaner.pipeline import apply
from cleaner.readers.text import read_text

FILTERS = (DUPLICATE_BODY, DUPLICATE_TEASER, REPEATED_LINE)


def gone_lines(page: Page) -> frozenset[int]:
    """The lines, from 0, in which a removal stands."""
    breaks = page.source.count
    return frozenset(
        line
        for removal in page.removals
        for line in range(breaks("\n", 0, removal.start), breaks("\n", 0, removal.end) + 1)
    )


@pytest.mark.parametrize("one", FILTERS, ids=lambda one: one.code)
def test_examples(one: Filter) -> None:
    for example in examples_of(one.examples):
        page = apply(one, read_text(example.text))
        assert gone_lines(page) == example.gone, [removal.evidence for removal in page.removals]
