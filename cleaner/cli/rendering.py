"""Diffs, statistics and explanations as lines for a person's eyes: escaped, painted, laid out.

This room folds over finished pages and decides nothing about them. Lines come without their newline.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cleaner.cli.paint import Palette, clipped, folded, padded, table
from cleaner.errors import counted
from cleaner.escapes import on_one_line, shown

if TYPE_CHECKING:
    from cleaner.audit import Explained, Hunk, Row
    from cleaner.cli.pages import Cleaned
    from cleaner.page import Page, Removal

NO_NEWLINE = "\\ No newline at end of file"
GUTTER = " \u2502 "
LINE_DIGITS = 5
FATE_WIDTH = len("removed")


def diff(page: Page, label: tuple[str, str], context: int, palette: Palette) -> Iterator[str]:
    """A unified diff to read; with all the context there is, which ``patch`` would not take."""
    from cleaner.audit import hunks

    for number, hunk in enumerate(hunks(page, context, patchable=False)):
        if not number:
            yield palette.title(f"--- {shown(label[0])}")
            yield palette.title(f"+++ {shown(label[1])}")
        yield from _hunk(hunk, palette)


def _hunk(hunk: Hunk, palette: Palette) -> Iterator[str]:
    place, _, said = hunk.heading.partition(" @@ ")
    yield f"{palette.place(f'{place} @@')} {reason(said, palette)}"
    painters = {"-": palette.gone, "+": palette.left, " ": palette.kept}
    for sign, line in hunk.lines:
        yield painters[sign](sign + shown(line).removesuffix("\n"))
        if not line.endswith("\n"):
            yield palette.aside(NO_NEWLINE)


def reason(said: str, palette: Palette) -> str:
    """Code, name and evidence, the code painted; what else there is stays as it was."""
    code, space, others = shown(said).partition(" ")
    return palette.code(code) + space + palette.aside(others)


def side_by_side(page: Page, name: str, context: int, palette: Palette, width: int) -> Iterator[str]:
    """Every changed line beside what is left of it, with some around; why it went stands where it stood.

    A reason that is the same as the one before is its code alone.
    """
    from cleaner.audit import rows

    half = (width - LINE_DIGITS - 1 - len(GUTTER)) // 2
    yield palette.title(f"{' ' * LINE_DIGITS} {padded(clipped(shown(name), half), half)}{GUTTER}what is left")
    told = ""
    for row in _near_changes(rows(page), context):
        if isinstance(row, int):
            said = f"\u22ef {counted(row, 'line')} unchanged"
            yield palette.aside(f"{' ' * LINE_DIGITS} {padded(said, half)}{GUTTER}\u22ef")
            continue
        reasons = []
        for removal in row.removals:
            said, told = told, _label(removal)
            reasons.append(clipped(told, half) if said != told else removal.filter)
        yield from _row(row, reasons, half, palette)


def _near_changes(rows: Iterable[Row], context: int) -> Iterator[Row | int]:
    """The changed rows and those near them; for each gap the number of its rows."""
    skipped, since = 0, context
    before: deque[Row] = deque(maxlen=context)
    for row in rows:
        if row.old != row.new:
            if skipped > len(before):
                yield skipped - len(before)
            yield from before
            yield row
            before.clear()
            skipped = since = 0
        elif since < context and not skipped:
            yield row
            since += 1
        else:
            skipped += 1
            before.append(row)
    if skipped:
        yield skipped


def _row(row: Row, reasons: list[str], half: int, palette: Palette) -> Iterator[str]:
    changed = row.old != row.new
    old = [(palette.gone if changed else palette.kept, line) for line in folded(_cell(row.old), half)]
    new = [(palette.left if changed else palette.kept, line) for line in _right(row, half)]
    new += [(palette.aside, line) for line in reasons]
    number = "" if row.number is None else str(row.number)
    for index in range(max(len(old), len(new))):
        place = padded("" if index else number, LINE_DIGITS, right=True)
        paint_left, left = old[index] if index < len(old) else (str, "")
        paint_right, right = new[index] if index < len(new) else (str, "")
        line = f"{palette.aside(place)} {paint_left(padded(left, half))}{palette.aside(GUTTER)}{paint_right(right)}"
        yield line.rstrip()


def _right(row: Row, half: int) -> list[str]:
    return [] if row.new is None else folded(_cell(row.new), half)


def _cell(text: str | None) -> str:
    return shown(text or "").expandtabs(4)


def _label(removal: Removal) -> str:
    from cleaner.audit import label

    return label(removal)


def stat(pages: Iterable[Cleaned], palette: Palette) -> str:
    """A table of what each filter took, most characters first, and its last line of all together."""
    from cleaner.audit import tally

    found = tally(page.result.page for page in pages)
    total = (
        "",
        "all",
        sum(one.blocks for one in found),
        sum(one.chars for one in found),
        sum(one.share for one in found),
    )
    rows = [
        (code, name, f"{blocks:,}", f"{chars:,}", f"{share:.1%}")
        for code, name, blocks, chars, share in (*found, total)
    ]
    head, *lines, last = table(
        [("code", "filter", "blocks", "characters", "share"), *rows], numbers=frozenset((2, 3, 4))
    )
    painted = [palette.code(line[:6]) + line[6:] for line in lines]
    return "".join(f"{line}\n" for line in (palette.aside(head), *painted, palette.title(last)))


def explanation(explained: Explained, palette: Palette, width: int | None) -> Iterator[str]:
    """A block's line number, fate and text on one line, and under it why; clipped to a width if there is one."""
    number = padded(str(explained.first_line), LINE_DIGITS, right=True)
    fate = padded(explained.fate, FATE_WIDTH)
    margin = LINE_DIGITS + FATE_WIDTH + 4
    text = on_one_line(explained.block.text)
    paint = palette.kept if explained.fate == "kept" else palette.gone
    yield f"{palette.aside(number)}  {paint(fate)}  {paint(_clip(text, width, margin))}"
    said = explained.reason
    if said and explained.path:
        said += f" in {on_one_line(explained.path)}"
    if said:
        yield f"{' ' * margin}{reason(_clip(said, width, margin), palette)}"


def _clip(text: str, width: int | None, margin: int) -> str:
    return text if width is None else clipped(text, width - margin)


def block_in_full(explained: Explained, name: str, palette: Palette, width: int) -> Iterator[str]:
    """All there is to say of one block: where it stands, its text, its fate and who decided it."""
    block, first, last = explained.block, explained.first_line, explained.last_line
    lines = f"line {first}" if first == last else f"lines {first} to {last}"
    where = f"{lines}, {block.kind} of {counted(block.end - block.start, 'character')} from {block.start:,}"
    if explained.path:
        where += f", in {shown(explained.path)}"
    yield f"{palette.title(shown(name))}  {palette.aside(where)}"
    for line in shown(block.text).splitlines():
        for piece in folded(line.expandtabs(4), width - 4):
            yield f"    {piece}"
    yield (palette.kept if explained.fate == "kept" else palette.gone)(explained.fate)
    if explained.reason:
        yield f"    {reason(explained.reason, palette)}"
    for removal in explained.removals[:1]:
        yield palette.aside(f"    see: cleaner filters {removal.filter}")
