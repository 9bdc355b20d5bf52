"""Cues about the words that a block shares with the page's prose, for HTML.

On text and Markdown they take a tenth of the time and, fitted with and without, gain nothing.
"""

from cleaner.cues.columns import Column, at_least, at_most
from cleaner.cues.measures import Cue, Measures

CUES: dict[str, Cue] = {
    "-shares no word with the prose": lambda m: _shares(m, at_most(0)),
    "-short, shares no word with the prose": lambda m: _shares(m, at_most(0)) & m.short,
    "-shares under 25 % of its words": lambda m: _shares(m, at_most(24)),
    "+shares 50 % of its words": lambda m: _shares(m, at_least(50)),
    "+shares 75 % of its words": lambda m: _shares(m, at_least(75)),
    "+before all prose, shares its words": lambda m: _shares(m, at_least(75)) & m.before_prose & m.sheet.no(_chrome(m)),
    "-after the main text, shares few words": lambda m: _shares(m, at_most(24)) & m.after_body,
    "+before the main text, shares half its words": lambda m: _shares(m, at_least(50)) & m.before_body,
    "-no key word of the prose": lambda m: m.sheet.where(m.shared_words[1], at_most(0)) & _some_shared(m),
    "+key words 20 %": lambda m: m.sheet.where(m.shared_words[1], at_least(20)),
    "-prose that shares few words": lambda m: _shares(m, at_most(24)) & m.prose,
}


def _some_shared(m: Measures) -> Column:
    """The blocks with words, on a page with enough prose to share them with."""
    return m.sheet.where(m.words, at_least(1)) if m.knows_prose else 0


def _shares(m: Measures, test: bytes) -> Column:
    """The blocks with words of which such a percentage stands in the page's prose elsewhere."""
    return m.sheet.where(m.shared_words[0], test) & _some_shared(m)


def _chrome(m: Measures) -> Column:
    return m.family("menu") | m.family("site bar") | m.family("legal")
