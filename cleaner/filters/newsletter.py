"""Newsletter and app prompts, also when they are written as prose."""

from collections.abc import Iterator

from cleaner.features import Features, features_of
from cleaner.filter import Filter, phrase_words, quoted, whole
from cleaner.page import Page, Removal

LONGEST_PROMPT = 60  # words: a longer paragraph tells about newsletters and asks for nothing

SHORT_PROMPT = 24  # words: one phrase is enough


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    for block, phrase in features.blocks_with("newsletter.within").items():
        if features.words[block] <= LONGEST_PROMPT and not _may_be_the_text(features, block):
            yield whole(page, block, "P102", quoted(phrase))
    for block, phrase in features.blocks_with("newsletter.lines").items():
        if not features.amid_prose(block) or phrase_words(phrase) > 2:
            yield whole(page, block, "P102", quoted(phrase))


def _may_be_the_text(features: Features, block: int) -> bool:
    """Whether a longer paragraph amid prose has one such phrase alone, or belongs to a policy."""
    return (features.is_legal_text and block in features.body) or (
        block in features.body
        and features.near_prose(block)
        and features.words[block] > SHORT_PROMPT
        and len(features.phrases(block, "newsletter.within", "newsletter.lines")) < 2
    )


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
==
 The company that runs the ferries has put its timetable into a program for telephones, which works well.
 Travellers who sign up for the season pay a tenth less, and those who come with a bicycle pay nothing for it \
on the first boat of the day and on the last one.
 Whoever has no telephone asks the man at the gate, who knows the times by heart and has done so for years.
==
-Newsletter abonnieren
-Jetzt anmelden
 Wer den Rundbrief der Lotsen lesen will, muss am Tor danach fragen und ihn dort auch wieder abgeben.
==
-Inscrivez-vous à notre newsletter
 La lettre des pilotes paraît quand il y a du brouillard, et personne ne s'y est jamais inscrit par écrit.
==
-Suscríbete a nuestra newsletter
 La carta de los prácticos sale cuando hay niebla, y nadie se ha suscrito nunca a ella por escrito.
""",
)
