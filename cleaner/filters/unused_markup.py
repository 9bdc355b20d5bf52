"""F107: markup that served what went: the head of a table without rows, the definition of a link that is gone."""

from __future__ import annotations

from collections.abc import Iterator

from cleaner.filter import Filter, whole
from cleaner.markup import markup_of
from cleaner.page import Page, Removal

CODE = "F107"


def _find(page: Page) -> Iterator[Removal]:
    markup = markup_of(page)
    for block, users in markup.needs.items() if markup else ():
        is_table = page.blocks[block].kind == "table"
        if all(page.is_gone(user) for user in users):
            yield whole(
                page, block, CODE, f"{'the head of a table' if is_table else 'a target'} that served what is gone"
            )
        elif markup and is_table and all(markup.shows_nothing[one] for one in (block, *users)):
            for one in (block, *users):
                yield whole(page, one, CODE, "a table without text")


UNUSED_MARKUP = Filter(
    code=CODE,
    name="unused_markup",
    removes="In Markdown, what only served text that other filters removed: a table's head, a link's definition; and "
    "tables without any text.",
    mistakes="A table that a reader was to fill in by hand.",
    find=_find,
    format="markdown",
    examples="""
-|  |  |
-|---|---|
-|  | ![](/dot.png) |
 
 The [crane] is old, the [quay][q] older.
 
 [crane]: /crane
 [q]: /quay
 [unused]: /unused
 
 | Berth | Fee |
 |-------|-----|
 | 1     | 12  |
""",
)
