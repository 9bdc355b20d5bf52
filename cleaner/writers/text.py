"""What went from a page, as plain text; what stays is ``Page.text``."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.page import Page


def removed_text(page: Page) -> str:
    """Everything that was removed, in page order; pieces of lines stand on lines of their own."""
    return "".join(_pieces(page))


def _pieces(page: Page) -> Iterator[str]:
    for start, end, _ in page.cuts:
        piece = page.source[start:end]
        yield piece if piece.endswith(("\n", "\r")) else piece + "\n"
