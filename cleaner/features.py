"""What is computed once a page and shared by every filter and cue: words, phrases, prose.

Features belong to the reading: they see every block, whether or not it was removed since.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, compress, pairwise

from cleaner.lazy import cached_property
from cleaner.markup import frame_of, structure_of
from cleaner.page import Page
from cleaner.phrases import UNSPACED, Index, has_unspaced, index_of, languages_of, plain

SENTENCE_END = frozenset(".!?\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964\"'\u201c\u201d\u2019\u00bb\u300d\u300f)\uff09")
LANGUAGE_SAMPLE_CHARS = 60_000
KEPT_CHARS = 500_000  # of a page whose words are split once and kept while the filters run
BLOCKS_AT_ONCE = 200  # of a longer page: the words of 100 MB need gigabytes
PHRASE_WORDS = 400  # in a longer block nobody looks for phrases
CHARS_A_WORD = 1.8  # of a script without spaces
SHORT_WORDS = 8
PROSE_WORDS = 10
PROSE_WORDS_UNENDED = 24
GAP_COST = 8  # words of prose that one block between paragraphs must be worth
CHROME_LINES = 3  # lines with chrome's phrases: 92 % of scraped pages have so many, 5 % of their main texts
FRAME_PARTS = 2  # named by the page's elements
LEGAL_TITLE_REACH = 2  # blocks before the main text where even "Privacy policy" is taken for its title
CREDIT_SIGNS = frozenset(":\u00a9|/\uff1a")
CREDIT_HEAD = 25  # characters of a line that says who made a picture, in which the sign stands
TRAIL_MARKS = frozenset("\u00bb\u203a\u2192>")  # of the path to a page
TITLE_REACH = 60  # blocks before the main text among which its title is looked for
TITLE_SAMPLE_CHARS = 4_000  # of the main text
LONGEST_TITLE = 30  # words
FACT_WORDS = 4
CODES_OF_MANUAL = 4  # blocks of code
EXPLAINED_WORDS = 4  # of what explains a term
STEM_CHARS = 5  # of a word of the title that must recur in the text: endings vary
LEAST_OF_TITLE = 0.5  # words of the title that recur, times their share of it

_FACT = re.compile(r"[:\uff1a]\s*\d")

# Groups whose phrases are written as sentences: such a block is no prose of the article.
CHROME_PROSE = (
    "cookie_notice.within",
    "consent_framework.within",
    "newsletter.within",
    "subscription_wall.within",
    "inline_promotion.within",
    "legal.within",
    "legal.starts",
    "widget.within",
    "software_note.starts",
    "software_note.within",
    "share_bar.starts",
    "comments.starts",
    "advertisement.starts",
)

# Groups whose phrases hardly stand alone on a line of a text without a site around it.
CHROME = (
    "menu.lines",
    "site_bar.lines",
    "site_bar.starts",
    "skip_link.lines",
    "top_link.lines",
    "pager.lines",
    "legal.lines",
    "legal.starts",
    "share_bar.lines",
    "share_bar.starts",
    "follow_bar.lines",
    "follow_bar.starts",
    "cookie_notice.lines",
    "cookie_notice.within",
    "consent_framework.within",
    "newsletter.lines",
    "newsletter.within",
    "subscription_wall.lines",
    "related.headings",
    "comments.headings",
    "comments.starts",
    "advertisement.lines",
    "author_bio.headings",
    "byline.lines",
    "counter.lines",
    "widget.lines",
    "software_note.starts",
    "software_note.within",
)


class Features:
    """The shared facts of one reading; lists run parallel to ``blocks``.

    ``words`` counts words, ``function_words`` distinct function words of the page's languages,
    ``ends`` says whether a block ends as a sentence does, ``prose`` whether it reads as running
    text of the page's own, ``hits`` maps a phrase group such as ``related.headings`` to
    {block: phrase}; ``split`` is each block's words while the filters run, None where they would take
    too much room; ``structure`` is what is known of an HTML page's elements; ``unspaced`` says whether there
    are characters of scripts without spaces.
    """

    def __init__(self, page: Page) -> None:
        # Not the page itself, which holds these features: what refers to each other in a ring lives for long.
        self.source, self.blocks, self.structure = page.source, page.blocks, structure_of(page)
        masked = page.shared.get("masked")
        self.seen = masked if isinstance(masked, str) else page.source  # what a reader sees, offsets as in the source
        self.plain = plain(self.seen)
        self.words: list[int] = []
        self.function_words: list[int] = []
        self.hits: dict[str, dict[int, str]] = {}
        self.split: list[list[str]] | None = None
        self._read_blocks()

    def _read_blocks(self) -> None:
        count = len(self.blocks)
        step = BLOCKS_AT_ONCE if len(self.plain) > KEPT_CHARS else count
        split = self._split(range(step))
        is_sample = len(self.plain) <= LANGUAGE_SAMPLE_CHARS
        sample = chain.from_iterable(split) if is_sample else self.plain[:LANGUAGE_SAMPLE_CHARS].split()
        self.unspaced = has_unspaced(self.plain)
        self.languages = languages_of(list(sample), self.plain if self.unspaced else "")
        self.index: Index = index_of(self.languages)
        if len(self.plain) <= KEPT_CHARS:
            self.split = split
        for start in range(0, count, step or 1):
            split = split if start == 0 else self._split(range(start, min(start + step, count)))
            self._read_words(start, split)

    def _split(self, blocks: range) -> list[list[str]]:
        """The words of some blocks."""
        return list(map(str.split, self.texts_of(blocks)))

    def texts_of(self, blocks: range) -> list[str]:
        """The plain text of some blocks."""
        plain = self.plain
        return [plain[start:end] for _, _, start, end, _ in self.blocks[blocks.start : blocks.stop]]

    def _read_words(self, start: int, split: Sequence[list[str]]) -> None:
        """Enters what the words of some blocks tell; ``start`` is the first of them."""
        known = self.index.function_words.intersection
        self.words += map(len, split)
        self.function_words += map(len, map(known, split))
        found = self.index.find_each(split, PHRASE_WORDS)
        if self.unspaced:
            self._read_unspaced(start, split, found)
        hits = self.hits
        for at, phrases in sorted(found.items()):
            for group, phrase in phrases:
                hits.setdefault(group, {}).setdefault(start + at, phrase)

    def _read_unspaced(self, start: int, split: Sequence[list[str]], found: dict[int, list[tuple[str, str]]]) -> None:
        """Counts the blocks in scripts without spaces by their characters, and adds their phrases to ``found``."""
        text, function_words = self.plain, self.index.function_words
        for at, words in enumerate(split):
            block = self.blocks[start + at]
            if UNSPACED.search(text, block.start, block.end):
                line = "".join(words)
                count = max(len(words), int(len(line) / CHARS_A_WORD))
                self.words[start + at] = count
                self.function_words[start + at] = len(function_words.intersection(line))
                if count <= PHRASE_WORDS:
                    found[at] = found.get(at, []) + self.index.find_unspaced(words)

    def forget_words(self) -> None:
        """Lets go of ``split``, which takes more room than all the rest."""
        self.split = None

    def words_of(self, block: int) -> list[str]:
        """The words of a block's plain text."""
        if self.split is not None:
            return self.split[block]
        found = self.blocks[block]
        return self.plain[found.start : found.end].split()

    def line(self, block: int) -> str:
        """The plain text of a block, as it is compared with others', without its bullet."""
        found = self.blocks[block]
        return self.plain[found.start : found.end].strip()

    def phrase(self, block: int, *groups: str) -> str | None:
        """The phrase of one of these groups that a block holds."""
        for group in groups:
            if found := self.hits.get(group, {}).get(block):
                return found
        return None

    def blocks_with(self, *groups: str) -> dict[int, str]:
        """The blocks that hold a phrase of these groups, in page order, with the phrase."""
        found: dict[int, str] = {}
        for group in reversed(groups):
            found |= self.hits.get(group, {})
        return dict(sorted(found.items()))

    @cached_property
    def ends(self) -> list[bool]:
        if self.seen is self.source:
            return [text[-1] in SENTENCE_END and text[-3:] != "..." for text, _, _, _, _ in self.blocks]
        seen = [self.seen[block.start : block.end].rstrip() for block in self.blocks]
        return [text[-1:] in SENTENCE_END and not text.endswith("...") for text in seen]

    @cached_property
    def prose(self) -> list[bool]:
        known = bool(self.languages)
        chrome = set().union(*(self.hits.get(group, ()) for group in CHROME_PROSE))
        return [
            count >= PROSE_WORDS
            and (found >= 2 or not known)
            and (ends or (count >= PROSE_WORDS_UNENDED and found >= 4))
            and index not in chrome
            for index, (count, found, ends) in enumerate(zip(self.words, self.function_words, self.ends, strict=True))
        ]

    @cached_property
    def short(self) -> list[bool]:
        """Whether a block is a few words that do not end as a sentence does, as in a menu."""
        return [
            count <= SHORT_WORDS and not (ends and count > 3) for count, ends in zip(self.words, self.ends, strict=True)
        ]

    def short_with(self, some: frozenset[str]) -> Iterator[tuple[int, list[str]]]:
        """The short blocks with one of these words, and all words of each."""
        lacks = some.isdisjoint
        for block in compress(range(len(self.short)), self.short):
            if not lacks(words := self.words_of(block)):
                yield block, words

    @cached_property
    def short_lines(self) -> dict[str, list[int]]:
        """The short blocks by what they say, in page order."""
        found: dict[str, list[int]] = {}
        for block, short in enumerate(self.short):
            if short:
                found.setdefault(self.line(block), []).append(block)
        return found

    @cached_property
    def prose_words_before(self) -> list[int]:
        """The words of prose before each block, and at the end those of the page: one longer than the blocks."""
        words = [count if prose else 0 for count, prose in zip(self.words, self.prose, strict=True)]
        return list(accumulate(words, initial=0))

    @cached_property
    def sentence_words_before(self) -> list[int]:
        """The words of prose that ends as sentences do before each block: a menu on one line does not."""
        facts = zip(self.words, self.prose, self.ends, strict=True)
        return list(accumulate([count if prose and ends else 0 for count, prose, ends in facts], initial=0))

    @cached_property
    def body(self) -> range:
        """The blocks from the first to the last paragraph of the page's main text; empty without prose.

        The run of blocks with the greatest sum, where prose counts its words and anything else
        costs ``GAP_COST`` (maximum subsequence segmentation, Pasternack and Roth 2009).
        """
        best, best_sum, start, running, last = range(0), 0, 0, 0, -1
        for block in compress(range(len(self.prose)), self.prose):
            running -= GAP_COST * (block - last - 1)
            if running <= 0:
                start, running = block, 0
            running, last = running + self.words[block], block
            if running > best_sum:
                best, best_sum = range(start, block + 1), running
        return best

    @property
    def first_prose(self) -> int:
        """The first paragraph of the main text; the number of blocks when there is no prose."""
        return self.body.start if self.body else len(self.prose)

    @property
    def last_prose(self) -> int:
        """The last paragraph of the main text; -1 when there is no prose."""
        return self.body.stop - 1 if self.body else -1

    @cached_property
    def chrome(self) -> frozenset[int]:
        """The blocks with a phrase of a site's furniture."""
        return frozenset().union(*(self.hits.get(group, ()) for group in CHROME))

    @cached_property
    def frame(self) -> tuple[str, ...]:
        """The parts of a site's frame that the elements of an HTML page name."""
        return frame_of(self.structure)

    @property
    def shows_chrome(self) -> bool:
        """Whether the page has a site around its text: on a clean text, phrases are taken for the author's own."""
        return len(self.chrome) >= CHROME_LINES or len(self.frame) >= FRAME_PARTS

    @cached_property
    def title(self) -> int:
        """The block before the main text with most words that recur in it, as a title's do; -1 when none has many."""
        if not self.body:
            return -1
        blocks, first = self.blocks, self.first_prose
        begin = blocks[first].start
        sample = self.plain[begin : min(begin + TITLE_SAMPLE_CHARS, blocks[self.last_prose].end)]
        body = self._stems(sample)
        best, best_score = -1, LEAST_OF_TITLE
        for block in range(max(0, first - TITLE_REACH), first):
            if not self._may_be_title(block):
                continue
            stems = self._stems(self.plain[blocks[block].start : blocks[block].end])
            recurring = len(stems & body)
            if recurring and block in self.chrome:
                best, best_score = block, len(stems) ** 2
            elif recurring > 1 and recurring**2 / len(stems) >= best_score:
                best, best_score = block, recurring**2 / len(stems)
        return best

    def _stems(self, text: str) -> set[str]:
        """The beginnings of the words of a plain text but function words; pairs of signs in scripts without spaces."""
        if self.unspaced and has_unspaced(text):
            stems = {first + second for word in text.split() for first, second in pairwise(word)}
        else:
            stems = {word[:STEM_CHARS] for word in text.split()}
        return stems - self.index.function_words

    def _may_be_title(self, block: int) -> bool:
        """Whether a block before the main text is no chrome; of its phrases, "Privacy policy" may head a policy."""
        found = self.blocks[block]
        if not 1 < self.words[block] <= LONGEST_TITLE or self.prose[block] or found.kind == "item":
            return False
        if found.text[-1] == "." and self.words[block] > SHORT_WORDS:
            return False  # a sentence: a teaser, a caption or the line under the title
        if self.is_fact(block) or block in self.hits.get("byline.starts", ()) or not TRAIL_MARKS.isdisjoint(found.text):
            return False
        if block not in self.chrome:
            return True
        near = block >= self.first_prose - LEGAL_TITLE_REACH
        return near and self.phrase(block, "legal.lines") is not None and self.phrase(block, "menu.lines") is None

    def is_fact(self, block: int) -> bool:
        """Whether a block is a fact of a recipe or a product, such as "Cooking: 45 minutes"."""
        return self.words[block] <= FACT_WORDS and _FACT.search(self.blocks[block].text) is not None

    @property
    def is_legal_text(self) -> bool:
        """Whether the page's title says that it is about its terms, privacy or cookies."""
        return self.title >= 0 and self.phrase(self.title, "legal.lines") is not None

    def may_be_the_text(self, block: int, longest_note: int, *groups: str) -> bool:
        """Whether a block with a phrase of these groups may be the author's own.

        It belongs to a policy, or is longer than a note amid prose and has one such phrase alone.
        """
        if block not in self.body:
            return False
        return self.is_legal_text or (
            self.near_prose(block) and self.words[block] > longest_note and len(self.phrases(block, *groups)) < 2
        )

    def phrases(self, block: int, *groups: str) -> set[str]:
        """All phrases of these groups that a block holds; ``hits`` knows the first of each group alone."""
        words = self.words_of(block)
        return {
            phrase for group, phrase in (*self.index.find(words), *self.index.find_unspaced(words)) if group in groups
        }

    def near_prose(self, block: int) -> bool:
        """Whether a neighbour of a block is prose."""
        prose = self.prose
        return (block > 0 and prose[block - 1]) or (block + 1 < len(prose) and prose[block + 1])

    def amid_prose(self, block: int) -> bool:
        """Whether both neighbours of a block are prose: there a phrase may be the author's own heading.

        Or it is a term that the page explains.
        """
        prose = self.prose
        return (0 < block < len(prose) - 1 and prose[block - 1] and prose[block + 1]) or block in self.explained

    @cached_property
    def references(self) -> frozenset[int]:
        """The lines such as "See also" of a manual, which code tells: what stands under them is its own."""
        codes = sum(block.kind == "code" for block in self.blocks)
        return frozenset(self.blocks_with("related.references")) if codes >= CODES_OF_MANUAL else frozenset()

    @cached_property
    def explained(self) -> frozenset[int]:
        """The terms in an HTML page's lists of definitions that some words stand under, not a figure alone."""
        if self.structure is None:
            return frozenset()
        inside = self.structure.inside("definition").to_bytes(len(self.blocks), "little")
        return frozenset(
            block
            for block, (here, below) in enumerate(pairwise(inside))
            if below and not here and self.words[block + 1] >= EXPLAINED_WORDS
        )


def has_credit_sign(text: str) -> bool:
    """Whether what a line begins with is set apart, as in "Photo: ..."; the phrase alone may begin a sentence."""
    return not CREDIT_SIGNS.isdisjoint(text[:CREDIT_HEAD])


def features_of(page: Page) -> Features:
    """The features of the page's reading, computed at the first call and kept with it."""
    found = page.shared.get("features")
    if not isinstance(found, Features):
        found = page.shared["features"] = Features(page)
    return found
