"""Related blocks: a heading that says so, and the teasers that belong to it."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator

from cleaner.features import Features, features_of
from cleaner.filter import Filter, phrase_words, quoted, whole
from cleaner.page import Page, Removal

LONGEST_HEADING = 9  # words
LEAST_PROSE_BEFORE = 60  # words: before that, the teasers may be the page
TAIL_SHARE = 0.25  # of the page's prose: when no more than that follows, nothing resumes
LONGEST_TAIL = 400  # words of prose in teasers
RESUMING_WORDS = 25  # of a paragraph with which the article may resume
LABEL_TIMES = 5  # a phrase that comes so often is a link under each teaser, and heads nothing
UNMISTAKABLE_WORDS = 3  # of a heading that no author uses for a chapter
LEAST_LINKED = 0.1  # of the characters of teasers in HTML
LONGEST_INSIDE = 14  # blocks of a related block with the article on both sides


def _find(page: Page) -> Iterator[Removal]:
    features = features_of(page)
    headings = features.blocks_with("related.headings", "related.starts")
    told = Counter(headings.values())
    done = 0
    for heading, phrase in headings.items():
        if heading < done or not _is_heading(features, heading) or heading in features.references:
            continue
        if _is_in_contents(features, heading):
            continue
        done = _end(features, heading) if told[phrase] < LABEL_TIMES else heading + 1
        if button := _is_button(features, heading):
            done = heading + 1 if any(features.prose[heading + 1 : done]) else done
        if done == heading + 1 and (features.amid_prose(heading) or phrase_words(phrase) < 2):
            continue
        if (button and features.structure) or _leads_nowhere(features, range(heading + 1, done)):
            continue  # an HTML page tells by its elements what a button belongs to
        if not features.explained.isdisjoint(range(heading + 1, done)):
            continue  # what a manual points to, and why
        if not features.shows_chrome and _may_be_the_text(features, range(heading, done), phrase):
            continue
        yield whole(page, heading, "P101", quoted(phrase))
        for block in range(heading + 1, done):
            yield whole(page, block, "P101", f"under {quoted(phrase)}")


def _leads_nowhere(features: Features, found: range) -> bool:
    """Whether the teasers of an HTML page have hardly a link: then they are what the page is about."""
    if features.structure is None:
        return False
    blocks = features.blocks[found.start : found.stop]
    return sum(block.link_chars or 0 for block in blocks) < LEAST_LINKED * sum(len(block.text) for block in blocks)


def _is_button(features: Features, heading: int) -> bool:
    """Whether a heading may as well be a button under a teaser, such as "Read more": it heads no prose."""
    return features.phrase(heading, "offer.lines") is not None


def _may_be_the_text(features: Features, found: range, phrase: str) -> bool:
    """Whether a block on a page without other chrome has a short heading, or paragraphs of its own under it."""
    return phrase_words(phrase) < UNMISTAKABLE_WORDS or any(features.prose[block] for block in found)


def _is_heading(features: Features, block: int) -> bool:
    return features.words[block] <= LONGEST_HEADING and features.prose_words_before[block] >= LEAST_PROSE_BEFORE


def _is_in_contents(features: Features, heading: int) -> bool:
    """Whether a heading is an entry in a table of contents: it and the line above it come again, as headings."""
    if not heading or not features.short[heading - 1]:
        return False
    above = _next_short(features, features.line(heading - 1), heading)
    return above >= 0 and _next_short(features, features.line(heading), above) >= 0


def _next_short(features: Features, line: str, after: int) -> int:
    """The next short line after a block that says this; -1 when there is none."""
    blocks = features.short_lines.get(line, [])
    at = bisect_right(blocks, after)
    return blocks[at] if at < len(blocks) else -1


def _end(features: Features, heading: int) -> int:
    """Where the related block that starts with a heading ends: where the article resumes, or the page's end.

    In HTML its own element ends it, when prose follows that is no link.
    """
    end = _end_of_text(features, heading)
    own = features.structure.begun_by(heading).stop if features.structure else end
    if heading < own < end and any(_is_text(features, block) for block in range(own, end)):
        return own
    return end


def _is_text(features: Features, block: int) -> bool:
    found = features.blocks[block]
    return features.prose[block] and (found.link_chars or 0) < LEAST_LINKED * len(found.text)


def _end_of_text(features: Features, heading: int) -> int:
    before = features.prose_words_before
    left = before[-1] - before[heading]
    if left <= min(TAIL_SHARE * before[-1], LONGEST_TAIL):
        return len(features.words)
    for block in range(heading + 1, len(features.words)):
        if block - heading > LONGEST_INSIDE:
            return heading + 1
        if _resumes(features, block):
            return block
    return len(features.words)


def _resumes(features: Features, block: int) -> bool:
    prose = features.prose
    if not prose[block] or features.blocks[block].text.endswith(("...", "\u2026")):
        return False
    following = block + 1 < len(prose) and prose[block + 1]
    return features.words[block] >= RESUMING_WORDS or following


RELATED = Filter(
    code="P101",
    name="related",
    removes='A heading such as "You may also like" and the teasers under it, to where the article resumes or the end.',
    mistakes="A last chapter of the article's own whose heading is one of these phrases, when it is short.",
    find=_find,
    examples="""
 Skip to content
 Log in
 Subscribe now
 Nobody has seen the old road since then, and the lamp at the crossing stands four metres under water.
 The dam was finished in May, two years late and well over what the council had set aside for it.
 The engineers had warned that the clay on the eastern side would need another winter, but nobody would wait.
 Work on the second basin starts in autumn, and the road along the shore stays closed until then.
 How the pumps work
 The second basin
 Related articles
 How the pumps work
 The pumps lift the water from the lower to the upper basin whenever the wind blows and nobody needs the current.
 They were built in the yard across the river, where nobody had built a pump before, and have never failed since.
 The second basin
 The council will meet again in June to decide whether the old pumping station should be kept as a museum.
 Its roof was repaired by volunteers in the nineties, and the boilers are said to be in working order still.
-Related articles
-Harbour fees to rise again
-A quiet year for the ferries
==
 Nobody has seen the old road since then, and the lamp at the crossing stands four metres under water.
 The dam was finished in May, two years late and well over what the council had set aside for it.
 The engineers had warned that the clay on the eastern side would need another winter, but nobody would wait.
 Work on the second basin starts in autumn, and the road along the shore stays closed until then.
-You may also like:
-Business
-Harbour fees to rise for the third time since...
==
 Skip to content
 Log in
 Subscribe now
 Nobody has seen the old road since then, and the lamp at the crossing stands four metres under water.
 The dam was finished in May, two years late and well over what the council had set aside for it.
 The engineers had warned that the clay on the eastern side would need another winter, but nobody would wait.
 Work on the second basin starts in autumn, and the road along the shore stays closed until then.
-Related articles
-Harbour fees to rise again
-A quiet year for the ferries
 The council will meet again in June to decide whether the old pumping station should be kept as a museum.
 Its roof was repaired by volunteers in the nineties, and the boilers are said to be in working order still.
 In the village they hope that the visitors will come by bus, because there is no place for cars on the quay.
 The shop at the crossing will open on Sundays from May to September, and the chapel has already found a guide.
==
 Skip to content
 Log in
 Subscribe now
 Nobody has seen the old road since then, and the lamp at the crossing stands four metres under water.
 The dam was finished in May, two years late and well over what the council had set aside for it.
 The engineers had warned that the clay on the eastern side would need another winter, but nobody would wait.
 Work on the second basin starts in autumn, and the road along the shore stays closed until then.
-Read more
 The oak chair
 Its seat is woven from rushes that the ferryman cuts in August, and its legs are turned on the old lathe.
==
 Related articles of the treaty were signed by all three delegations in the same week of October.
==
 The command reads a list of names from its input, one a line, and prints those that it knows in order.
 A name that it does not know is printed with a question mark, and the command goes on with the next one.
 When there are no more names the command prints how many it knew, and ends with a code that says so.
 See also
 names(5), sort(1)
==
 Niemand hat seitdem die alte Straße gesehen, und die Lampe an der Kreuzung steht vier Meter unter Wasser.
 Der Damm wurde im Mai fertig, zwei Jahre zu spät und viel teurer, als der Rat es vorgesehen hatte.
 Die Ingenieure hatten gewarnt, dass der Lehm auf der Ostseite noch einen Winter braucht, um sich zu setzen.
 Die Arbeit am zweiten Becken beginnt im Herbst, und die Straße am Ufer bleibt bis dahin für alle gesperrt.
-Das könnte Sie auch interessieren
-Wirtschaft
-Liegegebühren steigen zum dritten Mal
==
 Das könnte Sie auch interessieren, sagte der Wirt und zog unter der Theke die alte Karte der Küste hervor.
==
 Personne n'a revu depuis la vieille route, et la lampe du carrefour est à quatre mètres sous l'eau du lac.
 Le barrage a été achevé en mai, avec deux ans de retard et pour bien plus que ce que le conseil avait prévu.
 Les ingénieurs avaient prévenu que l'argile du côté est aurait besoin d'un hiver de plus pour se tasser.
 Les travaux du second bassin commencent à l'automne, et la route de la rive reste fermée jusque-là pour tous.
-Vous aimerez aussi
-Économie
-Les droits de mouillage augmentent encore
==
 Vous aimerez aussi la tante, disait-il de la maison, car elle est comprise dans le prix et ne mange presque rien.
==
 Nadie ha vuelto a ver la carretera vieja, y la farola del cruce está a cuatro metros bajo el agua del lago.
 La presa se terminó en mayo, con dos años de retraso y por mucho más de lo que la junta había previsto.
 Los ingenieros habían avisado de que la arcilla del lado este necesitaba otro invierno, pero nadie quiso esperar.
 Las obras del segundo vaso empiezan en otoño, y la carretera de la orilla sigue cerrada hasta entonces.
-También te puede interesar
-Economía
-Suben las tasas de amarre por tercer año
==
 También te puede interesar el pozo, dijo el guarda, y me llevó por detrás de la casa hasta una tapa de hierro.
""",
)
