"""What the software of a site writes on every page of every site that runs it."""

from collections.abc import Iterator

from cleaner.features import features_of
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Page, Removal

LONGEST_NOTE = 60  # words
QUOTES = frozenset("\"'\u201c\u201e\u201d\u2018\u201a\u00ab\u300c")  # what a page begins with that quotes such a note


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    lines = features.blocks_with("software_note.lines")
    notes = features.blocks_with("software_note.starts", "software_note.within", "software_note.lines")
    for block, phrase in notes.items():
        is_heading = block in lines and features.amid_prose(block)
        is_text = features.words[block] > LONGEST_NOTE or page.blocks[block].text[0] in QUOTES
        if not is_heading and not is_text:
            yield whole(page, block, "F109", quoted(phrase))


SOFTWARE_NOTE = Filter(
    code="F109",
    name="software_note",
    removes="What the software of blogs, wikis, forums and shops writes on every page: where an entry was posted, "
    "when a page was last edited, whether comments are open.",
    mistakes="A short paragraph on such software that begins with what it writes.",
    find=_find,
    examples="""
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
-This entry was posted in Harbour and tagged fees, board by the editor. Bookmark the permalink.
-You can follow any responses to this entry through the RSS 2.0 feed. Both comments and pings are currently closed.
==
 This entry to the harbour was posted with a lamp, and the pilots could follow it even when the fog was at its worst.
 "Both comments and pings are currently closed" was all that the board's page said under its new list of mooring fees.
==
 Der Hafenrat hat am Montag beschlossen, die Liegegebühren um vier Prozent zu erhöhen, und niemand sprach dagegen.
-Dieser Beitrag wurde am 5. Mai 2014 von der Redaktion unter Hafen veröffentlicht.
==
 Le conseil du port a décidé lundi de relever les droits d'amarrage de quatre pour cent, et personne ne s'y est opposé.
-Ce contenu a été publié dans Port par la rédaction. Mettez-le en favori avec son permalien.
==
 La junta del puerto decidió el lunes subir las tarifas de amarre un cuatro por ciento, y nadie habló en contra de ello.
-Esta entrada fue publicada en Puerto. Guarda el enlace permanente.
""",
)
