"""Newsletter and app prompts, also when they are written as prose."""

from collections.abc import Iterator

from cleaner.features import features_of
from cleaner.filter import Filter, phrase_words, quoted, whole
from cleaner.page import Page, Removal

LONGEST_PROMPT = 60  # words: a longer paragraph tells about newsletters and asks for nothing

SHORT_PROMPT = 24  # words: one phrase is enough


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    groups = ("newsletter.within", "newsletter.lines")
    for block, phrase in features.blocks_with("newsletter.within").items():
        if features.words[block] <= LONGEST_PROMPT and not features.may_be_the_text(block, SHORT_PROMPT, *groups):
            yield whole(page, block, "P102", quoted(phrase))
    for block, phrase in features.blocks_with("newsletter.lines").items():
        if not features.amid_prose(block) or phrase_words(phrase) > 2:
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
