"""Newsletter and app prompts, also when they are written as prose."""

from collections.abc import Iterator

from cleaner.features import features_of
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Page, Removal

LONGEST_PROMPT = 60  # words: a longer paragraph tells about newsletters and asks for nothing


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    for block, phrase in features.blocks_with("newsletter.within").items():
        if features.words[block] <= LONGEST_PROMPT:
            yield whole(page, block, "P102", quoted(phrase))
    for block, phrase in features.blocks_with("newsletter.lines").items():
        if not features.amid_prose(block) or len(phrase.split()) > 2:
            yield whole(page, block, "P102", quoted(phrase))


NEWSLETTER = Filter(
    code="P102",
    name="newsletter",
    removes="Lines and paragraphs that ask for an address, offer a newsletter or an app.",
    mistakes="A paragraph about a newsletter that quotes its invitation.",
    find=_find,
    examples="""
-Sign up for our free weekly letter and get the harbour news straight to your inbox.
-Subscribe now
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
==
 She had to subscribe now to whatever the board said, and the newsletter of the pilots stayed silent.
""",
)
