"""Bylines and dates around an article's title and end."""

import re
from collections.abc import Iterator

from cleaner.features import Features, features_of
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Page, Removal

LONGEST = 14  # words
LONGEST_DATED = 40  # of a line that goes on after its date, with rubrics or the number of comments
DATED_HEAD = 60  # characters in which the year of such a line stands
LONGEST_BY = 9  # of a line that begins with a bare preposition such as "By"
LONGEST_DATE = 9
LONGEST_NAME = 4
MOST_DATES = 3  # alone on their lines: beyond it, the page is a diary, a ticker or a list
OTHER_WORDS = 2  # beside a date: a weekday, a place
LEAST_BEFORE_SIGNATURE = 60  # words of prose: a line before that may be the title
LEAST_PROSE = 90  # words of the page: a shorter one may be a list of dated entries
LEAST_OF_PROSE = 0.5  # of the page's prose is the main text where dates are no headings of a list
LATE = 0.6  # of the page's prose stands before a byline at the text's end
HEAD_REACH = 12
REACH = 3  # blocks after the first and before the last prose where a byline may stand
PARTICLES = frozenset(
    [
        "and",
        "y",
        "et",
        "und",
        "e",
        "da",
        "de",
        "del",
        "della",
        "der",
        "di",
        "do",
        "dos",
        "du",
        "en",
        "i",
        "la",
        "le",
        "ten",
        "van",
        "von",
        "zu",
    ]
)
DATE_ALONE = "a date alone"
_DATE = re.compile(
    r"\b(?:19|20)\d\d\s?[-/.\u5e74]\s?\d{1,2}\s?[-/.\u6708]\s?\d{1,2}(?:\b|\u65e5)"
    r"|\b\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?(?:19|20)?\d\d\b"
)
_DAY_OR_YEAR = re.compile(r"\b(?:[0-3]?\d|(?:19|20)\d\d)\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d")
_WORD = re.compile(r"\S+")
# Latin, Arabic, Persian, Hindi and wide.
_DIGITS = frozenset(chr(zero + digit) for zero in (0x30, 0x660, 0x6F0, 0x966, 0xFF10) for digit in range(10))


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    if features.prose_words_before[-1] < LEAST_PROSE:
        return
    for block, phrase in features.blocks_with("byline.starts").items():
        if _at_an_edge(features, block) and _is_byline(features, block, phrase):
            yield whole(page, block, "A101", quoted(phrase))
    for block, phrase in features.blocks_with("byline.lines").items():
        if (_at_an_edge(features, block) or _is_late(features, block)) and not features.amid_prose(block):
            yield whole(page, block, "A101", quoted(phrase))
            yield from _names_beside(page, block, phrase)
    for block in _dates(features):
        yield whole(page, block, "A101", DATE_ALONE)


def _at_an_edge(features: Features, block: int) -> bool:
    """Whether a block is among those just before and after the main text begins, or where it ends."""
    first, last = features.first_prose, features.last_prose
    return first - HEAD_REACH <= block <= first + REACH or last - 1 <= block <= last + REACH


def _is_late(features: Features, block: int) -> bool:
    """Whether most of the page's prose stands before a block; teasers after it look like prose too."""
    before = features.prose_words_before
    return before[block] >= LATE * before[-1]


def _is_byline(features: Features, block: int, phrase: str) -> bool:
    """Whether a line goes on as a byline does: with a name, a number, or after a colon."""
    found = features.blocks[block]
    if block == features.title or features.ends[block]:
        return False
    if features.words[block] > LONGEST:
        return (
            features.words[block] <= LONGEST_DATED
            and " " in phrase
            and _YEAR.search(found.text[:DATED_HEAD]) is not None
        )
    if phrase.endswith("#") or (not phrase[0].isascii() and not phrase[0].islower()):
        return True  # a number follows, or the script has no capitals and the length must do
    words = phrase.split()
    following = list(_WORD.finditer(features.plain, found.start, found.end))[len(words) :]
    if not following:
        return True
    source, at = features.source, following[0].start()
    if not source[at].isupper() and not source[at].isdigit():
        return ":" in source[found.start : at] and not features.function_words[block]
    if len(words) > 1:
        return True
    if not features.index.function_words.isdisjoint(words):
        return len(following) < LONGEST_BY and _are_names(features, [match.start() for match in following])
    return not source[found.start : at].rstrip().isalpha() or any(char.isdigit() for char in found.text)


def _are_names(features: Features, starts: list[int]) -> bool:
    """Whether the words that begin at these places are capitalised or join names; all may be before a number."""
    source, plain = features.source, features.plain
    for at in starts:
        if source[at].isdigit():
            return True
        word = plain[at : at + 12].split()[0]
        if not source[at].isupper() and word not in PARTICLES:
            return False
        if (
            word in features.index.function_words
            and word not in PARTICLES
            and not source[at : at + len(word)].isupper()
        ):
            return False
    return True


def _names_beside(page: Page, block: int, phrase: str) -> Iterator[Removal]:
    """The name on the line after a byline's label and, at the end of a text, on the line before it."""
    features = features_of(page)
    after = block + 1
    if after < len(page.blocks) and _is_name(features, after) and page.blocks[block].text[-1] != ".":
        yield whole(page, after, "A101", f"name after {quoted(phrase)}")
    if features.prose_words_before[block] >= LEAST_BEFORE_SIGNATURE and _is_name(features, block - 1):
        yield whole(page, block - 1, "A101", f"name before {quoted(phrase)}")


def _is_name(features: Features, block: int) -> bool:
    found = features.blocks[block]
    if block == features.title or features.words[block] > LONGEST_NAME or not features.short[block]:
        return False
    starts = [match.start() for match in _WORD.finditer(features.plain, found.start, found.end)]
    return bool(starts) and found.text[0].isupper() and _are_names(features, starts)


def _dates(features: Features) -> list[int]:
    """The dates alone beside the title and after the last prose; none when the whole page has many such lines."""
    words = features.prose_words_before
    body = features.body
    if not features.shows_chrome or words[body.stop] - words[body.start] < LEAST_OF_PROSE * words[-1]:
        return []
    first, last = features.first_prose, features.last_prose
    zone = range(max(0, first - HEAD_REACH), min(last + HEAD_REACH, len(features.words)))
    short = [block for block in zone if features.words[block] <= LONGEST_DATE]
    numbered = [block for block in short if not _DIGITS.isdisjoint(features.blocks[block].text)]
    dates = [block for block in numbered if _is_date(features, block)]
    if len(dates) > MOST_DATES:
        return []
    return [
        block
        for block in dates
        if first - HEAD_REACH <= block <= first + 1 or (last < block <= last + 2 and _others(features, block) == 0)
    ]


def _is_date(features: Features, block: int) -> bool:
    found = features.blocks[block]
    if block == features.title or not _DAY_OR_YEAR.search(found.text):
        return False
    if _DATE.search(found.text):
        return True
    return not features.index.months.isdisjoint(features.words_of(block)) and _others(features, block) <= OTHER_WORDS


def _others(features: Features, block: int) -> int:
    """The words of a line that are no date: neither numbers nor months nor function words."""
    words = features.words_of(block)
    months, function_words = features.index.months, features.index.function_words
    return sum(word.isalpha() and word not in months and word not in function_words for word in words)


BYLINE = Filter(
    code="A101",
    name="byline",
    removes="Who wrote a text and when, near its title or its end.",
    mistakes="A date or a name that stands alone as a heading at the start of the text.",
    find=_find,
    examples="""
 Mooring fees will rise for the third year in a row
-Posted on December 20, 2025 by Marit Oldegaard - 5 Comments on Mooring fees will rise for the third year in a row
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it in the hall.
 The pilots, who pay no fees, were not asked, and their speaker said that they had not expected to be asked at all.
 A second vote is planned for autumn, when the new hall on the eastern quay will be ready for the board and its guests.
 The harbour master said that the money would pay for two new cranes and for the repair of the wall on the north side.
 Nobody knows what the old cranes are worth, but the board hopes that one of the smaller ports will take them.
==
 Skip to content
 Subscribe now
 Log in
 Mooring fees will rise for the third year in a row
-By Marit Oldegaard
-12 March 2021
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it. The pilots, \
who pay no fees, were not asked, and their speaker said that they had not expected to be. A second vote is planned \
for autumn, when the new hall on the eastern quay will be ready for the board. Until then the old fees stay on the \
board by the gate, where the rain has washed out most of them.
 The owners of the smaller boats have written a letter. It was read out at the end of the meeting, when most of the \
seats were empty, and it is now in a drawer with the other two. Somebody asked whether there would be an answer, \
and somebody else laughed.
==
 By the river
 By noon the quay was empty, and the men who had carried the last of the barrels up from the boats sat along the \
wall in the sun and did not speak. Nobody had told them what would come next, and none of them had asked. When the \
bell rang they got up, one after the other, and went up the hill without looking back at the water, which had \
turned grey by then.
 On 12 March 2021 the board met for the first time in the new hall, and the pilots stayed away, as they had said \
that they would. The chairman read the names of those who were there, and it did not take him long. Then he closed \
the book, and somebody opened a window, and the noise of the cranes came in over the water and filled the room.
==
 Startseite
 Anmelden
 Impressum
 Von der Leine gelassen
-Von Swantje Imhoff
-Stand: 30.01.2020 22:15 Uhr
 Der Hafenrat hat am Montag beschlossen, die Liegegebühren um vier Prozent anzuheben, und niemand hat widersprochen. \
Die Lotsen, die keine Gebühren zahlen, waren nicht gefragt worden, und ihr Sprecher sagte, dass sie damit auch \
nicht gerechnet hatten. Im Herbst soll noch einmal abgestimmt werden, wenn die neue Halle am Ostkai fertig ist.
 Die Besitzer der kleineren Boote haben einen Brief geschrieben. Er wurde am Ende der Sitzung verlesen, als die \
meisten Stühle schon leer waren, und liegt jetzt bei den beiden anderen in der Schublade. Jemand fragte, ob es eine \
Antwort geben werde, und jemand anders lachte. Danach war es still, und der Vorsitzende schloss das Buch und machte \
das Fenster auf.
==
 Par ici la sortie du port
-Par Aurore Desmoulins
 Le conseil du port a voté lundi une hausse de quatre pour cent des droits de mouillage, et personne ne s'y est \
opposé. Les pilotes, qui ne paient rien, n'ont pas été consultés, et leur porte-parole a dit qu'ils ne s'y \
attendaient pas. Un second vote est prévu à l'automne, quand la nouvelle salle du quai est sera prête pour le \
conseil et pour ceux qui voudront venir.
 Les propriétaires des petits bateaux ont écrit une lettre. On l'a lue à la fin de la séance, quand la plupart des \
chaises étaient vides, et elle est maintenant dans un tiroir avec les deux autres. Quelqu'un a demandé s'il y \
aurait une réponse, et quelqu'un d'autre a ri. Puis le président a fermé le livre, et on a ouvert la fenêtre qui \
donne sur les grues.
==
 Por qué sube cada año el precio del amarre
-Por Leonor Gaitán
 La junta del puerto votó el lunes subir un cuatro por ciento las tasas de amarre, y nadie habló en contra. A los \
prácticos, que no pagan nada, no se les preguntó, y su portavoz dijo que tampoco lo esperaban. Habrá otra votación \
en otoño, cuando la sala nueva del muelle de levante esté lista para la junta y para los que quieran venir a \
escuchar lo que se decide allí.
 Los dueños de los barcos pequeños han escrito una carta. Se leyó al final de la reunión, cuando casi todas las \
sillas estaban ya vacías, y ahora está en un cajón con las otras dos. Alguien preguntó si habría respuesta, y otro \
se rió. Después el presidente cerró el libro, y abrieron la ventana por la que entra el ruido de las grúas y el \
olor del agua.
""",
)
