"""Comment sections under articles; on a forum, where the posts are the content, nothing."""

from bisect import bisect_left
from collections.abc import Iterator

from cleaner.features import Features, features_of
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Page, Removal

LEAST_PROSE_BEFORE = 150  # words of an article
LONGEST_HEADING = 8
LEAST_SHARE_BEFORE = 0.33  # of the page's prose
FORUM_LINES = 4  # answers, members and quotes before the heading: then the page is a thread
LONGEST_FORM_LINE = 30


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    start = _heading(features)
    if start is not None:
        block, phrase = start
        yield whole(page, block, "S103", quoted(phrase))
        for following in range(block + 1, len(page.blocks)):
            yield whole(page, following, "S103", f"under {quoted(phrase)}")
    for block, phrase in features.blocks_with("comments.lines", "comments.starts").items():
        if features.words[block] <= LONGEST_FORM_LINE and not features.amid_prose(block):
            yield whole(page, block, "S103", quoted(phrase))


def _heading(features: Features) -> tuple[int, str] | None:
    thread = sorted(features.blocks_with("forum.lines", "forum.starts"))
    for block, phrase in features.blocks_with("comments.headings", "comments.starts").items():
        if features.words[block] > LONGEST_HEADING:
            continue
        if features.prose_words_before[block] < LEAST_PROSE_BEFORE:
            continue
        if features.prose_words_before[block] < LEAST_SHARE_BEFORE * features.prose_words_before[-1]:
            continue
        if bisect_left(thread, block) < FORUM_LINES:
            return block, phrase
    return None


COMMENT_SECTION = Filter(
    code="S103",
    name="comment_section",
    removes="The comments under an article, from their heading on, and the labels of comment forms.",
    mistakes="A thread that begins with a long first post, when it is not known for a thread.",
    find=_find,
    examples="""
-Leave a reply
-Your email address will not be published.
-Post comment
 Comments on the plan were read out before the vote, and a reply was promised by the end of March.
""",
)
