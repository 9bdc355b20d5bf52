"""Cues about links, headings and images, where the input has markup; none for plain text."""

from cleaner.cues.columns import Column, at_least, between, run_lengths
from cleaner.cues.measures import Cue, Measures

_TARGETS = ("tag", "author", "share", "account", "same_page", "comments", "mail")


def _links_to(kind: str) -> Cue:
    return lambda m: m.sheet.of(m.markup.with_target(kind))


def _near_links_to(kind: str) -> Cue:
    return lambda m: m.sheet.near(m.sheet.of(m.markup.with_target(kind)), 3)


CUES: dict[str, Cue] = {
    "-80 % in links": lambda m: m.linked,
    "-half in links": lambda m: m.sheet.where(m.link_shares, at_least(50)),
    "-a link in it": lambda m: m.sheet.where(m.link_shares, at_least(1)),
    "+no link, 9 words or more": lambda m: _no_link(m) & m.sheet.where(m.words, at_least(9)),
    "+no link, short": lambda m: _no_link(m) & m.short,
    "-all link, short": lambda m: m.linked & m.short,
    "-all link, long": lambda m: m.linked & m.long,
    "-all link, item": lambda m: m.linked & m.items,
    "-links all around": lambda m: m.sheet.where(m.links_around, at_least(8)),
    "-links half around": lambda m: m.sheet.where(m.links_around, at_least(5)),
    "+no links around": lambda m: m.sheet.no(m.sheet.where(m.links_around, at_least(1))),
    "-all link before": lambda m: m.sheet.after(m.linked),
    "-all link after": lambda m: m.sheet.before(m.linked),
    "+all link between prose": lambda m: m.linked & m.sheet.near(m.prose, 1),
    "-links alone after prose": lambda m: _lone_links(m),
    "-quotes what stood before": lambda m: m.quoted_before,
    "-shows nothing": lambda m: m.sheet.of(m.markup.shows_nothing),
    "+image in it": lambda m: m.sheet.of([images > 0 for images in m.markup.images]),
    "-in 8 links": lambda m: m.sheet.where(run_lengths(m.sheet.bytes_of(m.linked)), at_least(8)),
    "-in 25 links": lambda m: m.sheet.where(run_lengths(m.sheet.bytes_of(m.linked)), at_least(25)),
    **{f"-links to: {kind.replace('_', ' ')}": _links_to(kind) for kind in _TARGETS},
    **{f"-near links to: {kind.replace('_', ' ')}": _near_links_to(kind) for kind in _TARGETS},
    "+heading": lambda m: m.headings,
    "+heading before prose": lambda m: m.headings & (m.sheet.before(m.prose) | m.sheet.before(m.prose, 2)),
    "-heading before no prose": lambda m: m.headings & m.sheet.no(m.sheet.soon_before(m.prose, 4)),
    "-heading of level 4 or more": lambda m: m.sheet.where(m.levels, at_least(4)),
    "+heading of level 2": lambda m: m.sheet.where(m.levels, between(2, 2)),
    "+just under a heading": lambda m: m.sheet.after(m.headings),
    "-nested item": lambda m: m.sheet.where(bytes(min(depth, 255) for depth in m.markup.depths), at_least(2)),
    "+table row": lambda m: m.of_kind("table"),
    "+code": lambda m: m.of_kind("code"),
    "-before the first heading of level 1": lambda m: m.sheet.of_run(range(max(0, m.levels.find(1)))),
    "-before the first heading": lambda m: _before_first_heading(m),
    "-before the first heading, no sentence": lambda m: _before_first_heading(m) & m.sheet.no(m.sentence_ends),
    "+soon after the first heading of level 1": lambda m: _under_first_heading(m),
    "-20 blocks without a heading": lambda m: m.sheet.no(m.sheet.soon_after(m.headings, 20) | m.headings),
}


def _no_link(m: Measures) -> Column:
    return m.sheet.where(m.link_shares, between(0, 0)) & m.sheet.where(m.words, at_least(1))


def _lone_links(m: Measures) -> Column:
    """The lines of links that stand under paragraphs on a page of prose: "More on ...", a teaser, a source."""
    some = m.sheet.where(m.words, between(3, 30)) & m.of_kind("paragraph")
    near = m.sheet.soon_after(m.prose, 2)
    return m.sheet.when(m.prose_share >= 0.4) & m.sheet.where(m.link_shares, at_least(90)) & some & near


def _before_first_heading(m: Measures) -> Column:
    """The blocks before the first heading of any level: mostly what stands above a page's title."""
    first = m.sheet.bytes_of(m.headings).find(1)
    return m.sheet.of_run(range(max(0, first)))


def _under_first_heading(m: Measures) -> Column:
    first = m.levels.find(1)
    return m.sheet.of_run(range(first, min(m.sheet.size, first + 12))) if first >= 0 else 0
