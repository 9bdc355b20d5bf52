"""Cues about the whole page: which kind of page this probably is. They hold for all its blocks or none."""

from cleaner.cues.columns import Column
from cleaner.cues.measures import Cue, Measures

_SIZES = (
    ("menu", 3, "-"),
    ("site bar", 3, "-"),
    ("label", 3, "-"),
    ("site map", 3, "-"),
    ("related", 3, "-"),
    ("newsletter", 3, "-"),
    ("consent", 3, "-"),
    ("follow", 3, "+"),
    ("bio", 3, "+"),
    ("byline", 25, "-"),
    ("comment", 8, "+"),
    ("shop", 3, "-"),
    ("shop", 8, "-"),
    ("shop", 25, "-"),
    ("forum", 8, "+"),
    ("offer", 8, "-"),
    ("offer", 25, "-"),
    ("form", 8, "-"),
    ("account", 3, "-"),
)


def _says(family: str, least: int) -> Cue:
    return lambda m: m.sheet.when(m.family(family).bit_count() >= least)


CUES: dict[str, Cue] = {
    **{f"{sign}page says {name} {least} times": _says(name, least) for name, least, sign in _SIZES},
    "+page has little prose": lambda m: m.sheet.when(m.prose_share < 0.1),
    "-page is prose": lambda m: m.sheet.when(m.prose_share > 0.8),
    "+page of under 300 words": lambda m: m.sheet.when(sum(m.features.words) < 300),
    "+prose on a forum": lambda m: _says("forum", 8)(m) & m.prose,
    "-short line on a shop's page": lambda m: _says("shop", 8)(m) & m.short,
    "+long line in the middle of little prose": lambda m: m.sheet.when(m.prose_share < 0.3) & m.long & _middle(m),
}


def _middle(m: Measures) -> Column:
    return m.sheet.no(m.before_body | m.after_body) if m.features.body else 0
