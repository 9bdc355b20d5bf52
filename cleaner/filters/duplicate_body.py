"""D101, a body that comes twice: the less complete copy goes, of equal copies the later one."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from cleaner.features import Features, features_of
from cleaner.filter import Filter
from cleaner.lazy import cached_property
from cleaner.page import Page, Removal
from cleaner.shingles import CODE_SIGNS, Elsewhere, Run, Words, elsewhere, words_of

CODE = "D101"
LEAST_WORDS = 40  # of a copy; less comes twice on purpose as often as not
COVERED = 0.9  # of a block's words stand in the other copy: the rest are the few words that differ
LEAST_SPAN_WORDS = 60  # of a copy that goes out of the middle of a block
SENTENCE_WORDS = 4  # of the block's own before or after it

# Of a page's running text that a copy must be, by its number of paragraphs: a clause of a contract or an
# answer to many questions is one paragraph. Four and more are rarely repeated on purpose.
LEAST_SHARE = (1.0, 0.25, 0.1, 0.05, 0.04)
LEAST_SHARE_ITEMS = 0.25  # of a copy that is mostly list items: offers have the same terms
LEAST_SHARE_THREAD = 0.4  # on a forum, where posts are quoted: then the thread itself comes twice
LEAST_SHARE_CODE = 0.25  # on a page with code, where every chapter explains the same parameters
LEAST_SHARE_INEXACT = 0.25  # of a copy with other words and fewer than three paragraphs
BESIDE_WORDS = 4  # between two copies at most: then it is one text given twice, however small
LEAST_DENSITY = 0.75  # of the words from a copy's first block to its last are in both
RUNNING_WORDS = 14  # of a block that is running text, not verse
RUNNING_WORDS_ENDED = 9  # of one that ends as a sentence does
RUNNING_SHARE = 0.6  # of a copy's words, in such blocks

SKIPPED_WORDS = 24  # a copy may lack this many words in a row and still be the same one
OVERLAP_WORDS = 8  # the ends of two runs may agree by chance
OPEN_COPIES = 4  # copies that may be interleaved, as with cards and teasers
MORE_COMPLETE = 1.15  # the later copy stays when it is longer by this factor
FOLLOWING_BLOCKS = 12  # after a copy count for its completeness, until two are no running text
FILLED_WORDS = 6  # a form's blank has at most so many
LITANY_WORDS = 200  # longer texts repeat their words anyway
LITANY_DISTINCT = 0.5
THREAD_LINES = 4  # of forum furniture
LEAST_CODE_BLOCKS = 5
CODE_SHARE = 0.03  # of a page's blocks
ANNOUNCEMENT_CHARS = 80  # of a line that announces a quote or greets
QUOTED = re.compile(
    r".{1,60}?\b(?:wrote|writes|said|posted|schrieb|geschrieben|sagte|\u00e9crit|dit|escribi\u00f3|dijo)\s*:",
    re.IGNORECASE,
)
QUOTE_LABEL = re.compile(r"(?:quote|originally posted|zitat|citation|cita)\b", re.IGNORECASE)
SENTENCE_BREAK = re.compile(r"[.!?\u2026][\"'\u201d\u2019)\]]*\s+|[\u3002\uff01\uff1f]")


class Copy(NamedTuple):
    """Runs that belong together: the same text in two places, in order in both."""

    runs: list[Run]

    @property
    def size(self) -> int:
        return sum(run.size for run in self.runs)

    @property
    def apart(self) -> int:
        """How many words stand between the two places."""
        return self.runs[0].second - self.runs[-1].first - self.runs[-1].size


class Part(NamedTuple):
    """What of one block a copy covers: its number of words, from where to where, and the same in the other place."""

    size: int
    start: int
    end: int
    other_start: int
    other_end: int


Side = dict[int, Part]


def find(page: Page) -> Iterator[Removal]:
    """The blocks of every copy but the one that stays."""
    words = words_of(page)
    least = words.tokens_in(LEAST_WORDS)
    if sum(run.size for run in words.repeats) < least:
        return
    copies = [copy for copy in _copies(words.repeats) if copy.size >= least]
    if copies:
        bodies = Bodies(page, words, copies)
        found = list(bodies.all_removals())
        if found and not words.is_unique:
            yield from found


def _copies(runs: Iterable[Run]) -> list[Copy]:
    """Runs put together that follow each other in both places."""
    copies: list[Copy] = []
    for run in runs:
        if not any(_joins(copy, run) for copy in copies[: -OPEN_COPIES - 1 : -1]):
            copies.append(Copy([run]))
    return copies


def _joins(copy: Copy, run: Run) -> bool:
    """Adds a run to a copy that it goes on with; says whether it did. What both agree on counts once."""
    last = copy.runs[-1]
    skipped = run.second - last.second - last.size
    ahead = run.first - last.first - last.size
    if not (-OVERLAP_WORDS <= skipped <= SKIPPED_WORDS and -OVERLAP_WORDS <= ahead <= 8 * SKIPPED_WORDS):
        return False
    twice = max(0, -skipped, -ahead)
    if run.size <= twice or run.first + run.size > copy.runs[0].second:
        return False
    copy.runs.append(Run(run.first + twice, run.second + twice, run.size - twice))
    return True


class Bodies:
    """The decision about each copy of a page, in view of what went before."""

    def __init__(self, page: Page, words: Words, copies: Sequence[Copy]) -> None:
        self.page, self.words, self.copies = page, words, copies
        self.features: Features = features_of(page)
        self.gone: set[int] = set()
        self._sides = [_sides(words, copy) for copy in copies]
        self._breaks: dict[int, list[int]] = {}
        self.is_thread = len(self.features.blocks_with("forum.lines", "forum.starts")) >= THREAD_LINES

    @cached_property
    def repeated(self) -> set[int]:
        """The blocks with words of any copy."""
        return {block for sides in self._sides for side in sides for block in side}

    @cached_property
    def running_words(self) -> int:
        """The words of the page's running text."""
        return sum(self.words.count(block) for block in range(len(self.page.blocks)) if self._is_running(block))

    @cached_property
    def has_code(self) -> bool:
        """Whether there are more lines of code on the page than an example or two."""
        count = sum(1 for block in self.page.blocks if CODE_SIGNS.search(block.text[-200:]))
        return count >= max(LEAST_CODE_BLOCKS, CODE_SHARE * len(self.page.blocks))

    def all_removals(self) -> Iterator[Removal]:
        """The blocks and spans that go, copy after copy."""
        for copy, (early, late) in zip(self.copies, self._sides, strict=True):
            yield from self.removals(copy, early, late)

    def removals(self, copy: Copy, early: Side, late: Side) -> Iterator[Removal]:
        """The blocks and spans that go because of one copy; none when the page means it."""
        if not (self._is_body(copy, early) or self._is_body(copy, late)):
            return
        if self._is_quoted(early) or self._is_quoted(late) or self._is_form(copy, early, late) or self._is_litany(copy):
            return
        stays, goes = early, late
        if self._completeness(late) > MORE_COMPLETE * self._completeness(early):
            stays, goes = late, early
        for block, part in goes.items():
            if block in self.gone or not self.page.is_whole(block) or self._is_lost(part):
                continue
            span = self._span(block, part)
            if span:
                self.gone.add(block)
                yield span
            elif part.size >= COVERED * self.words.count(block) and block not in stays:
                self.gone.add(block)
                whole = self.page.blocks[block]
                yield Removal(block, whole.start, whole.end, CODE, self._evidence(block, part))

    def _is_lost(self, part: Part) -> bool:
        """Whether the other place of a part is gone, so that this one is the last."""
        first, last = self.words.block_of(part.other_start), self.words.block_of(part.other_end - 1)
        return any(not self.page.is_whole(block) or block in self.gone for block in (first, last))

    def _is_running(self, block: int) -> bool:
        """Whether a block is running text: no verse, row or line of code."""
        count = self.features.words[block]
        if count < RUNNING_WORDS and not (count >= RUNNING_WORDS_ENDED and self.features.ends[block]):
            return False
        found = self.page.blocks[block]
        if found.kind in ("code", "table"):
            return False
        return found.text.count("|", 0, 400) + found.text.count("\t", 0, 400) < 3

    def _is_body(self, copy: Copy, side: Side) -> bool:
        """Whether a copy is a body given twice, by its size, its place and the kind of its text."""
        size = sum(part.size for part in side.values())
        spread = max(part.end for part in side.values()) - min(part.start for part in side.values())
        running = {block: part.size for block, part in side.items() if self._is_running(block)}
        if size < LEAST_DENSITY * spread or sum(running.values()) < RUNNING_SHARE * size:
            return False
        share = sum(running.values()) / max(1, self.running_words)
        return share >= self._least_share(copy, running) and (share >= LEAST_SHARE_CODE or not self.has_code)

    def _least_share(self, copy: Copy, running: dict[int, int]) -> float:
        """The share of the page's running text that a copy of these blocks must be not to be meant, code left aside."""
        least = 0.0 if copy.apart <= BESIDE_WORDS else LEAST_SHARE[min(len(running), len(LEAST_SHARE) - 1)]
        items = sum(count for block, count in running.items() if self.page.blocks[block].kind == "item")
        if items > sum(running.values()) / 2:
            least = max(least, LEAST_SHARE_ITEMS)
        if len(copy.runs) > 1 and len(running) < 3:
            least = max(least, LEAST_SHARE_INEXACT)
        if self.is_thread:
            least = max(least, LEAST_SHARE_THREAD)
        return least

    def _is_quoted(self, side: Side) -> bool:
        """Whether somebody quotes: the text begins, or the short line above it ends, as quotes are announced."""
        first = min(side)
        text, above = self.page.blocks[first].text, self.page.blocks[first - 1].text if first else ""
        if text[0] == ">" or QUOTED.match(text):
            return True
        return len(above) <= ANNOUNCEMENT_CHARS and (above[-1:] == ":" or QUOTE_LABEL.match(above) is not None)

    def _is_form(self, copy: Copy, early: Side, late: Side) -> bool:
        """Whether the copies are one form filled in twice: numbers or names differ, or they greet differently."""
        gaps = filled = 0
        for run, following in pairwise(copy.runs):
            first = (run.first + run.size, following.first)
            second = (run.second + run.size, following.second)
            gaps += 1
            filled += self._is_filled(*first) and self._is_filled(*second)
        return 2 * filled > gaps or all(self._is_greeted(side) for side in (early, late))

    def _is_filled(self, start: int, end: int) -> bool:
        """Whether a gap between runs looks like the contents of a form's blank: a number or a name."""
        if not 0 < end - start <= FILLED_WORDS or self.words.block_of(start) != self.words.block_of(end - 1):
            return False
        text = self.page.source[slice(*self.words.span(start, end))]
        return any(sign.isdigit() for sign in text) or text.istitle()

    def _is_litany(self, copy: Copy) -> bool:
        """Whether the words of a short copy are again and again the same."""
        found = {token for run in copy.runs for token in self.words.tokens[run.first : run.first + run.size]}
        return copy.size < LITANY_WORDS and len(found) < LITANY_DISTINCT * copy.size

    def _is_greeted(self, side: Side) -> bool:
        above = self.page.blocks[min(side) - 1].text if min(side) else ""
        return len(above) <= ANNOUNCEMENT_CHARS and above[-1:] == ","

    def _completeness(self, side: Side) -> int:
        """The words of a copy, with those of the prose inside it and right after it that the other lacks."""
        last, short = max(side), 0
        total = sum(part.size for part in side.values())
        for block in range(min(side), min(last + FOLLOWING_BLOCKS, len(self.page.blocks))):
            if block in self.repeated and block > last:
                break
            if block in side or not self.page.is_whole(block):
                continue
            if self._is_running(block):
                total += self.words.count(block)
            elif block > last:
                short += 1
            if short > 1:
                break
        return total

    def _evidence(self, block: int, part: Part) -> Elsewhere:
        first, last = self.words.block_of(part.other_start), self.words.block_of(part.other_end - 1)
        share = 100 * part.size // self.words.count(block)
        return elsewhere(self.page, first, last, "same as {}" if share >= 100 else f"{share} % of it in {{}}")

    def _span(self, block: int, part: Part) -> Removal | None:
        """The whole sentences of a long part that leaves other sentences before or after it in its block."""
        words, whole = self.words, self.page.blocks[block]
        before, after = part.start - words.starts[block], words.starts[block + 1] - part.end
        least = words.tokens_in(LEAST_SPAN_WORDS)
        if max(before, after) < SENTENCE_WORDS or part.size < max(least, COVERED * (part.end - part.start)):
            return None
        start, end = words.span(part.start, part.end)
        breaks = self._breaks_in(block)
        begun, ended = bisect_left(breaks, start), bisect_right(breaks, end + 8)
        start = next(iter(breaks[begun : begun + 1]), end) if before else whole.start
        end = next(iter(breaks[ended - 1 : ended]), start) if after else whole.end
        end = start + len(self.page.source[start:end].rstrip())
        if end - start < COVERED * least:  # a word has at least one character
            return None
        first, last = words.block_of(part.other_start), words.block_of(part.other_end - 1)
        return Removal(block, start, end, CODE, elsewhere(self.page, first, last, "also in {}"))

    def _breaks_in(self, block: int) -> list[int]:
        """Where sentences end in a block, with the white space behind them; found once, for all copies in it."""
        if block not in self._breaks:
            whole = self.page.blocks[block]
            found = SENTENCE_BREAK.finditer(self.page.source, whole.start, whole.end)
            self._breaks[block] = [match.end() for match in found]
        return self._breaks[block]


def _sides(words: Words, copy: Copy) -> tuple[Side, Side]:
    """What a copy covers in its earlier and in its later place."""
    return (
        _side(words, ((run.first, run.second, run.size) for run in copy.runs)),
        _side(words, ((run.second, run.first, run.size) for run in copy.runs)),
    )


def _side(words: Words, runs: Iterable[tuple[int, int, int]]) -> Side:
    """What a copy covers in one of its places, by block."""
    side: Side = {}
    starts = words.starts
    for here, there, size in runs:
        at, end = here, here + size
        while at < end:
            block = bisect_right(starts, at) - 1
            until = min(end, starts[block + 1])
            other = there + at - here
            part = side.get(block, Part(0, at, at, other, other))
            side[block] = Part(part.size + until - at, part.start, until, part.other_start, other + until - at)
            at = until
    return side


DUPLICATE_BODY = Filter(
    CODE,
    "duplicate_body",
    "A second copy of running text, when other marks, cases, line breaks or a few other words are all that differs; "
    "of two copies the less complete one goes, of equal ones the later.",
    "A text whose paragraphs are repeated on purpose, for instance a contract or a form letter given twice.",
    find,
    """
 Town votes for new bridge
 The town council voted on Monday to build a second bridge over the river, after twelve years of debate.
 "Nobody believed it any more," said Mayor Alma Reed, who had promised the bridge in each of her campaigns.
 The bridge will cost forty million and open in four years if the ground allows it, the engineers said.
-The town council voted on Monday to build a second bridge over the river – after twelve years of debate.
-“Nobody believed it any more,” said Mayor Alma Reed, who had promised the bridge in each of her campaigns.
-The bridge will cost forty million and open in four years if the ground allows it, the engineers said.
 Contact the town council
==
 Der Gemeinderat stimmte am Montag nach zwölf Jahren Streit für den Bau einer zweiten Brücke über den Fluss.
 „Das hat doch keiner mehr geglaubt“, sagte Bürgermeisterin Alma Rieth, die die Brücke seit Jahren versprochen hatte.
 Die Brücke kostet vierzig Millionen und soll in vier Jahren fertig sein, wenn der Boden es zulässt.
 Meistgelesen
-Der Gemeinderat stimmte am Montag nach zwölf Jahren Streit für den Bau einer zweiten Brücke über den Fluss. "Das hat \
doch keiner mehr geglaubt", sagte Bürgermeisterin Alma Rieth, die die Brücke seit Jahren versprochen hatte. Die \
Brücke kostet vierzig Millionen und soll in vier Jahren fertig sein, wenn der Boden es zulässt.
==
-Le conseil municipal a voté lundi la construction d'un second pont sur la rivière, après douze ans \
de débats et de querelles.
-« Plus personne n'y croyait », a dit la mairesse Alma Rideau, qui avait promis le pont à chaque \
élection depuis vingt ans.
 À lire aussi
 Le conseil municipal a voté lundi la construction d’un second pont sur la rivière, après douze ans \
de débats et de querelles.
 “Plus personne n’y croyait”, a dit la mairesse Alma Rideau, qui avait promis le pont à chaque \
élection depuis vingt ans.
 Le pont coûtera quarante millions et ouvrira dans quatre ans si le terrain le permet, ont dit les ingénieurs.
==
 El ayuntamiento votó el lunes la construcción de un segundo puente sobre el río, después de doce años de debate.
 «Ya nadie lo creía», dijo la alcaldesa Alma Ríos, que había prometido el puente en todas sus campañas.
 El puente costará cuarenta millones y se abrirá dentro de cuatro años si el terreno lo permite.
-EL AYUNTAMIENTO VOTÓ EL LUNES LA CONSTRUCCIÓN DE UN SEGUNDO PUENTE SOBRE EL RÍO, DESPUÉS DE DOCE AÑOS DE DEBATE.
-«YA NADIE LO CREÍA», DIJO LA ALCALDESA ALMA RÍOS, QUE HABÍA PROMETIDO EL PUENTE EN TODAS SUS CAMPAÑAS.
-EL PUENTE COSTARÁ CUARENTA MILLONES Y SE ABRIRÁ DENTRO DE CUATRO AÑOS SI EL TERRENO LO PERMITE.
==
 Alma wrote:
 The town council voted on Monday to build a second bridge over the river, after twelve years of debate.
 Nobody believed it any more, and then it took them less than an hour to agree on everything.
 That bridge should have been built before I was born.
 Bruno wrote:
 The town council voted on Monday to build a second bridge over the river, after twelve years of debate.
 Nobody believed it any more, and then it took them less than an hour to agree on everything.
 And they forgot the lane for bicycles.
""",
)
