"""Cues about the section a block stands in: phrases as markers of the lines around them."""

from bisect import bisect_right

from cleaner.cues.columns import Column
from cleaner.cues.measures import Cue, Measures

# Family, and how many lines before and after its phrases count; the sign is that of the cue. On both sides:
_BESIDE = (
    ("account", 3, "-"),
    ("account", 10, "-"),
    ("agreement", 3, "-"),
    ("affiliate", 3, "-"),
    ("offer", 1, "-"),
    ("offer", 3, "-"),
    ("offer", 10, "-"),
    ("form", 3, "-"),
    ("form", 10, "-"),
    ("rating", 3, "-"),
    ("rating", 10, "-"),
    ("biography", 3, "-"),
)
_AFTER = (
    ("menu", 3, "-"),
    ("menu", 10, "-"),
    ("site bar", 30, "-"),
    ("share", 3, "-"),
    ("follow", 10, "-"),
    ("related", 3, "-"),
    ("related", 30, "-"),
    ("newsletter", 3, "-"),
    ("newsletter", 10, "-"),
    ("read more", 1, "-"),
    ("bio", 10, "-"),
    ("byline", 30, "+"),
    ("comment", 1, "-"),
    ("comment", 10, "-"),
    ("legal", 10, "-"),
    ("site map", 10, "-"),
    ("counter", 10, "+"),
    ("advertisement", 30, "+"),
    ("widget", 1, "-"),
    ("forum", 3, "-"),
    ("shop", 10, "-"),
    *_BESIDE,
    ("contents", 3, "-"),
    ("contents", 10, "-"),
)
_BEFORE = (
    ("menu", 10, "-"),
    ("consent", 3, "-"),
    ("consent", 10, "-"),
    ("share", 1, "-"),
    ("share", 10, "+"),
    ("newsletter", 1, "-"),
    ("newsletter", 10, "-"),
    ("read more", 10, "+"),
    ("bio", 1, "-"),
    ("byline", 3, "-"),
    ("byline", 10, "+"),
    ("comment", 1, "-"),
    ("comment", 3, "-"),
    ("legal", 1, "-"),
    ("legal", 10, "-"),
    ("counter", 10, "-"),
    ("widget", 1, "-"),
    ("forum", 1, "-"),
    ("site map", 10, "-"),
    ("shop", 10, "-"),
    *_BESIDE,
)
# Everything under the first such line that stands under a text of so many words of prose.
_UNDER = {
    "a comment heading": (("comments.headings", "comments.starts"), 150),
    "a comment form": (("comments.lines",), 150),
    "a bio heading": (("author_bio.headings", "author_bio.starts"), 150),
    "a share line": (("share_bar.lines", "share_bar.starts"), 150),
    "a legal line": (("legal.lines", "legal.starts"), 100),
    "a pager": (("pager.lines",), 150),
    "a site map heading": (("site_map.headings",), 100),
    "a newsletter line": (("newsletter.lines",), 150),
    "a related heading": (("related.headings", "related.starts"), 100),
    "a question heading": (("faq.headings", "faq.starts"), 100),
}
_REPLIES = ("comments.lines", "comments.starts", "forum.starts")
_THREAD_HEADINGS = ("comments.headings", "comments.starts")
LONGEST_THREAD_HEADING = 16  # words of "35 comments on" and a title
FEWEST_REPLIES = 3
_THREAD_WORDS = (120, 400)  # of the text that a thread stands under; on a forum it is short


def _soon_after(family: str, reach: int) -> Cue:
    return lambda m: m.sheet.soon_after(m.family(family), reach)


def _soon_before(family: str, reach: int) -> Cue:
    return lambda m: m.sheet.soon_before(m.family(family), reach)


def _under(name: str) -> Cue:
    groups, words = _UNDER[name]
    return lambda m: m.under(groups, words)


def _prose_under(name: str) -> Cue:
    groups, words = _UNDER[name]
    return lambda m: m.under(groups, words) & m.prose


def _after_body_and(family: str) -> Cue:
    return lambda m: m.after_body & m.sheet.soon_after(m.family(family), 30)


def _after_consent(reach: int) -> Cue:
    """A notice often stands above the text: what follows it there is the text."""
    return lambda m: m.sheet.soon_after(m.family("consent") & m.sheet.no(m.before_body), reach) & m.sheet.no(m.body)


def _thread(words: int) -> Cue:
    """What stands under a thread's heading, with replies after it, below a text of so many words."""
    return lambda m: m.sheet.of_run(_blocks_of_thread(m, words))


def _prose_in_thread(words: int) -> Cue:
    return lambda m: m.sheet.of_run(_blocks_of_thread(m, words)) & m.prose


def _after_reply(words: int) -> Cue:
    return lambda m: m.sheet.of_run(_blocks_of_replies(m, words))


def _among_replies(words: int) -> Cue:
    return lambda m: _near_replies(m) & m.sheet.of_run(_blocks_of_replies(m, words))


CUES: dict[str, Cue] = {
    **{f"{sign}{reach} after {name}": _soon_after(name, reach) for name, reach, sign in _AFTER},
    **{f"{sign}{reach} before {name}": _soon_before(name, reach) for name, reach, sign in _BEFORE},
    **{f"-under {name}": _under(name) for name in _UNDER},
    **{
        f"-prose under {name}": _prose_under(name)
        for name in ("a comment heading", "a comment form", "a related heading", "a legal line")
    },
    **{f"-in a thread under {words} words": _thread(words) for words in _THREAD_WORDS},
    **{f"-prose in a thread under {words} words": _prose_in_thread(words) for words in _THREAD_WORDS},
    **{f"-after the first reply, under {words} words": _after_reply(words) for words in _THREAD_WORDS},
    **{f"-among replies, under {words} words": _among_replies(words) for words in _THREAD_WORDS},
    **{f"-after the main text, after {name}": _after_body_and(name) for name in ("site bar", "legal", "related")},
    "-10 after consent, outside the main text": _after_consent(10),
    "-30 after consent, outside the main text": _after_consent(30),
}


def _replies(m: Measures) -> list[int]:
    return m.blocks_with(_REPLIES)


def _near_replies(m: Measures) -> Column:
    replies = m.sheet.of_blocks(_replies(m))
    return m.sheet.soon_after(replies, 8) & m.sheet.soon_before(replies, 8)


def _blocks_of_thread(m: Measures, words: int) -> range:
    features, replies = m.features, _replies(m)
    if len(replies) < FEWEST_REPLIES:
        return range(0)
    for block in m.blocks_with(_THREAD_HEADINGS):
        if (
            features.prose_words_before[block] >= words
            and features.words[block] <= LONGEST_THREAD_HEADING
            and len(replies) - bisect_right(replies, block) >= FEWEST_REPLIES
        ):
            return range(block, m.sheet.size)
    return range(0)


def _blocks_of_replies(m: Measures, words: int) -> range:
    """The blocks from the first reply on, when it stands under so many words."""
    replies = _replies(m)
    if len(replies) > FEWEST_REPLIES and m.features.prose_words_before[replies[0]] >= words:
        return range(replies[0], m.sheet.size)
    return range(0)
