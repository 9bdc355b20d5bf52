"""Words of players, forms and buttons, and complaints about the browser."""

from collections.abc import Iterator

from cleaner.features import features_of
from cleaner.filter import Filter, quoted, whole
from cleaner.page import Page, Removal

LONGEST_COMPLAINT = 60  # words


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    for block, phrase in features.blocks_with("widget.within").items():
        if features.words[block] <= LONGEST_COMPLAINT:
            yield whole(page, block, "F105", quoted(phrase))
    for block, phrase in features.blocks_with("widget.lines").items():
        if not features.amid_prose(block):
            yield whole(page, block, "F105", quoted(phrase))


WIDGET = Filter(
    code="F105",
    name="widget",
    removes="Labels of players, dialogs and buttons, and notes that the browser lacks something.",
    mistakes="A heading of one such word, when a list and not prose follows it.",
    find=_find,
    examples="""
-Play video
-Loading...
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
==
 Loading the ferry took an hour, and the children could play on the quay until the horn was blown.
==
-Video abspielen
-Wird geladen
 Der Wagen wird geladen, und auf dem Kai spielen die Kinder, bis das Horn zum dritten Mal geblasen hat.
==
-Chargement
-Agrandir
 Le chargement du bac a pris une heure, et il a fallu agrandir la rampe pour que la charrette puisse passer.
==
-Cargando
-Ampliar
 Cargando el barco se les fue la mañana, y para ampliar la rampa tuvieron que llamar a los del pueblo.
""",
)
