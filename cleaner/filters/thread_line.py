"""S104, what a forum's software writes beside the posts: who joined when, and how often a post was edited."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from cleaner.features import Features, features_of
from cleaner.filter import Filter, has_another_near, quoted, whole
from cleaner.page import Page, Removal

CODE = "S104"
FEWEST = 4  # lines of a page that is a thread
FEWEST_PHRASES = 2  # different ones among them
LONGEST_LINE = 14  # words of a line with its value
LONGEST_VALUE = 5  # words of a value on the line after its label
REACH = 2  # blocks between a title such as "Senior Member" and the next such line
FEWEST_ANSWERS = 2  # subjects such as "Re: Mooring fees" that are the same


def find(page: Page) -> Iterator[Removal]:
    """The lines, on pages with several."""
    features = features_of(page)
    of_threads = _short(features, "thread.starts", "thread.labels", "thread.lines")
    if len(of_threads) < FEWEST or len(set(of_threads.values())) < FEWEST_PHRASES:
        return
    of_members = _short(features, "member.starts", "member.labels", "member.lines")
    found = of_members | of_threads
    labels = features.blocks_with("thread.labels", "member.labels")
    for block, phrase in found.items():
        if block in of_threads or has_another_near(found, block, REACH):
            yield whole(page, block, CODE, quoted(phrase))
            if block in labels and _is_value(features, found, block + 1):
                yield whole(page, block + 1, CODE, f"the value of {quoted(phrase)}")
    for block in _subjects(page, features):
        if block not in found:
            yield whole(page, block, CODE, "a subject that is given again")


def _short(features: Features, *groups: str) -> dict[int, str]:
    return {
        block: phrase
        for block, phrase in features.blocks_with(*groups).items()
        if features.words[block] <= LONGEST_LINE and features.blocks[block].kind != "code"
    }


def _is_value(features: Features, found: dict[int, str], block: int) -> bool:
    """Whether a block is a number, a date, a name or a place, and no short post."""
    if block in found or block >= len(features.words):
        return False
    return features.words[block] <= LONGEST_VALUE and not features.ends[block]


def _subjects(page: Page, features: Features) -> list[int]:
    """The lines "Re: ..." that are the same as another."""
    starts = features.blocks_with("subject.starts")
    texts = {block: " ".join(page.blocks[block].text.split()) for block in starts if not features.prose[block]}
    counts = Counter(texts.values())
    return [block for block, text in texts.items() if counts[text] >= FEWEST_ANSWERS]


THREAD_LINE = Filter(
    CODE,
    "thread_line",
    "On pages of a forum, the lines beside the posts: since when a member has joined, how many posts there are, when "
    "one was last edited, its subject where it is given again.",
    'A line of a post that begins as such a line does, such as a place after "Location".',
    find,
    """
 Mooring fees
 anna
-Senior Member
-Posts: 138
-Joined: 4 Jul 2012
-Location: Lower Quay
 Does anybody know what the board wants with all the money that it takes from us for a night at the quay?
 bert
-Posts: 12
-Joined: 7 Aug 2015
 It is for the crane, which has not been painted since it was built, and for the soup that the pilots get.
==
 Posts: 138
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
""",
)
