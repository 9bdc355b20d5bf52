"""Cues about where a block stands: at the page's start or end, indented, apart."""

from cleaner.cues.columns import Column, at_least, at_most
from cleaner.cues.measures import Cue, Measures

CUES: dict[str, Cue] = {
    "-first block": lambda m: 1 if m.sheet.size else 0,
    "-first 5 % of the lines": lambda m: m.sheet.where(m.through_lines, at_most(12)),
    "-first 10 % of the lines": lambda m: m.sheet.where(m.through_lines, at_most(25)),
    "-first 25 % of the lines": lambda m: m.sheet.where(m.through_lines, at_most(63)),
    "-first 15 % of the words": lambda m: m.sheet.where(m.through_words, at_most(38)),
    "-last 25 % of the words": lambda m: m.sheet.where(m.through_words, at_least(192)),
    "-last 10 % of the words": lambda m: m.sheet.where(m.through_words, at_least(230)),
    "-last 5 % of the lines": lambda m: m.sheet.where(m.through_lines, at_least(243)),
    "-long, last 10 % of the words": lambda m: m.long & m.sheet.where(m.through_words, at_least(230)),
    "+50 words or more, early": lambda m: m.many & m.sheet.where(m.through_words, at_most(38)),
    "+prose in the main text": lambda m: m.prose & m.body,
    "-prose before the main text": lambda m: m.prose & m.before_body,
    "-prose after the main text": lambda m: m.prose & m.after_body,
    "+item in the main text": lambda m: m.items & m.body,
    "-before the main text": lambda m: m.before_body,
    "-well before the main text": lambda m: m.sheet.of_run(range(max(0, m.features.body.start - 8))),
    "-after the main text": lambda m: m.after_body,
    "-just after the main text": lambda m: m.after_body & m.sheet.soon_after(m.body, 3),
    "-before all prose": lambda m: m.before_prose,
    "+blank line before": lambda m: m.apart,
    "+blank line after": lambda m: _blank_after(m),
    "+blank line before and after": lambda m: m.apart & _blank_after(m),
    "-indented": lambda m: m.sheet.where(m.gaps[1], at_least(1)),
    "-indented more than prose": lambda m: _deeper(m),
    "-prose indented more than prose": lambda m: _deeper(m) & m.prose,
}


def _blank_after(m: Measures) -> Column:
    return m.sheet.before(m.apart) | (1 << 8 * (m.sheet.size - 1) if m.sheet.size else 0)


def _deeper(m: Measures) -> Column:
    """The blocks that are indented more than most of the page's prose."""
    columns = m.gaps[1]
    prose = [column for column, found in zip(columns, m.features.prose, strict=True) if found]
    usual = max(sorted(set(prose)), key=prose.count) if prose and len(set(prose)) < 40 else 0
    return m.sheet.where(columns, at_least(usual + 1))
