"""Cues about links, headings and images, where the input has markup; none for plain text."""

from cleaner.cues.columns import Column, at_least, between, run_lengths
from cleaner.cues.measures import Measures
from cleaner.markup import Markup, markup_of

_TARGETS = ("tag", "author", "share", "account", "same_page", "comments", "mail")


def link_cues(m: Measures) -> dict[str, Column]:
    """The cues by name; the sign before a name is the one its points must have."""
    markup = markup_of(m.page)
    return {**_share_cues(m, markup), **_heading_cues(m, markup)} if markup else {}


def _share_cues(m: Measures, markup: Markup) -> dict[str, Column]:
    sheet = m.sheet
    shares = bytes(int(100 * share) for share in markup.link_shares)
    linked = sheet.where(shares, at_least(80))
    none = sheet.where(shares, between(0, 0)) & sheet.where(m.words, at_least(1))
    around = sheet.around(linked, 5)
    lengths = run_lengths(sheet.bytes_of(linked))
    cues = {
        "-80 % in links": linked,
        "-half in links": sheet.where(shares, at_least(50)),
        "-a link in it": sheet.where(shares, at_least(1)),
        "+no link, 9 words or more": none & sheet.where(m.words, at_least(9)),
        "+no link, short": none & m.short,
        "-all link, short": linked & m.short,
        "-all link, long": linked & m.long,
        "-all link, item": linked & m.items,
        "-links all around": sheet.where(around, at_least(8)),
        "-links half around": sheet.where(around, at_least(5)),
        "+no links around": sheet.no(sheet.where(around, at_least(1))),
        "-all link before": sheet.after(linked),
        "-all link after": sheet.before(linked),
        "+all link between prose": linked & sheet.near(m.prose, 1),
        "-shows nothing": sheet.of(markup.shows_nothing),
        "+image in it": sheet.of([images > 0 for images in markup.images]),
        "-in 8 links": sheet.where(lengths, at_least(8)),
        "-in 25 links": sheet.where(lengths, at_least(25)),
    }
    for kind in _TARGETS:
        cues[f"-links to: {kind.replace('_', ' ')}"] = sheet.of(markup.with_target(kind))
        cues[f"-near links to: {kind.replace('_', ' ')}"] = sheet.near(sheet.of(markup.with_target(kind)), 3)
    return cues


def _heading_cues(m: Measures, markup: Markup) -> dict[str, Column]:
    sheet, size = m.sheet, m.sheet.size
    levels = bytes(markup.levels)
    headings = sheet.where(levels, at_least(1))
    first = next((index for index, level in enumerate(levels) if level == 1), None)
    follows = sheet.before(m.prose) | sheet.before(m.prose, 2)
    depths = bytes(min(depth, 255) for depth in markup.depths)
    return {
        "+heading": headings,
        "+heading before prose": headings & follows,
        "-heading before no prose": headings & sheet.no(sheet.soon_before(m.prose, 4)),
        "-heading of level 4 or more": sheet.where(levels, at_least(4)),
        "+heading of level 2": sheet.where(levels, between(2, 2)),
        "+just under a heading": sheet.after(headings),
        "-nested item": sheet.where(depths, at_least(2)),
        "+table row": sheet.of([block.kind == "table" for block in m.page.blocks]),
        "+code": sheet.of([block.kind == "code" for block in m.page.blocks]),
        "-before the first heading of level 1": sheet.of_blocks(range(first)) if first is not None else 0,
        "+soon after the first heading of level 1": sheet.of_blocks(range(first, min(size, first + 12)))
        if first is not None
        else 0,
        "-20 blocks without a heading": sheet.no(sheet.soon_after(headings, 20) | headings),
    }
