"""Comment sections under articles; on a forum, where the posts are the content, nothing."""

from bisect import bisect_left
from collections.abc import Iterator

from cleaner.features import Features, features_of
from cleaner.filter import Filter, phrase_words, quoted, whole
from cleaner.page import Page, Removal

LEAST_PROSE_BEFORE = 150  # words of an article
LONGEST_HEADING = 8
LEAST_SHARE_BEFORE = 0.5  # of the page's prose
FORUM_LINES = 4  # answers, members and quotes before the heading: then the page is a thread
LONGEST_FORM_LINE = 30
LITTLE_AFTER = 40  # words of prose: all that a wrong heading can cost
FEWEST_LABELS = 2  # Reply, Like, "3 days ago", "Posted by ..." below a heading of one word
MUCH_CHROME = 8  # lines: a page with so many is no paper with a chapter called Discussion
MOST_AFTER = 0.25  # of the page's prose


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
        if bisect_left(thread, block) < FORUM_LINES and _heads_comments(features, block, phrase):
            return block, phrase
    return None


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
