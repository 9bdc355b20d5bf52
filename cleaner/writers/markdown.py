"""What stays of a page as Markdown."""

from __future__ import annotations

import re

from cleaner.markup import markup_of
from cleaner.page import Page

_MARKS = re.compile(r"[\\`*_\[\]<>&|~]")
_LINE_MARKS = re.compile(r"^([ \t]*)([#+=-]|\d{1,9}(?=[.)]))(.?)", re.M)


def markdown_of(page: Page, *, links: bool = True) -> str:
    """Markdown that renders to the page's kept text; of plain text one paragraph a block, its own marks escaped.

    Of HTML with its structure; without ``links`` there are neither links nor images.
    """
    if page.format == "html" and (markup := markup_of(page)):
        from cleaner.readers.elements import Elements
        from cleaner.writers.html_markdown import html_markdown

        if isinstance(markup, Elements):
            return html_markdown(page, markup, links=links)
    pieces = []
    for index in range(len(page.blocks)):
        kept = " ".join(page.source[span.start : span.end] for span in page.standing(index))
        if kept:
            pieces.append(escaped(kept) + "\n")
    return "\n".join(pieces)


def escaped(text: str) -> str:
    """The text with a backslash before every character that Markdown would take for markup."""
    return _LINE_MARKS.sub(_escaped_start, _MARKS.sub(r"\\\g<0>", text))


def _escaped_start(match: re.Match[str]) -> str:
    space, mark, after = match.groups()
    return f"{space}{mark}\\{after}" if mark.isdigit() else f"{space}\\{mark}{after}"
