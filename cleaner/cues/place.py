"""Cues about where a block stands: at the page's start or end, indented, apart."""

from itertools import accumulate

from cleaner.cues.columns import Column, at_least, at_most
from cleaner.cues.measures import Measures


def place_cues(m: Measures) -> dict[str, Column]:
    """The cues by name; the sign before a name is the one its points must have."""
    sheet, features, size = m.sheet, m.features, m.sheet.size
    breaks, columns = m.gaps
    apart = sheet.where(breaks, at_least(2))
    blank_after = sheet.before(apart) | (1 << 8 * (size - 1) if size else 0)
    words, lines = _through_words(features.words), bytes(256 * index // size for index in range(size))
    late = sheet.where(words, at_least(192))
    early = sheet.where(words, at_most(38))
    body = features.body
    many = sheet.where(m.words, at_least(50))
    deeper = sheet.where(columns, at_least(_prose_indent(m, columns) + 1))
    return {
        "-first block": 1 if size else 0,
        "-first 5 % of the lines": sheet.where(lines, at_most(12)),
        "-first 10 % of the lines": sheet.where(lines, at_most(25)),
        "-first 25 % of the lines": sheet.where(lines, at_most(63)),
        "-first 15 % of the words": early,
        "-last 25 % of the words": late,
        "-last 10 % of the words": sheet.where(words, at_least(230)),
        "-last 5 % of the lines": sheet.where(lines, at_least(243)),
        "-long, last 10 % of the words": m.long & sheet.where(words, at_least(230)),
        "+50 words or more, early": many & early,
        "+prose in the main text": m.prose & m.body,
        "-prose before the main text": m.prose & m.before_body,
        "-prose after the main text": m.prose & m.after_body,
        "+item in the main text": m.items & m.body,
        "-before the main text": m.before_body,
        "-well before the main text": sheet.of_blocks(range(max(0, body.start - 8))) if body else 0,
        "-after the main text": m.after_body,
        "-just after the main text": sheet.of_blocks(range(body.stop, min(size, body.stop + 3))) if body else 0,
        "-before all prose": m.before_prose,
        "+blank line before": apart,
        "+blank line after": blank_after,
        "+blank line before and after": apart & blank_after,
        "-indented": sheet.where(columns, at_least(1)),
        "-indented more than prose": deeper,
        "-prose indented more than prose": deeper & m.prose,
    }


def _through_words(counts: list[int]) -> bytes:
    """How far through the page's words each block begins, in 256ths."""
    total = sum(counts) or 1
    return bytes(min(255, 256 * before // total) for before in accumulate(counts[:-1], initial=0)) if counts else b""


def _prose_indent(m: Measures, columns: bytes) -> int:
    """The indentation that most of the page's prose has."""
    prose = [column for column, found in zip(columns, m.features.prose, strict=True) if found]
    return max(sorted(set(prose)), key=prose.count) if prose and len(set(prose)) < 40 else 0
