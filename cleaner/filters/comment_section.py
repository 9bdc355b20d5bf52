"""Comment sections under articles; on a forum, where the posts are the content, nothing."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from cleaner.features import Features, features_of
from cleaner.filter import Filter, phrase_words, quoted, whole
from cleaner.markup import markup_of
from cleaner.page import Page, Removal

LEAST_PROSE_BEFORE = 150  # words of an article
LONGEST_HEADING = 8
LEAST_SHARE_BEFORE = 0.5  # of the page's prose
FORUM_LINES = 4  # answers, members and quotes before the heading: then the page is a thread
LONGEST_FORM_LINE = 30
LITTLE_AFTER = 40  # words of prose: all that a wrong heading can cost
LEAST_SENTENCES_BEFORE = 120  # words
LONGEST_SIGNED_HEADING = 24
LONGEST_STAMP = 14  # words of a line with the name, date and time of a comment
FIRST_STAMP, LONGEST_COMMENT = 6, 25  # blocks
FEWEST_STAMPS = 3
_CLOCK = re.compile(r"\d[:.h]\d\d\b")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d[./-]\d\d?[./-]\d\d")
FEWEST_TEASERS = 3  # pages whose comments a page of teasers leads to
FEWEST_LABELS = 2  # Reply, Like, "3 days ago", "Posted by ..." below a heading of one word
MUCH_CHROME = 8  # lines: a page with so many is no paper with a chapter called Discussion
MOST_AFTER = 0.25  # of the page's prose


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    start = _heading(page, features)
    if start is not None:
        block, phrase = start
        yield whole(page, block, "S103", quoted(phrase))
        for following in range(block + 1, len(page.blocks)):
            yield whole(page, following, "S103", f"under {quoted(phrase)}")
    for block, phrase in features.blocks_with("comments.lines", "comments.starts").items():
        if features.words[block] <= LONGEST_FORM_LINE and not features.amid_prose(block):
            yield whole(page, block, "S103", quoted(phrase))


def _heading(page: Page, features: Features) -> tuple[int, str] | None:
    headings = features.blocks_with("comments.headings", "comments.starts")
    teasers = _under_teasers(page) if headings else set[int]()
    thread = sorted(features.blocks_with("forum.lines", "forum.starts"))
    for block, phrase in headings.items():
        if bisect_left(thread, block) >= FORUM_LINES or block in teasers:
            continue
        if _are_signed(features, block) and features.sentence_words_before[block] >= LEAST_SENTENCES_BEFORE:
            return block, phrase
        if features.prose_words_before[block] < LEAST_PROSE_BEFORE:
            continue
        if features.words[block] > LONGEST_HEADING:
            continue
        if features.prose_words_before[block] < LEAST_SHARE_BEFORE * features.prose_words_before[-1]:
            continue
        if _heads_comments(features, block, phrase):
            return block, phrase
    return None


def _under_teasers(page: Page) -> set[int]:
    """The blocks that lead to comments, where those are comments on several pages: each stands under a teaser."""
    markup = markup_of(page)
    if markup is None:
        return set()
    leading = [block for block, kinds in enumerate(markup.target_kinds) if "comments" in kinds]
    pages = {target.partition("#")[0] for block in leading for target in markup.targets[block] if "#" in target}
    return set(leading) if len(pages) >= FEWEST_TEASERS else set()


def _are_signed(features: Features, heading: int) -> bool:
    """Whether lines with a date and a time of day follow one another below a heading, as those of comments do."""
    if features.words[heading] > LONGEST_SIGNED_HEADING:
        return False
    last, number = heading, 0
    for block in range(heading + 1, len(features.words)):
        if block - last > (FIRST_STAMP if last == heading else LONGEST_COMMENT):
            return False
        text = features.blocks[block].text
        if features.words[block] <= LONGEST_STAMP and _CLOCK.search(text) and _YEAR.search(text):
            last, number = block, number + 1
            if number == FEWEST_STAMPS:
                return True
    return False


def _heads_comments(features: Features, heading: int, phrase: str) -> bool:
    """Whether a heading says so in several words, or what follows it looks like comments or is little."""
    if phrase_words(phrase) > 1 and features.shows_chrome:
        return True
    before = features.prose_words_before
    after = before[-1] - before[heading]
    if after <= LITTLE_AFTER:
        return True
    labels = features.blocks_with("comments.lines", "comments.starts", "counter.lines", "forum.lines", "byline.starts")
    if sum(block > heading for block in labels) >= FEWEST_LABELS:
        return True
    return len(features.chrome) >= MUCH_CHROME and after <= MOST_AFTER * before[-1]


COMMENT_SECTION = Filter(
    code="S103",
    name="comment_section",
    removes="The comments under an article, from their heading on, and the labels of comment forms.",
    mistakes="A thread that begins with a long first post, when it is not known for a thread.",
    find=_find,
    examples="""
 Skip to content
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it in the hall.
 The pilots, who pay no fees, were not asked, and their speaker said that they had not expected to be asked at all.
 A second vote is planned for autumn, when the new hall on the eastern quay will be ready for the board and its guests.
 The harbour master said that the money would pay for two new cranes and the repair of the northern wall.
 Nobody knows what the old cranes are worth, but the board hopes that a smaller port on the river will take them.
 The fees were raised for the last time three years ago, when the board needed money for the lamps along the breakwater.
-47 Comments on "Mooring fees will rise for the third year in a row in every harbour of the coast"
-Marit
-December 18, 2025, 9:46 pm
-I have moored here for twenty years, and the lamps along the breakwater have never once been lit in all that time.
-Jonas
-December 18, 2025, 9:59 pm
-Somebody should ask the pilots, for they are the only ones who know what the wall looks like from the other side.
-And the cranes are worth nothing, as everybody knows who has seen them at work on a Monday.
-Aurore
-December 18, 2025, 10:21 pm
-They will sell them to us, you will see, and then they will raise our fees so that we can pay for them.
==
-Leave a reply
-Your email address will not be published.
-Post comment
 Comments on the plan were read out before the vote, and a reply was promised by the end of March.
==
-Schreiben Sie einen Kommentar
-Kommentar abschicken
 Der Kommentar des Vorsitzenden war kurz, und eine Antwort darauf hat niemand mehr geben wollen.
==
-Laisser un commentaire
-Votre adresse e-mail ne sera pas publiée.
 Le commentaire du maire tenait en deux mots, et la réponse des pilotes en un seul, que voici.
==
-Deja un comentario
-Tu dirección de correo electrónico no será publicada.
 El comentario del alcalde fue breve, y la respuesta de los prácticos no se puede publicar aquí.
""",
)
