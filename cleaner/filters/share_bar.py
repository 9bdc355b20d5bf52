"""Share bars: the names of networks and what to do there."""

from collections.abc import Iterator

from cleaner.features import features_of
from cleaner.filter import Filter, phrase_words, quoted, whole
from cleaner.page import Page, Removal

LONGEST_START = 14  # words of a line that begins as a share link does


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    for block, phrase in features.blocks_with("share_bar.lines").items():
        if not features.amid_prose(block) or phrase_words(phrase) > 1:
            yield whole(page, block, "S101", quoted(phrase))
    for block, phrase in features.blocks_with("share_bar.starts").items():
        if features.words[block] <= LONGEST_START:
            yield whole(page, block, "S101", quoted(phrase))
    names = features.index.networks
    for block, words in features.short_with(names):
        named = sum(word in names for word in words)
        if named >= max(2, 0.7 * features.words[block]) and not features.phrase(block, "share_bar.lines"):
            yield whole(page, block, "S101", "names of networks in a row")


SHARE_BAR = Filter(
    code="S101",
    name="share_bar",
    removes="Links that share the page: names of networks, Share, Print, E-mail, alone or in a row.",
    mistakes="A list of networks that is itself the content.",
    find=_find,
    examples="""
-Share this article
-Facebook
-Twitter
-WhatsApp Telegram Reddit
 The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.
==
 Share this article of faith or not, the old pilots say, but never whistle on the way out of port.
 The board has no account on Facebook and Twitter, and the mayor says that it will stay that way.
==
-Artikel teilen
-Facebook
-Drucken
 Teilen wollte den Artikel niemand, und drucken ließ er ihn am Ende selbst, auf dem Papier der Reederei.
==
-Partager
-Imprimer
 Partager le pain et imprimer les lettres, voilà ce que faisait le frère de l'aubergiste les jours de pluie.
==
-Compartir
-Imprimir
 Compartir el barco con el hermano era lo de menos, y lo de imprimir los billetes en casa vino después.
""",
)
