"""Author and agency bios."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import compress, pairwise

from cleaner.features import Features, features_of
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Page, Removal

LONGEST_BIO = 130  # words
LONGEST_HEADING = 6
LEAST_BEFORE = 0.7  # of the page's prose stands before a bio that no heading announces
LEAST_BEFORE_HEADED = 0.5
OPENING = "\"'(\u00ab\u201c\u201e\u2022*_#>-"  # what may stand before a first word
LEAST_NAMED = 10  # words of a bio that is known by its name
LONGEST_BYLINE = 14  # words
LONGEST_NAME = 4
LABEL_REACH = 3  # blocks from a label to the bio
BADGE_TIMES = 2  # a label that comes so often is a badge beside the author's posts
TOPIC_TIMES = 3  # a name that so many long blocks begin with is what the text is about


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    headings = features.blocks_with("author_bio.headings", "author_bio.starts")
    told = Counter(headings.values())
    for block, phrase in headings.items():
        if features.words[block] <= LONGEST_HEADING and _share_before(features, block) >= LEAST_BEFORE_HEADED:
            yield whole(page, block, "A102", quoted(phrase))
            reach = LABEL_REACH if told[phrase] < BADGE_TIMES else 0
            for following in range(block + 1, min(block + 1 + reach, len(page.blocks))):
                if features.prose[following] and features.words[following] <= LONGEST_BIO:
                    yield whole(page, following, "A102", f"under {quoted(phrase)}")
                    break
    for block, phrase in features.blocks_with("author_bio.within").items():
        if (
            features.words[block] <= LONGEST_BIO
            and block >= features.last_prose - 1
            and _share_before(features, block) >= LEAST_BEFORE
            and _tells_of_an_author(page, block)
        ):
            yield whole(page, block, "A102", quoted(phrase))
    names = _names(page)
    for block in range(features.first_prose + 1, len(page.blocks)) if names else ():
        if _may_be_a_bio(features, block) and (name := _first_words(page.blocks[block].text)) in names:
            yield whole(page, block, "A102", f"begins with {name}, whom the byline names")


def _may_be_a_bio(features: Features, block: int) -> bool:
    return LEAST_NAMED <= features.words[block] <= LONGEST_BIO and _share_before(features, block) >= LEAST_BEFORE


def _names(page: Page) -> set[str]:
    """The names in the page's bylines and metadata: two words with capitals in a row."""
    features, blocks = features_of(page), page.blocks
    declared = page.shared.get("metadata")
    found = _names_in(str(declared.get("byline", "")).split()) if isinstance(declared, dict) else set[str]()
    for block, phrase in features.blocks_with("byline.starts", "byline.lines").items():
        if features.words[block] <= LONGEST_BYLINE and block <= features.first_prose + LABEL_REACH:
            found |= _names_in(blocks[block].text.split()[len(phrase.split()) :])
            for beside in range(max(0, block - 1), min(block + 2, len(blocks))):
                if beside != block and features.words[beside] <= LONGEST_NAME:
                    found |= _names_in(blocks[beside].text.split())
    return found and found - _topics(page, found)


def _topics(page: Page, names: set[str]) -> set[str]:
    """The names that are no author's: of the site, in the title, or what the text is about."""
    features, declared = features_of(page), page.shared.get("metadata")
    said = [str(declared.get("site", ""))] if isinstance(declared, dict) else []
    if features.title >= 0:
        said.append(page.blocks[features.title].text)
    long = compress(page.blocks, [words >= LEAST_NAMED for words in features.words])
    begun = Counter(_first_words(block.text) for block in long)
    return {name for name in names if begun[name] >= TOPIC_TIMES or any(name in one for one in said)}


def _names_in(words: Sequence[str]) -> set[str]:
    return {
        f"{first} {second.strip(',.|')}"
        for first, second in pairwise(words)
        if first[:1].isupper() and second[:1].isupper() and first.replace("-", "").isalpha()
    }


def _first_words(text: str) -> str:
    return " ".join(text.lstrip(OPENING).split(maxsplit=2)[:2]).strip(",.")


def _tells_of_an_author(page: Page, block: int) -> bool:
    """Whether more than one phrase says so: another phrase, a byline's label near it, or a name to begin with."""
    features = features_of(page)
    near = range(max(0, block - LABEL_REACH), block)
    if any(features.phrase(label, "byline.lines", "author_bio.headings") for label in near):
        return True
    return _begins_with_a_name(page.blocks[block].text) or len(features.phrases(block, "author_bio.within")) > 1


def _begins_with_a_name(text: str) -> bool:
    """Whether the first two words have capitals; in scripts without capitals no name is known by its letters."""
    words = text.split(maxsplit=2)
    return len(words) > 2 and all(word.lstrip(OPENING)[:1].isupper() for word in words[:2])


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
 By Marit Oldegaard
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
 The pilots, who pay no fees, were not asked, and their speaker said that they had not expected to be.
 A second vote is planned for autumn, when the new hall on the eastern quay will be ready for the board.
 Jonas Lindqvist, the pilots' speaker, said that he would be there, and that he would bring the others along.
-Marit Oldegaard sails, paints and has lived on the eastern quay since the year in which the old lighthouse fell.
==
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
 The pilots, who pay no fees, were not asked, and their speaker said that they had not expected to be.
 A second vote is planned for autumn, when the new hall on the eastern quay will be ready for the board.
-About the author
-Marit Oldegaard is a freelance writer who covers the ports of the north and lives with two cats.
==
 By Great Harbour
 Great Harbour is the oldest port of the coast, and the only one with a mole that was built by its own pilots.
 Great Harbour keeps its lamps lit through the night, and the ferry waits for the last guest of the evening.
 The board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it in the hall.
 The pilots, who pay no fees, were not asked, and their speaker said that they had not expected to be.
 Great Harbour will have a new hall by autumn, when the eastern quay is ready for the board and its guests.
==
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
 A second vote is planned for autumn, when the new hall on the eastern quay will be ready for the board.
 The fees were raised for the last time three years ago, when the board needed money for the lamps.
-Author
 The pilots were not asked at all, which is what I meant when I wrote that the vote came too early for them.
-Author
 I have read the letter by now, and take back what I said about the lamps on the northern wall of the harbour.
==
 The author of the report, who covers the ports of the north, was not there when the board voted on it.
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
 A second vote is planned for autumn, when the new hall on the eastern quay will be ready for the board.
 The pilot who covers the night shift came from the islands and still counts in their language.
==
 Der Hafenrat hat am Montag beschlossen, die Gebühren um vier Prozent anzuheben, und niemand hat widersprochen.
 Die Lotsen, die keine Gebühren zahlen, waren nicht gefragt worden und hatten damit auch nicht gerechnet.
 Im Herbst soll noch einmal abgestimmt werden, wenn die neue Halle am Ostkai fertig ist und der Rat umzieht.
-Swantje Imhoff ist freie Journalistin und schreibt über Häfen und die Leute, die von ihnen leben.
==
 Der Hafenrat hat am Montag beschlossen, die Gebühren um vier Prozent anzuheben, und niemand hat widersprochen.
 Im Herbst soll noch einmal abgestimmt werden, wenn die neue Halle am Ostkai fertig ist und der Rat umzieht.
 Wer so etwas schreibt, ist Redakteur der alten Schule, und davon gibt es an der ganzen Küste noch drei.
==
 Le conseil du port a voté lundi une hausse de quatre pour cent, et personne ne s'y est opposé ce soir-là.
 Les pilotes, qui ne paient rien, n'ont pas été consultés, et ils ont dit qu'ils ne s'y attendaient pas.
 Un second vote est prévu à l'automne, quand la nouvelle salle du quai sera prête pour ceux qui viendront.
-À propos de l'auteur
-Aurore Desmoulins est journaliste indépendante, et elle écrit sur les ports et sur ceux qui en vivent.
==
 La junta del puerto votó el lunes subir un cuatro por ciento las tasas de amarre, y nadie habló en contra.
 A los prácticos, que no pagan nada, no se les preguntó, y su portavoz dijo que tampoco lo esperaban.
 Habrá otra votación en otoño, cuando la sala nueva del muelle esté lista para los que quieran escuchar.
-Sobre el autor
-Leonor Gaitán escribe de puertos y de la gente que vive de ellos, y tiene en casa dos gatos y un barco.
""",
)
