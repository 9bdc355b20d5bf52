"""Which lines of a plain text belong together: hard-wrapped paragraphs, sentences broken at their links.

This room knows lines and columns, and nothing of pages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from cleaner.phrases import LazyPattern

NARROWEST, WIDEST = 40, 160  # columns at which people let programs wrap
SLACK_COLUMNS = 4  # lynx lets headings run this much wider than paragraphs
LONGEST_WORD = 40  # a longer word (an address) says nothing about the width
MIN_WRAPPED = 2  # pairs of lines that must agree on a width
MIN_AGREEING = 0.6  # of the pairs asked: wrapped pages reach 0.64 to 1.0, others seldom 0.5
HANGING_COLUMNS = 6  # a wrapped item's lines stand this far right of its bullet at most
FIRST_LINE_COLUMNS = 8  # a paragraph's first line stands this far right of the others at most

BULLETS = frozenset(
    "-*+\u2022\u00b7\u25cf\u25cb\u25aa\u25e6\u2023\u25a0\u25a1\u25ab\u25c6\u25c7\u2606\u2605\u25ce\u25b3\u25b6\u00bb\u203a\u2013"
)
LYNX_BULLETS = frozenset("o#@")  # of the deeper levels; bullets only where they are indented
_NUMBERED = re.compile(r"(?:\d{1,3}[.)]|[a-zA-Z]\))(?:\s|$)")
_WIDE = LazyPattern(
    r"[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]"
)
_COLUMN_GAP = re.compile(r"(?<=[^\s.!?:;\u2026])(?: {2,}| ?\t)(?=\S)|\S {3,}\S")

STOPS = frozenset(".!?\u2026\u3002\uff01\uff1f\u061f\u06d4\u0964:")
WIDE_CLOSERS = frozenset("\u3001\u3002\uff0c\uff01\uff1f\uff1a\uff1b\uff09\u300d\u300f\u3011")
CLOSERS = frozenset(".,;:!?)]%\u2026\u201d\u2019'") | WIDE_CLOSERS
OPENERS = frozenset("([\u201c\u201e\u00ab\u2018\uff08\u300c\u300e\u3010")
POSSESSIVES = frozenset(("'s", "\u2019s"))
PROSE_CHARS = 30  # a line of a menu is shorter
SHORT_CHARS = 15  # a tag such as "machine learning" is not much longer
ENDS = STOPS | frozenset('"\u201d\u2019\u00bb)\u300d\u300f\uff09')
QUOTE_MARK = ">"
CODE_ENDS = frozenset("{};")
CODE_SIGNS = frozenset("}/#>$<")
CODE_STARTS = ("}", "//", "#include", ">>> ", "$ ", "</")
SHORT_LINE = 40  # columns, half of a terminal's
LINKING_CHARS = 3  # "and", "of", "or": no tag


def has_wide(texts: Sequence[str]) -> bool:
    """Whether lines are written in characters that take two columns, as their first ones tell."""
    first = "".join(sorted({text[:1] for text in texts}))
    return any("\u1100" <= char <= "\u115f" or char >= "\u2e80" for char in first) and _WIDE.search(first) is not None


def columns_of(line: str, *, wide: bool) -> int:
    """How many columns a line takes on a terminal; at least its length when it is too long to be wrapped."""
    return len(line) + len(_WIDE.findall(line)) if wide and len(line) <= WIDEST else len(line)


def _first_word_columns(text: str, *, wide: bool) -> int:
    """The columns of what cannot be broken at the start of a line: a word, or one ideograph."""
    if wide and _WIDE.match(text):
        return 2
    if text[0] == QUOTE_MARK:
        text = text.lstrip("> ")
    space = text.find(" ")
    return columns_of(text[:space] if space >= 0 else text, wide=wide)


def wrap_width(lines: Sequence[str], texts: Sequence[str], *, wide: bool) -> int:
    """The column at which the lines of a text are wrapped; 0 when they are not.

    Two lines of a wrapped paragraph confine the width: the first line fitted and the first word of the
    second no longer did. Each pair votes for the widths it allows. Only lines that begin in lower case
    (or with an ideograph) are asked: those hardly ever begin a block. Lines that run over the width
    while others stand below them speak against it.
    """
    steps = [0] * (WIDEST + LONGEST_WORD + 2)
    asked, long_lines = 0, []
    least = NARROWEST // 2 if wide else NARROWEST  # of a line's characters and its break
    for text, before, line in zip(texts[1:], texts, lines, strict=False):
        if len(line) >= least and text and len(before) >= NARROWEST // 2:
            columns = columns_of(line.rstrip(), wide=wide)
            if columns >= NARROWEST:
                long_lines.append(columns)
                if columns <= WIDEST and (text[0].islower() or (wide and _WIDE.match(text))):
                    word = _first_word_columns(text, wide=wide)
                    if word <= LONGEST_WORD:
                        asked += 1
                        steps[columns] += 1
                        steps[columns + word + 1] -= 1
    votes = list(accumulate(steps))
    most = max(votes)
    if most < max(MIN_WRAPPED, MIN_AGREEING * asked):
        return 0
    least = votes.index(most)
    widest = next(columns for columns in range(least, len(votes)) if votes[columns] < most) - 1
    width = max(columns for columns in (least, *long_lines) if columns <= widest)
    return width if sum(columns > width + SLACK_COLUMNS for columns in long_lines) <= most else 0


def kind_of(text: str, indent: int) -> str:
    """What a line is when it stands alone: item, quote or paragraph."""
    first = text[0]
    if first.isalpha() and text[1:2] != ")" and not (indent > 3 and text[1:2] == " "):
        return "paragraph"
    if is_item(text, indent):
        return "item"
    return "quote" if first == QUOTE_MARK and len(text) > PROSE_CHARS and text[1] in "> " else "paragraph"


def is_item(text: str, indent: int) -> bool:
    """Whether a line begins a list item."""
    first = text[0]
    if first in BULLETS or (indent > 3 and first in LYNX_BULLETS):
        return text[1:2].isspace()
    return _NUMBERED.match(text) is not None


def kind_of_run(lines: Sequence[str], texts: Sequence[str], width: int) -> str:
    """Code or table when the lines of a run show it, else nothing: their kinds are then their own."""
    most = len(texts) // 2
    coded = [text for text in texts if text[-1] in CODE_ENDS or text[0] in CODE_SIGNS]
    if len(coded) > most and sum(map(_is_code, coded)) > most:
        return "code"
    ruled = [text for text in texts if "  " in text or "\t" in text or text[0] == "|"]
    if len(ruled) <= most or sum(map(has_columns, ruled)) <= most:
        return ""
    justified = sum(len(line.rstrip()) == width for line in lines)
    return "" if width and justified > most else "table"


def _is_code(text: str) -> bool:
    return text[-1] in CODE_ENDS or text.startswith(CODE_STARTS)


def has_columns(text: str) -> bool:
    """Whether a line is cut into columns by runs of spaces, by tabs or by bars."""
    if text[0] == "|":
        return text.count("|") > 2
    return ("  " in text or "\t" in text) and _COLUMN_GAP.search(text) is not None


def fits(lines: Sequence[str], width: int, *, wide: bool) -> bool:
    """Whether none of some lines runs over a width."""
    most = width + SLACK_COLUMNS
    return width > 0 and all(len(line) <= most or columns_of(line.rstrip(), wide=wide) <= most for line in lines)


def is_wrapped(line: str, following: str, text: str, following_text: str, width: int, *, wide: bool) -> bool:
    """Whether a line was broken because the first word of the following one would not have fitted."""
    columns = columns_of(line, wide=wide)
    if columns > width + SLACK_COLUMNS:
        return False
    word = _first_word_columns(following_text, wide=wide)
    if columns + 1 + word <= width or 2 * columns < width:
        return False
    indent, next_indent = len(line) - len(text), len(following) - len(following_text)
    if is_item(following_text, next_indent):
        return False
    if indent != next_indent:
        hanging = indent < next_indent <= indent + HANGING_COLUMNS and is_item(text, indent)
        if not hanging and not next_indent < indent <= next_indent + FIRST_LINE_COLUMNS:
            return False
    # A line of justified text has wide gaps too, but it ends at the width.
    return not (has_columns(text) and columns != width) and not (
        has_columns(following_text) and columns_of(following, wide=wide) != width
    )


def is_rule(text: str) -> bool:
    """Whether a line is drawn of one sign, from side to side or so."""
    return not text[0].isalnum() and len(text) >= SHORT_CHARS and not text.strip(text[0])


def begins_anew(before: str, text: str) -> bool:
    """Whether a short line that would not have fitted above is no end of that paragraph all the same.

    After a full stop stands a line without one, such as "Read the whole story".
    """
    if before[-1] not in STOPS or len(text) >= SHORT_LINE or text[-1] in ENDS:
        return False
    return text[0] == "[" or text[0].isupper() or text[0].isdigit()


def is_broken(texts: Sequence[str]) -> bool:
    """Whether lines that stand together are pieces of sentences: one of them begins with a comma or the like."""
    return any(map(_begins_with_closer, [text for text in texts if text[0] in CLOSERS]))


def is_continued(before: str, text: str, after: str, chars: int) -> bool:
    """Whether a line goes on where the line before it was broken, at a link or an emphasis.

    ``after`` is the line that follows, "" when none does; ``chars`` is how much text the paragraph
    has so far. A menu item must not become prose: a lower-case start alone proves nothing.
    """
    first, last = text[0], before[-1]
    if first.isupper() and last.isalnum() and not (after[:1].islower() or after[:1] in CLOSERS):
        return False
    if first in CLOSERS and _begins_with_closer(text):
        return True
    if last in STOPS:
        return False
    if last in OPENERS:
        return True
    in_prose = chars >= PROSE_CHARS or (_is_open(before) and before.count(" ") >= 2)
    if first.islower():
        return _continues_in_lower_case(before, text, after, in_prose=in_prose)
    if first in "(\u2013\u2014":
        return in_prose and (text[1:2].isalpha() if first == "(" else text[1:3].strip().islower())
    if before == ",":
        return True
    return in_prose and text[-1] not in STOPS and _leads_to_name(before, after)


def _continues_in_lower_case(before: str, text: str, after: str, *, in_prose: bool) -> bool:
    if text.count(" ") >= 3:
        return in_prose or len(text) >= PROSE_CHARS
    if before[-1] == ",":
        return in_prose or _begins_with_closer(after)
    if not in_prose:
        return False
    if len(text) <= LINKING_CHARS or text[-1] in STOPS or _begins_with_closer(after):
        return True
    if len(before) > SHORT_CHARS or len(_last_word(before)) <= LINKING_CHARS:
        return _is_open(before)
    return after[:1].islower() and after.count(" ") >= 3


def _leads_to_name(before: str, after: str) -> bool:
    """Whether a line that begins with a capital stands as a link between two parts of a sentence.

    A heading before a paragraph whose first line is broken looks much the same: only a comma after the
    name, or a word such as "of" before it, tells them apart.
    """
    if not _is_open(before):
        return False
    if _begins_with_closer(after):
        return True
    return after[:1].islower() and (len(_last_word(before)) <= LINKING_CHARS or before[-1] == ",")


def _is_open(text: str) -> bool:
    """Whether a line ends in the middle of a sentence: with a comma or a word in lower case."""
    return text[-1] == "," or _last_word(text).islower()


def _last_word(text: str) -> str:
    return text[text.rfind(" ") + 1 :]


def _begins_with_closer(text: str) -> bool:
    """Whether a line begins with what ends a sentence or a part of one, as ", a suite of" does."""
    if text[:1] not in CLOSERS:
        return False
    return not text[1:2].isalnum() or text[0] in WIDE_CLOSERS or text[:2] in POSSESSIVES
