"""Author and agency bios."""

from collections.abc import Iterator

from cleaner.features import Features, features_of
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Page, Removal

LONGEST_BIO = 130  # words
LONGEST_HEADING = 6
LEAST_BEFORE = 0.7  # of the page's prose stands before a bio that no heading announces
LEAST_BEFORE_HEADED = 0.5


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    for block, phrase in features.blocks_with("author_bio.headings", "author_bio.starts").items():
        if features.words[block] <= LONGEST_HEADING and _share_before(features, block) >= LEAST_BEFORE_HEADED:
            yield whole(page, block, "A102", quoted(phrase))
            for following in range(block + 1, min(block + 4, len(page.blocks))):
                if features.prose[following] and features.words[following] <= LONGEST_BIO:
                    yield whole(page, following, "A102", f"under {quoted(phrase)}")
                    break
    for block, phrase in features.blocks_with("author_bio.within").items():
        if (
            features.words[block] <= LONGEST_BIO
            and block >= features.last_prose - 1
            and _share_before(features, block) >= LEAST_BEFORE
        ):
            yield whole(page, block, "A102", quoted(phrase))


def _share_before(features: Features, block: int) -> float:
    before = features.prose_words_before
    return before[block] / before[-1] if before[-1] else 0.0


AUTHOR_BIO = Filter(
    code="A102",
    name="author_bio",
    removes="What a page says of its author or agency after the text.",
    mistakes="A last paragraph that tells of a person in the words of a bio.",
    find=_find,
    examples="""
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
 The pilots, who pay no fees, were not asked, and their speaker said that they had not expected to be.
 A second vote is planned for autumn, when the new hall on the eastern quay will be ready for the board.
-About the author
-Marit Oldegaard is a freelance writer who covers the ports of the north and lives with two cats.
==
 The author of the report, who covers the ports of the north, was not there when the board voted on it.
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
 A second vote is planned for autumn, when the new hall on the eastern quay will be ready for the board.
""",
)
