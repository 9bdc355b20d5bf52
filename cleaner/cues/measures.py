"""What the cues measure of every block: numbers as bytes, and the columns that several cues share.

A measure is computed once, in C wherever it can be: counts in a byte string of character classes,
tests by translating a string of numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property

from cleaner.cues.columns import Column, Sheet, at_least, clamped
from cleaner.features import features_of
from cleaner.markup import markup_of
from cleaner.page import Page

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
}
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\d:\d\d")
LONGEST_STAMP = 14  # words of a line that is mainly a date or a time
LONGEST_HEADING = 9  # words of a line under which a section stands
SENTENCE_STOP = frozenset(".!?\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964")
COMMON = 4  # paragraphs that a key word of the page stands in
FEWEST_WORDS_SHARED = 60  # different words of prose: with fewer, sharing them says nothing


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
# Class of every character that latin-1 has; "?" also stands for all others, whose class is unknown.
_CLASSES = bytes(_class_of(code) for code in range(256))


class Measures:
    """The measures of one page; every ``bytes`` has one number a block."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.features = features_of(page)
        self.sheet = Sheet(len(page.blocks))
        masked = page.shared.get("masked")
        self.source = masked if isinstance(masked, str) else page.source
        self.classes = self.source.encode("latin-1", "replace").translate(_CLASSES)
        self.words = clamped(self.features.words)
        self.starts = [block.start for block in page.blocks]
        self.ends = [block.end for block in page.blocks]
        self.texts = (
            [self.source[block.start : block.end].strip() or block.text for block in page.blocks]
            if self.source is not page.source
            else [block.text for block in page.blocks]
        )

    @cached_property
    def capitals(self) -> bytes:
        """The share of words that begin with a capital, in percent; 255 at most, as signs may hide words."""
        count, classes = self.classes.count, self.classes
        return clamped(
            [
                100 * (count(b" U", start, end) + (classes[start] == _CAPITAL)) // (words or 1)
                for start, end, words in zip(self.starts, self.ends, self.features.words, strict=True)
            ]
        )

    @cached_property
    def digits(self) -> bytes:
        """The share of characters that are digits, in percent."""
        count = self.classes.count
        return bytes(
            [100 * count(b"d", start, end) // (end - start) for start, end in zip(self.starts, self.ends, strict=True)]
        )

    @cached_property
    def commas(self) -> bytes:
        """The number of commas."""
        count = self.classes.count
        return clamped([count(b",", start, end) for start, end in zip(self.starts, self.ends, strict=True)])

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
        breaks, columns, at, source = bytearray(), bytearray(), 0, self.page.source
        for start, end in zip(self.starts, self.ends, strict=True):
            gap = source[at:start]
            at = end
            if gap == "\n":
                breaks.append(1)
                columns.append(0)
                continue
            found, indent = gap.count("\n"), len(gap) - gap.rfind("\n") - 1
            breaks.append(found if found < 10 else 9)
            columns.append(indent if indent < 200 else 200)
        return bytes(breaks), bytes(columns)

    @cached_property
    def linked_words(self) -> list[int]:
        """About how many of each block's words stand in links; none where the input has no markup."""
        markup = markup_of(self.page)
        shares = markup.link_shares if markup else [0.0] * self.sheet.size
        return [int(share * count) for share, count in zip(shares, self.features.words, strict=True)]

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
    def items(self) -> Column:
        return self.sheet.of([block.kind == "item" for block in self.page.blocks])

    @cached_property
    def stops(self) -> Column:
        """The blocks that end in a full stop or its like, and not in three."""
        return self.sheet.of([char in SENTENCE_STOP for char in self.last_characters]) & self.sheet.no(self.dots)

    @cached_property
    def dots(self) -> Column:
        """The blocks that are cut off: they end in three dots."""
        ends = ("...", "\u2026", "[\u2026]", "[...]", "(...)")
        return self.sheet.of([text.endswith(ends) for text in self.texts])

    @cached_property
    def title_case(self) -> Column:
        """The blocks of two words or more of which four in five begin with a capital."""
        return self.sheet.where(self.capitals, at_least(80)) & self.sheet.where(self.words, at_least(2))

    @cached_property
    def dates(self) -> Column:
        """The lines of a few words that hold a year, a time of day or how long ago something was."""
        has_date = _DATE.search
        return self.sheet.of(
            [
                digits > 0 and count <= LONGEST_STAMP and has_date(text) is not None
                for digits, count, text in zip(self.digits, self.features.words, self.texts, strict=True)
            ]
        )

    @cached_property
    def body(self) -> Column:
        return self.sheet.of_blocks(self.features.body)

    @cached_property
    def before_body(self) -> Column:
        """The blocks before the main text; none when there is no main text."""
        return self.sheet.of_blocks(range(self.features.body.start)) if self.features.body else 0

    @cached_property
    def after_body(self) -> Column:
        """The blocks after the main text; none when there is no main text."""
        body = self.features.body
        return self.sheet.of_blocks(range(body.stop, self.sheet.size)) if body else 0

    @cached_property
    def families(self) -> dict[str, Column]:
        """The blocks that hold a phrase of each family."""
        hits = self.features.hits
        return {
            name: self.sheet.of_blocks([block for group in groups for block in hits.get(group, ())])
            for name, groups in FAMILIES.items()
        }

    @cached_property
    def family_sizes(self) -> dict[str, int]:
        """How many blocks of the page hold a phrase of each family."""
        return {name: column.bit_count() for name, column in self.families.items()}

    @cached_property
    def before_prose(self) -> Column:
        """The blocks before the first prose of the page; all of them when there is none."""
        prose = self.features.prose
        return self.sheet.of_blocks(range(prose.index(True) if any(prose) else self.sheet.size))

    @cached_property
    def under_related(self) -> Column:
        """Everything after the first related heading that stands under a text."""
        return self.under(("related.headings", "related.starts"), 100)

    def under(self, groups: tuple[str, ...], prose_words: int) -> Column:
        """Everything after the first short line with a phrase of these groups that has so much prose before it."""
        features = self.features
        for block in sorted({block for group in groups for block in features.hits.get(group, ())}):
            if features.words[block] <= LONGEST_HEADING and features.prose_words_before[block] >= prose_words:
                return self.sheet.of_blocks(range(block + 1, self.sheet.size))
        return 0

    @cached_property
    def removed(self) -> dict[str, Column]:
        """The blocks from which earlier filters took something, by family letter."""
        by_letter: dict[str, set[int]] = {}
        for removal in self.page.removals:
            by_letter.setdefault(removal.filter[0], set()).add(removal.block)
        return {letter: self.sheet.of_blocks(blocks) for letter, blocks in by_letter.items()}

    @cached_property
    def times_on_page(self) -> bytes:
        """How often each block's words stand on the page as a block."""
        plain = self.features.plain
        keys = [plain[block.start : block.end].rstrip() for block in self.page.blocks]
        count = Counter(keys)
        return clamped([count[key] for key in keys])

    @cached_property
    def shared_words(self) -> tuple[bytes, bytes] | None:
        """The percentage of each block's content words that the page's prose has elsewhere, and that
        are key words of it (in four paragraphs or more); None when the page has too little prose.
        """
        features, plain = self.features, self.features.plain
        split = features.split or [
            plain[start:end].split() if stands or prose else []
            for start, end, stands, prose in zip(self.starts, self.ends, self.page.stands, features.prose, strict=True)
        ]
        paragraphs: Counter[str] = Counter()
        for words, prose in zip(split, features.prose, strict=True):
            if prose:
                paragraphs.update(set(words))
        once = paragraphs.keys() - features.index.function_words
        if len(once) < FEWEST_WORDS_SHARED:
            return None
        twice = {word for word in once if paragraphs[word] > 1}
        common = {word for word in twice if paragraphs[word] >= COMMON}
        shares, keys = bytearray(), bytearray()
        facts = zip(split, features.prose, features.function_words, self.page.stands, strict=True)
        for words, prose, found, stands in facts:
            if not words or not stands:
                shares.append(0)
                keys.append(0)
                continue
            known = (twice if prose else once).intersection(words)
            # Words of scripts without spaces hold function words inside: there are at least those known.
            content = max(len(words) - found, len(known), 1)
            shares.append(100 * len(known) // content)
            keys.append(100 * len(common & known) // content if known else 0)
        return bytes(shares), bytes(keys)
