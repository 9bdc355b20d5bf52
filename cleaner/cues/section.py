"""Cues about the section a block stands in: phrases as markers of the lines around them."""

from bisect import bisect_right

from cleaner.cues.columns import Column
from cleaner.cues.measures import Measures

# Family, and how many lines before and after its phrases count; the sign is that of the cue.
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
}


def section_cues(m: Measures) -> dict[str, Column]:
    """The cues by name; the sign before a name is the one its points must have."""
    sheet, families = m.sheet, m.families
    cues = {f"{sign}{reach} after {name}": sheet.soon_after(families[name], reach) for name, reach, sign in _AFTER}
    cues |= {f"{sign}{reach} before {name}": sheet.soon_before(families[name], reach) for name, reach, sign in _BEFORE}
    under = {name: m.under(groups, words) for name, (groups, words) in _UNDER.items()}
    under["a related heading"] = m.under_related
    cues |= {f"-under {name}": column for name, column in under.items()}
    for name in ("a comment heading", "a comment form", "a related heading", "a legal line"):
        cues[f"-prose under {name}"] = under[name] & m.prose
    cues |= _thread_cues(m)
    cues["-after the main text, after site bar"] = m.after_body & sheet.soon_after(families["site bar"], 30)
    # A notice often stands above the text: what follows it there is the text.
    consent = families["consent"] & sheet.no(m.before_body)
    cues["-10 after consent, outside the main text"] = sheet.soon_after(consent, 10) & sheet.no(m.body)
    cues["-30 after consent, outside the main text"] = sheet.soon_after(consent, 30) & sheet.no(m.body)
    cues["-after the main text, after legal"] = m.after_body & sheet.soon_after(families["legal"], 30)
    cues["-after the main text, after related"] = m.after_body & sheet.soon_after(families["related"], 30)
    return cues


_REPLIES = ("comments.lines", "comments.starts", "forum.starts")
_THREAD_HEADINGS = ("comments.headings", "comments.starts")
LONGEST_THREAD_HEADING = 16  # words of "35 comments on" and a title
FEWEST_REPLIES = 3


def _thread_cues(m: Measures) -> dict[str, Column]:
    """What stands in a thread of replies under a text; on a forum the text before it is short."""
    sheet, features = m.sheet, m.features
    replies = sorted({block for group in _REPLIES for block in features.hits.get(group, ())})
    headings = sorted({block for group in _THREAD_HEADINGS for block in features.hits.get(group, ())})
    before = features.prose_words_before
    cues: dict[str, Column] = {}
    among = sheet.soon_after(sheet.of_blocks(replies), 8) & sheet.soon_before(sheet.of_blocks(replies), 8)
    for words in (120, 400):
        start = next(
            (
                block
                for block in headings
                if before[block] >= words
                and features.words[block] <= LONGEST_THREAD_HEADING
                and len(replies) - bisect_right(replies, block) >= FEWEST_REPLIES
            ),
            None,
        )
        thread = sheet.of_blocks(range(start, sheet.size)) if start is not None else 0
        first = replies[0] if len(replies) > FEWEST_REPLIES and before[replies[0]] >= words else sheet.size
        cues[f"-in a thread under {words} words"] = thread
        cues[f"-prose in a thread under {words} words"] = thread & m.prose
        cues[f"-after the first reply, under {words} words"] = sheet.of_blocks(range(first, sheet.size))
        cues[f"-among replies, under {words} words"] = among & sheet.of_blocks(range(first, sheet.size))
    return cues
