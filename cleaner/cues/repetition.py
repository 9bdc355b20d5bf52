"""Cues about repetition: blocks that come again, lines that take turns, questions and answers."""

from cleaner.cues.columns import at_least, at_most
from cleaner.cues.measures import Cue

CUES: dict[str, Cue] = {
    "-repeated": lambda m: m.again,
    "-repeated 6 times": lambda m: m.sheet.where(m.times_on_page, at_least(6)),
    "-repeated, near prose": lambda m: m.again & m.sheet.where(m.prose_near, at_least(2)),
    "+repeated, far from prose": lambda m: m.again & m.sheet.no(m.sheet.near(m.prose, 25)),
    "-repeated, under a related heading": lambda m: m.again & m.under_related,
    "-25 words or more, repeated": lambda m: m.again & m.sheet.where(m.words, at_least(25)),
    "-said before": lambda m: m.said_before,
    "-said before, long": lambda m: m.said_before & m.long,
    "-said before, neither item nor row": lambda m: (
        m.said_before & m.sheet.no(m.items | m.of_kind("table") | m.of_kind("code"))
    ),
    "-said before, near prose": lambda m: m.said_before & m.sheet.where(m.prose_near, at_least(1)),
    "-prose signed with a date, others too": lambda m: (
        m.signed & m.sheet.where(m.sheet.around(m.signed, 25), at_least(2))
    ),
    "-near prose signed with a date": lambda m: m.sheet.where(m.sheet.around(m.signed, 12), at_least(3)),
    "-takes turns with short lines, before the main text": lambda m: m.alternating & m.before_body,
    "-takes turns with short lines, last 25 % of the words": lambda m: (
        m.alternating & m.sheet.where(m.through_words, at_least(192))
    ),
    "-takes turns with short lines, first 15 % of the words": lambda m: (
        m.alternating & m.sheet.where(m.through_words, at_most(38))
    ),
    "-in questions and answers": lambda m: m.asked,
}
