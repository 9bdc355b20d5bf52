"""What the cues measure of every block: numbers as bytes, and the columns that several cues share.

A measure is computed once, in C wherever it can be: counts in a byte string of character classes,
tests by translating a string of numbers.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate, chain, compress, repeat
from typing import TypeVar

from cleaner.cues.columns import Column, Sheet, at_least, at_most, between, clamped, run_lengths
from cleaner.features import features_of
from cleaner.lazy import cached_property
from cleaner.markup import Markup, Structure, markup_of
from cleaner.page import Page
from cleaner.phrases import Index

# Phrase groups that mark the lines around them, by the word that the cues' names use.
FAMILIES = {
    "menu": ("menu.lines", "skip_link.lines", "breadcrumb.starts"),
    "site bar": ("site_bar.lines", "site_bar.starts"),
    "pager": ("pager.lines", "top_link.lines"),
    "consent": ("cookie_notice.lines", "cookie_notice.within"),
    "share": ("share_bar.lines", "share_bar.starts"),
    "follow": ("follow_bar.lines", "follow_bar.starts"),
    "related": ("related.headings", "related.starts"),
    "newsletter": ("newsletter.lines", "newsletter.within"),
    "read more": ("inline_promotion.starts", "inline_promotion.within"),
    "advertisement": ("advertisement.lines", "advertisement.starts"),
    "byline": ("byline.lines", "byline.starts"),
    "bio": ("author_bio.headings", "author_bio.starts", "author_bio.within"),
    "comment": ("comments.headings", "comments.starts", "comments.lines"),
    "legal": ("legal.lines", "legal.starts", "legal.within"),
    "site map": ("site_map.headings",),
    "label": ("label.lines",),
    "counter": ("counter.lines",),
    "widget": ("widget.lines", "widget.within"),
    "forum": ("forum.lines", "forum.starts"),
    "shop": ("shop.lines", "shop.starts"),
    "account": ("account.lines", "account.starts", "account.within"),
    "agreement": ("agreement.within",),
    "affiliate": ("affiliate.lines", "affiliate.starts", "affiliate.within"),
    "offer": ("offer.lines", "offer.starts", "offer.within"),
    "form": ("form.lines", "form.starts", "form.within"),
    "rating": ("rating.lines", "rating.starts", "rating.within"),
    "biography": ("biography.within",),
    "contents": ("contents.headings", "contents.labels"),
    "credit": ("credit.starts",),
    "reviews": ("reviews.headings",),
    "goods": ("goods.headings",),
}
Sign = TypeVar("Sign", str, bytes)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
LONGEST_STAMP = 14  # words of a line that is mainly a date or a time
LONGEST_HEADING = 9  # words of a line under which a section stands
DOTS_END = frozenset(".\u2026])")  # with which what is cut off ends
SENTENCE_STOP = frozenset(".!?\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964")
COMMON = 4  # paragraphs that a key word of the page stands in
FEWEST_WORDS_SHARED = 60  # different words of prose: with fewer, sharing them says nothing
LEAST_REPEATED, MOST_REPEATS = 5, 3  # words of a block, and its copies on a page
FEWEST_COUNTED = 3  # lines such as "Step 4"
LEAST_QUOTED = 6  # words
QUOTE_SHINGLE = 5
QUOTED_SHARE = 0.8  # of a quote's shingles
COPIES = "D"  # the family of the filters that take copies
DEEPER_BULLETS = frozenset("+o\u25e6\u25aa\u25a1\u2606\u25a0\u25cb")  # of terminal browsers and inscriptis
FEWEST_COVERED, MOST_COVERED = 3, 60  # words of a line that may be made of phrases
LONGEST_COVERING = 5  # words of such a phrase
FURNITURE = (
    "menu.lines",
    "site_bar.lines",
    "skip_link.lines",
    "top_link.lines",
    "pager.lines",
    "legal.lines",
    "share_bar.lines",
    "follow_bar.lines",
    "cookie_notice.lines",
    "newsletter.lines",
    "counter.lines",
    "label.lines",
    "account.lines",
    "shop.lines",
    "widget.lines",
    "site_map.headings",
    "forum.lines",
)


@cache
def _furniture(index: Index) -> tuple[frozenset[str], dict[str, tuple[int, ...]]]:
    """The phrases that stand alone on lines of a site's furniture; and how long those with each first word are."""
    phrases = frozenset(
        key
        for key, groups in index.alone.items()
        if any(group in FURNITURE for group in groups) and "#" not in key and key.count(" ") < LONGEST_COVERING
    )
    lengths: dict[str, set[int]] = {}
    for phrase in phrases:
        lengths.setdefault(phrase.partition(" ")[0], set()).add(phrase.count(" ") + 1)
    return phrases, {first: tuple(sorted(some, reverse=True)) for first, some in lengths.items()}


def _class_of(code: int) -> int:
    char = chr(code)
    if char.isspace():
        return ord(" ")
    if char.isupper():
        return ord("U")
    if char.isalpha():
        return ord("l")
    if char.isdigit():
        return ord("d")
    return code if char in ",$@/:" else ord("p")


_CAPITAL = ord("U")
_COUNTED_ENDS = frozenset("0123456789.:)")
_COUNTED = re.compile(r"([^\W\d_][^\d#]{1,29}?)([1-9]\d?)[.:)]?")  # such as "Step 4"
# Class of every character that latin-1 has; "?" also stands for all others, whose class is unknown.
_CLASSES = bytes(_class_of(code) for code in range(256))


def _covered(words: Sequence[str], phrases: frozenset[str], lengths: Mapping[str, Sequence[int]]) -> tuple[int, int]:
    """How many phrases follow one another in a line, the longest taken first, and how many words they have."""
    number = covered = end = 0
    for at in [at for at, word in enumerate(words) if word in lengths]:
        if at < end:
            continue
        for length in lengths[words[at]]:
            some = words[at : at + length]
            if len(some) == length and (words[at] if length == 1 else " ".join(some)) in phrases:
                number, covered, end = number + 1, covered + length, at + length
                break
    return number, covered


class Measures:
    """The measures of one page; every ``bytes`` has one number a block."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.features = features_of(page)
        self.sheet = Sheet(len(page.blocks))
        self.source = self.features.seen
        self.classes = self.source.encode("latin-1", "replace").translate(_CLASSES)
        self.words = clamped(self.features.words)
        texts, kinds, starts, ends, _ = zip(*page.blocks, strict=True) if page.blocks else ((),) * 5
        self.kinds: Sequence[str] = kinds
        self.starts: Sequence[int] = starts
        self.ends: Sequence[int] = ends
        self.texts: Sequence[str] = texts
        if self.source is not page.source:
            self.texts = [self.source[block.start : block.end].strip() or block.text for block in page.blocks]
        self._families: dict[str, Column] = {}
        self._under: dict[tuple[tuple[str, ...], int], Column] = {}
        self._prose_shares: dict[int, bytes] = {}
        self._linked_shares: dict[int, bytes] = {}

    @cached_property
    def capitals(self) -> bytes:
        """The share of words that begin with a capital, in percent; 255 at most, as signs may hide words."""
        classes = self.classes
        counts = map(classes.count, repeat(b" U"), self.starts, self.ends)
        facts = zip(counts, map(classes.__getitem__, self.starts), self.features.words, strict=True)
        return clamped([100 * (count + (first == _CAPITAL)) // (words or 1) for count, first, words in facts])

    @cached_property
    def digits(self) -> bytes:
        """The share of characters that are digits, in percent."""
        count = self.classes.count
        return bytes(
            [100 * count(b"d", start, end) // (end - start) for start, end in zip(self.starts, self.ends, strict=True)]
        )

    @cached_property
    def function_share(self) -> bytes:
        """The different function words for each hundred words."""
        return clamped(
            [
                100 * found // (words or 1)
                for found, words in zip(self.features.function_words, self.features.words, strict=True)
            ]
        )

    @cached_property
    def last_characters(self) -> str:
        """The last character of each block."""
        return "".join([text[-1] for text in self.texts])

    @cached_property
    def gaps(self) -> tuple[bytes, bytes]:
        """The line breaks before each block (9 at most), and the columns it is indented by."""
        source = self.page.source
        gaps = [source[end:start] for end, start in zip((0, *self.ends), self.starts, strict=False)]
        kinds = set(gaps)  # a page has few
        breaks = {gap: min(gap.count("\n"), 9) for gap in kinds}
        columns = {gap: min(len(gap) - gap.rfind("\n") - 1, 200) for gap in kinds}
        return bytes(map(breaks.__getitem__, gaps)), bytes(map(columns.__getitem__, gaps))

    @cached_property
    def markup(self) -> Markup:
        """What the markup says; of plain text, which has none, nobody asks for it."""
        found = markup_of(self.page)
        assert found is not None
        return found

    @cached_property
    def elements(self) -> Structure:
        """What the elements of an HTML page say; of other input nobody asks for it."""
        found = self.features.structure
        assert found is not None
        return found

    @cached_property
    def link_shares(self) -> bytes:
        """The share of each block's visible characters that stand in links, in percent."""
        return bytes([int(100 * share) for share in self.markup.link_shares])

    @cached_property
    def linked(self) -> Column:
        """The blocks of which four fifths or more stand in links."""
        return self.sheet.where(self.link_shares, at_least(80))

    @cached_property
    def links_around(self) -> bytes:
        """How many of the five blocks before and after each block are links."""
        return self.sheet.around(self.linked, 5)

    @cached_property
    def levels(self) -> bytes:
        """The level of each heading, 0 for other blocks."""
        return bytes(self.markup.levels)

    @cached_property
    def headings(self) -> Column:
        return self.sheet.where(self.levels, at_least(1))

    def prose_shares(self, up: int) -> bytes:
        """The percentage of the words that are prose, in each block's element or one so many levels above it."""
        if up not in self._prose_shares:
            self._prose_shares[up] = self.elements.shares(self.prose_words, self.features.words, up)
        return self._prose_shares[up]

    def linked_shares(self, up: int) -> bytes:
        """The percentage of the words that stand in links, in the same elements."""
        if up not in self._linked_shares:
            self._linked_shares[up] = self.elements.shares(self.linked_words, self.features.words, up)
        return self._linked_shares[up]

    @cached_property
    def prose_words(self) -> list[int]:
        """The words of each block that is prose, 0 for the others."""
        return [words if prose else 0 for words, prose in zip(self.features.words, self.features.prose, strict=True)]

    @cached_property
    def linked_words(self) -> list[int]:
        """About how many of each block's words stand in links."""
        return [int(share * count) for share, count in zip(self.markup.link_shares, self.features.words, strict=True)]

    @cached_property
    def prose(self) -> Column:
        return self.sheet.of(self.features.prose)

    @cached_property
    def short(self) -> Column:
        return self.sheet.of(self.features.short)

    @cached_property
    def long(self) -> Column:
        return self.sheet.where(self.words, at_least(12))

    @cached_property
    def many(self) -> Column:
        return self.sheet.where(self.words, at_least(50))

    @cached_property
    def items(self) -> Column:
        return self.of_kind("item")

    def of_kind(self, kind: str) -> Column:
        """The blocks of a kind."""
        return self.sheet.of([found == kind for found in self.kinds]) if kind in self.kinds else 0

    def told(self, column: Column, tells: Callable[[str], bool]) -> Column:
        """The blocks of a column whose text tells something; quick where the column has few."""
        found, texts = bytearray(self.sheet.size), self.texts
        if column:
            for block in compress(range(self.sheet.size), self.sheet.bytes_of(column)):
                found[block] = tells(texts[block])
        return self.sheet.of(found)

    @cached_property
    def begins_again(self) -> Column:
        """The blocks whose first words come again within them, as those of a card with its picture's text do."""
        return self.sheet.of([len(text) > 40 and text.find(text[:20], 15) > 0 for text in self.texts])

    @cached_property
    def joints(self) -> bytes:
        """How often a small letter is followed by a capital, as where the choices of a list run together."""
        found = bytearray(self.sheet.size)
        for block, _ in self._places_of(self.classes.find, b"lU"):
            found[block] = min(255, found[block] + 1)
        return bytes(found)

    def _places_of(self, find: Callable[[Sign, int], int], sign: Sign) -> Iterator[tuple[int, int]]:
        """Where a sign stands in the source, or a row of classes in ``classes``: in which block, and at what offset."""
        starts, ends, width = self.starts, self.ends, len(sign)
        at = find(sign, 0)
        while at >= 0:
            block = bisect_right(starts, at) - 1
            if block >= 0 and at < ends[block]:
                yield block, at
            at = find(sign, at + width)

    @cached_property
    def questions(self) -> Column:
        """The lines that are a question, as of a list of answers."""
        asked = self.sheet.of([char in "?\uff1f\u061f" for char in self.last_characters])
        return asked & self.sheet.where(self.words, between(4, 18))

    @cached_property
    def asked(self) -> Column:
        """The questions with others near, and what stands right under them."""
        several = self.questions & self.sheet.where(self.sheet.around(self.questions, 12), at_least(2))
        return several | self.sheet.after(several) | self.sheet.after(several, 2)

    @cached_property
    def alternating(self) -> Column:
        """The longer lines that take turns with short ones."""
        long, short, sheet = self.sheet.where(self.words, at_least(9)), self.short, self.sheet
        turn = long & sheet.after(short) & sheet.before(short)
        return turn & (sheet.after(turn, 2) | sheet.after(turn, 3)) & (sheet.before(turn, 2) | sheet.before(turn, 3))

    @cached_property
    def signed(self) -> Column:
        """The prose with a date one or two blocks before it."""
        return self.prose & self.sheet.soon_after(self.dates, 2)

    @cached_property
    def deeper_items(self) -> Column:
        """The items whose bullets are those of deeper levels."""
        deeper = self.told(self.items, lambda text: text[0] in DEEPER_BULLETS)
        if self.page.format == "markdown":
            deeper |= self.items & self.sheet.where(self.gaps[1], at_least(2))
        return deeper

    @cached_property
    def phrase_shares(self) -> bytes:
        """The share of each line's words that are phrases of a site's furniture, in percent; 0 for fewer than two."""
        phrases, lengths = _furniture(self.features.index)
        found, may_begin = bytearray(self.sheet.size), lengths.__contains__
        facts = zip(self.features.words, self.features.prose, self._split, self.page.stands, strict=True)
        for block, (count, prose, words, stands) in enumerate(facts):
            if stands and not prose and FEWEST_COVERED <= count <= MOST_COVERED and sum(map(may_begin, words)) > 1:
                number, covered = _covered(words, phrases, lengths)
                found[block] = 100 * covered // len(words) if number > 1 else 0
        return bytes(found)

    @cached_property
    def item_runs(self) -> bytes:
        """How many items in a row each item is one of."""
        return run_lengths(self.sheet.bytes_of(self.items))

    @cached_property
    def prose_near(self) -> bytes:
        """How many of the four blocks before and after each block are prose."""
        return self.sheet.around(self.prose, 4)

    @cached_property
    def sentence_ends(self) -> Column:
        return self.sheet.of(self.features.ends)

    @cached_property
    def apart(self) -> Column:
        """The blocks with a blank line before them."""
        return self.sheet.where(self.gaps[0], at_least(2))

    @cached_property
    def through_words(self) -> bytes:
        """How far through the page's words each block begins, in 256ths."""
        counts = self.features.words
        total = sum(counts) or 1
        return clamped([256 * before // total for before in accumulate(counts[:-1], initial=0)][: len(counts)])

    @cached_property
    def through_lines(self) -> bytes:
        """How far through the page's blocks each stands, in 256ths."""
        size = self.sheet.size
        return bytes([256 * index // size for index in range(size)])

    @cached_property
    def prose_share(self) -> float:
        """The share of the page's words that stand in prose."""
        return self.features.prose_words_before[-1] / (sum(self.features.words) or 1)

    @cached_property
    def stops(self) -> Column:
        """The blocks that end in a full stop or its like, and not in three."""
        return self.sheet.of([char in SENTENCE_STOP for char in self.last_characters]) & self.sheet.no(self.dots)

    @cached_property
    def dots(self) -> Column:
        """The blocks that are cut off: they end in three dots."""
        ends = ("...", "\u2026", "[\u2026]", "[...]", "(...)")
        lasts = zip(self.last_characters, self.texts, strict=True)
        return self.sheet.of([last in DOTS_END and text.endswith(ends) for last, text in lasts])

    @cached_property
    def title_case(self) -> Column:
        """The blocks of two words or more of which four in five begin with a capital."""
        return self.sheet.where(self.capitals, at_least(80)) & self.sheet.where(self.words, at_least(2))

    def holding(self, *signs: str) -> Column:
        """The blocks with one of these signs in their text."""
        found = bytearray(self.sheet.size)
        for sign in signs:
            for block, _ in self._places_of(self.source.find, sign):
                found[block] = 1
        return self.sheet.of(found)

    @cached_property
    def dates(self) -> Column:
        """The lines of a few words that hold a year, a time of day or how long ago something was."""
        found, words, classes, is_year = bytearray(self.sheet.size), self.features.words, self.classes, _YEAR.match
        for block, at in self._places_of(
            self.classes.find, b"dd"
        ):  # with which the minutes of a time begin, and a year
            if words[block] <= LONGEST_STAMP and (classes[at - 2 : at] == b"d:" or is_year(self.source, at)):
                found[block] = 1
        return self.sheet.of(found)

    @cached_property
    def body(self) -> Column:
        return self.sheet.of_run(self.features.body)

    @cached_property
    def before_body(self) -> Column:
        """The blocks before the main text; none when there is no main text."""
        return self.sheet.of_run(range(self.features.body.start)) if self.features.body else 0

    @cached_property
    def after_body(self) -> Column:
        """The blocks after the main text; none when there is no main text."""
        body = self.features.body
        return self.sheet.of_run(range(body.stop, self.sheet.size)) if body else 0

    def blocks_with(self, groups: Sequence[str]) -> list[int]:
        """The blocks with a phrase of these groups, in order."""
        hits = self.features.hits
        return sorted({block for group in groups for block in hits.get(group, ())})

    def family(self, name: str) -> Column:
        """The blocks that hold a phrase of a family."""
        found = self._families.get(name)
        if found is None:
            hits = self.features.hits
            blocks = [block for group in FAMILIES[name] for block in hits.get(group, ())]
            found = self._families[name] = self.sheet.of_blocks(blocks) if blocks else 0
        return found

    @cached_property
    def before_prose(self) -> Column:
        """The blocks before the first prose of the page; all of them when there is none."""
        prose = self.features.prose
        return self.sheet.of_run(range(prose.index(True) if any(prose) else self.sheet.size))

    @property
    def under_related(self) -> Column:
        """Everything after the first related heading that stands under a text."""
        return self.under(("related.headings", "related.starts"), 100)

    def under(self, groups: tuple[str, ...], prose_words: int) -> Column:
        """Everything after the first short line with a phrase of these groups that has so much prose before it."""
        found = self._under.get((groups, prose_words))
        if found is None:
            found = self._under[groups, prose_words] = self._first_under(groups, prose_words)
        return found

    def _first_under(self, groups: tuple[str, ...], prose_words: int) -> Column:
        features = self.features
        for block in self.blocks_with(groups):
            if features.words[block] <= LONGEST_HEADING and features.prose_words_before[block] >= prose_words:
                return self.sheet.of_run(range(block + 1, self.sheet.size))
        return 0

    @cached_property
    def removed(self) -> dict[str, Column]:
        """The blocks from which earlier filters took something, by family letter."""
        by_letter: dict[str, set[int]] = {}
        for block, _, _, code, _ in self.page.removals:
            by_letter.setdefault(code[0], set()).add(block)
        return {letter: self.sheet.of_blocks(blocks) for letter, blocks in by_letter.items()}

    @property
    def after_frame(self) -> Column:
        """The blocks of an HTML page right after what was taken as its frame; none of other input."""
        return self.features.structure.after_gone if self.features.structure else 0

    @property
    def before_frame(self) -> Column:
        """The same before it."""
        return self.features.structure.before_gone if self.features.structure else 0

    @cached_property
    def removed_at_all(self) -> Column:
        """The blocks from which an earlier filter took something."""
        return self.sheet.of_blocks({removal.block for removal in self.page.removals})

    @cached_property
    def removed_copies(self) -> Column:
        """The blocks that an earlier filter took as copies of others: those would go too if they counted."""
        return self.sheet.of_blocks({found.block for found in self.page.removals if found.filter[0] == COPIES})

    @cached_property
    def again(self) -> Column:
        """The blocks whose words stand on the page more than once."""
        return self.sheet.where(self.times_on_page, at_least(2))

    @cached_property
    def _keys(self) -> list[str]:
        """The words of each block, as they are compared with others'."""
        return list(map(str.rstrip, self.features.texts_of(range(self.sheet.size))))

    @cached_property
    def times_on_page(self) -> bytes:
        """How often each block's words stand on the page as a block; copies that were removed as such do not count."""
        keys = compress(self._keys, self.sheet.bytes_of(self.sheet.no(self.removed_copies)))
        count = Counter(keys)
        if len(count) == self.sheet.size:
            return b"\x01" * self.sheet.size
        return clamped(map(count.__getitem__, self._keys))

    @cached_property
    def said_before(self) -> Column:
        """The blocks of a few words or more that repeat an earlier one; what comes often repeats on purpose.

        A heading that is known as one repeats the page's table of contents; a step of a recipe may be done again.
        """
        some = self.again & self.sheet.where(self.words, at_least(LEAST_REPEATED))
        if self.features.structure:
            some &= self.sheet.no(self.headings)
        some &= self.sheet.where(self.times_on_page, at_most(MOST_REPEATS))
        if some:
            some &= self.sheet.no(self.sheet.after(self.counted))
        seen, later = set[str](), bytearray(self.sheet.size)
        for block in compress(range(self.sheet.size), self.sheet.bytes_of(some)):
            key = self._keys[block]
            if key in seen:
                later[block] = 1
            seen.add(key)
        return self.sheet.of(later)

    @cached_property
    def counted(self) -> Column:
        """The short lines that count what stands under them: "Step 1", "Step 2" and so on."""
        series: dict[str, list[tuple[int, int]]] = {}
        for block in compress(range(self.sheet.size), self.sheet.bytes_of(self.short)):
            if self.last_characters[block] in _COUNTED_ENDS and (found := _COUNTED.fullmatch(self.texts[block])):
                series.setdefault(found[1], []).append((block, int(found[2])))
        found_blocks = list[int]()
        for lines in series.values():
            first = lines[0][1]
            if len(lines) >= FEWEST_COUNTED and all(number == first + at for at, (_, number) in enumerate(lines)):
                found_blocks += [block for block, _ in lines]
        return self.sheet.of_blocks(found_blocks)

    @cached_property
    def quoted_before(self) -> Column:
        """The blocks within quotes whose words stood earlier on the page, as when a reply quotes a post."""
        quotes = self.sheet.bytes_of(self.in_quotes & self.sheet.where(self.words, at_least(LEAST_QUOTED)))
        found, last = bytearray(self.sheet.size), quotes.rfind(1)
        seen = set[tuple[str, ...]]()
        for block in range(last + 1):
            words = self.features.words_of(block)
            shingles = set(zip(*(words[shift:] for shift in range(QUOTE_SHINGLE)), strict=False))
            if quotes[block] and len(shingles & seen) >= QUOTED_SHARE * len(shingles):
                found[block] = 1
            seen |= shingles
        return self.sheet.of(found)

    @cached_property
    def in_quotes(self) -> Column:
        """The blocks that the markup calls quotes."""
        found = self.of_kind("quote")
        if self.features.structure:
            found |= self.features.structure.inside("quote", "class quotation")
        return found

    @property
    def knows_prose(self) -> bool:
        """Whether the page has enough prose for its words to tell what belongs to it."""
        return len(self._prose_vocabulary) >= FEWEST_WORDS_SHARED

    @cached_property
    def _prose_words(self) -> dict[int, set[str]]:
        """The different words of each paragraph of prose."""
        prose = list(compress(range(self.sheet.size), self.features.prose))
        return dict(zip(prose, map(set, map(self._split.__getitem__, prose)), strict=True))

    @cached_property
    def _prose_vocabulary(self) -> dict[str, int]:
        """In how many paragraphs each content word of the prose stands."""
        found = Counter(chain.from_iterable(self._prose_words.values()))
        for word in self.features.index.function_words.intersection(found):
            del found[word]
        return found

    @cached_property
    def _split(self) -> Sequence[list[str]]:
        """The words of each block that stands or is prose."""
        features, plain = self.features, self.features.plain
        return features.split or [
            plain[start:end].split() if stands or prose else []
            for start, end, stands, prose in zip(self.starts, self.ends, self.page.stands, features.prose, strict=True)
        ]

    @cached_property
    def shared_words(self) -> tuple[bytes, bytes]:
        """The percentage of each block's content words that the page's prose has elsewhere, and that
        are key words of it (in four paragraphs or more); zeros when the page has too little prose.
        """
        shares, keys = bytearray(self.sheet.size), bytearray(self.sheet.size)
        if not self.knows_prose:
            return bytes(shares), bytes(keys)
        once = self._prose_vocabulary
        in_once = frozenset(once)
        in_twice = frozenset([word for word, count in once.items() if count > 1])
        in_common = frozenset([word for word, count in once.items() if count >= COMMON])
        prose = self._prose_words
        facts = zip(self._split, self.features.function_words, self.page.stands, strict=True)
        for block, (words, function_words, stands) in enumerate(facts):
            if not stands:
                continue
            if known := in_twice & prose[block] if block in prose else in_once.intersection(words):
                # Words of scripts without spaces hold function words inside: there are at least those known.
                content = max(len(words) - function_words, len(known))
                shares[block] = 100 * len(known) // content
                keys[block] = 100 * len(known & in_common) // content
        return bytes(shares), bytes(keys)


Cue = Callable[[Measures], Column]
