"""What was removed, by whom and why: diff, explanation, tally, account, and the way back.

All are folds over a finished page's ledger; nothing here compares texts, and nothing decides.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import cleaner
from cleaner import filters
from cleaner.errors import ReadError
from cleaner.escapes import escaped
from cleaner.filters.user_rules import KEEP, RULES
from cleaner.markup import path_of
from cleaner.page import LINE_BREAK, Block, Cut, Page, Removal
from cleaner.readers.encoding import Decoded, encode

if TYPE_CHECKING:
    from cleaner.pipeline import CleanResult

SCHEMA = 1
HEADING_CHARS = 200  # of evidence behind the second @@ of a hunk
PATH_CHARS = 80  # of an element's path there

_NAMES_NEWLINES = {"\n": "lf", "\r\n": "crlf", "\r": "cr", "\u2028": "ls", "\u2029": "ps", "\x85": "nel"}


@cache
def filter_name(code: str) -> str:
    """The name of a filter; empty for a code that no filter has."""
    return next((one.name for one in (*filters.FILTERS, *RULES) if one.code == code), "")


def label(removal: Removal) -> str:
    """A removal's code, name and evidence on one line, fit for a terminal."""
    named = f"{removal.filter} {filter_name(removal.filter)}".rstrip()
    return escaped(f"{named}: {removal.evidence}")


# The diff -----------------------------------------------------------------------------------------


BOM_GONE = Removal(-1, 0, 1, "BOM", "the clean text is written without the byte order mark")


class Hunk(NamedTuple):
    """Some lines of the source around one removal, or around those that share a line.

    Lines end at "\\n" alone and carry it; ``old_start`` and ``new_start`` are as in a unified diff
    (from 1; the line before for a count of 0). A line's sign is a space, ``-`` or ``+``.
    """

    old_start: int
    old_count: int
    new_start: int
    new_count: int
    removals: tuple[Removal, ...]
    lines: tuple[tuple[str, str], ...]
    paths: tuple[str, ...]  # of the removals' elements, empty for formats without

    @property
    def heading(self) -> str:
        """The line ``@@ -a,b +c,d @@`` with code, name and evidence of each removal, of HTML the element too."""
        said = "; ".join(
            dict.fromkeys(
                f"{label(removal)} in {_end_of_path(path)}" if path else label(removal)
                for removal, path in zip(self.removals, self.paths, strict=True)
            )
        )
        if len(said) > HEADING_CHARS:
            said = said[: HEADING_CHARS - 3] + "..."
        old, new = _range(self.old_start, self.old_count), _range(self.new_start, self.new_count)
        return f"@@ -{old} +{new} @@ {said}".rstrip()


def _end_of_path(path: str) -> str:
    """The last elements of a path, which say most, on one line."""
    return escaped(path if len(path) <= PATH_CHARS else "..." + path[path.find(">", len(path) - PATH_CHARS) :])


class Row(NamedTuple):
    """One line of both sides; None where a side has none. ``removals`` stand at their first line."""

    number: int | None
    old: str | None
    new: str | None
    removals: tuple[Removal, ...]


class _Region(NamedTuple):
    """Whole lines that cuts touch: lines [first, last) from 0, source[start:end], and the cuts."""

    first: int
    last: int
    start: int
    end: int
    cuts: tuple[Cut, ...]


def hunks(page: Page, context: int = 3, *, patchable: bool = True, bom: bool = False) -> Iterator[Hunk]:
    """The hunks of the page's diff, in order and disjoint.

    ``patchable`` keeps as much context before a change as after it, as GNU patch needs, which takes
    a hunk with less after than before for one at the end of the file. Without it each hunk has the
    context that there is, the lines between two neighbours with the first. ``bom`` is for a source
    whose file begins with a byte order mark, which the clean text has not: its hunk removes it.
    """
    source, cuts = page.source, page.cuts
    if bom:
        source = "\ufeff" + source
        cuts = (Cut(0, 1, BOM_GONE), *(Cut(start + 1, end + 1, removal) for start, end, removal in cuts))
    regions = tuple(_regions(source, cuts))
    dropped = 0
    for region, lead, trail in _with_context(source, regions, context, patchable):
        old = _lines(source[region.start : region.end])
        new = _lines(_kept(source, region))
        lines = (
            *((" ", line) for line in lead),
            *(("-", line) for line in old),
            *(("+", line) for line in new),
            *((" ", line) for line in trail),
        )
        around = len(lead) + len(trail)
        old_count, new_count = len(old) + around, len(new) + around
        first = region.first - len(lead) + 1
        new_first = first - dropped - (not new_count)
        removals = tuple(cut.removal for cut in region.cuts)
        paths = tuple(path_of(page, one.block) or "" if one.block >= 0 else "" for one in removals)
        yield Hunk(first, old_count, new_first, new_count, removals, lines, paths)
        dropped += len(old) - len(new)


def unified_diff(
    page: Page,
    old_name: str = "source",
    new_name: str = "clean",
    context: int = 3,
    *,
    patchable: bool = True,
    bom: bool = False,
) -> Iterator[str]:
    """The lines of a unified diff from source to clean text, each with its "\\n"; none without removals.

    GNU patch turns the source's file, when that is UTF-8, into the clean text's with it, whatever
    newlines there are; ``bom`` says that the file begins with a byte order mark.
    """
    for number, hunk in enumerate(hunks(page, context, patchable=patchable, bom=bom)):
        if not number:
            yield f"--- {_file(old_name)}\n"
            yield f"+++ {_file(new_name)}\n"
        yield hunk.heading + "\n"
        for sign, line in hunk.lines:
            yield sign + line if line.endswith("\n") else f"{sign}{line}\n\\ No newline at end of file\n"


def rows(page: Page) -> Iterator[Row]:
    """Every line of the source beside what is left of it, for two columns; without line ends."""
    number, at = 1, 0
    for region in (*_regions(page.source, page.cuts), None):
        for line in _lines(page.source[at : region.start if region else len(page.source)]):
            yield Row(number, _bare(line), _bare(line), ())
            number += 1
        if region is None:
            return
        removals = tuple(cut.removal for cut in region.cuts)
        new = _lines(_kept(page.source, region))
        for index, line in enumerate(_lines(page.source[region.start : region.end])):
            kept = _bare(new[index]) if index < len(new) else None
            yield Row(number, _bare(line), kept, () if index else removals)
            number += 1
        at = region.end


def _regions(source: str, cuts: Iterable[Cut]) -> Iterator[_Region]:
    """The lines that each cut touches; cuts that share a line share a region."""
    group: list[Cut] = []
    start = end = counted = line = 0
    for cut in cuts:
        if group and cut.start >= end:
            last = line + _line_count(source, start, end)
            yield _Region(line, last, start, end, tuple(group))
            line, counted, group = last, end, []
        if not group:
            start = source.rfind("\n", counted, cut.start) + 1 or counted
            line += source.count("\n", counted, start)
            end = start
        group.append(cut)
        if cut.end > end:
            end = _line_end(source, cut.end - 1)
        if cut.end == end and _joins(source, start, group):
            end = _line_end(source, end)
    if group:
        yield _Region(line, line + _line_count(source, start, end), start, end, tuple(group))


def _line_end(source: str, offset: int) -> int:
    return source.find("\n", offset) + 1 or len(source)


def _line_count(source: str, start: int, end: int) -> int:
    return source.count("\n", start, end) + (source[end - 1] != "\n")


def _joins(source: str, start: int, cuts: list[Cut]) -> bool:
    """Whether a line end went whose line has something left, so that the next line joins it."""
    at = cuts[-1].start
    for index in range(len(cuts) - 1, -1, -1):
        if cuts[index].end < at:
            return source[at - 1] != "\n"
        at = cuts[index].start
    return at > start and source[at - 1] != "\n"


def _kept(source: str, region: _Region) -> str:
    pieces, at = [], region.start
    for cut in region.cuts:
        pieces.append(source[at : cut.start])
        at = cut.end
    return "".join((*pieces, source[at : region.end]))


def _with_context(
    source: str, regions: tuple[_Region, ...], context: int, patchable: bool
) -> Iterator[tuple[_Region, list[str], list[str]]]:
    """Each region with the lines shown before and after it; no line is shown twice."""
    lead = min(context, regions[0].first) if regions else 0
    for index, region in enumerate(regions):
        trail, next_lead = context, 0
        if index + 1 < len(regions):
            gap = regions[index + 1].first - region.last
            trail = min(context, (gap + 1) // 2 if patchable else gap)
            next_lead = min(context, gap - trail)
        before = _previous_lines(source, region.start, lead)
        after = _next_lines(source, region.end, trail)
        if patchable:
            at_end = region.end + sum(map(len, after)) == len(source)
            before, after = _balanced(before, after, at_start=lead == region.first, at_end=at_end)
        yield region, before, after
        lead = next_lead


def _previous_lines(source: str, at: int, count: int) -> list[str]:
    lines: list[str] = []
    while at and len(lines) < count:
        start = source.rfind("\n", 0, at - 1) + 1
        lines.append(source[start:at])
        at = start
    return lines[::-1]


def _next_lines(source: str, at: int, count: int) -> list[str]:
    lines: list[str] = []
    while at < len(source) and len(lines) < count:
        end = _line_end(source, at)
        lines.append(source[at:end])
        at = end
    return lines


def _balanced(before: list[str], after: list[str], *, at_start: bool, at_end: bool) -> tuple[list[str], list[str]]:
    """Equally many lines before and after, except at the ends of the file, where there are no more."""
    if len(before) > len(after) and not at_end:
        before = before[len(before) - len(after) :]
    elif len(after) > len(before) and not at_start:
        after = after[: len(before)]
    return before, after


def _lines(text: str) -> list[str]:
    """The lines, each with its "\\n" where it has one."""
    lines = text.split("\n")
    last = lines.pop()
    found = [line + "\n" for line in lines]
    return [*found, last] if last else found


def _bare(line: str) -> str:
    return line.removesuffix("\n").removesuffix("\r")


def _range(start: int, count: int) -> str:
    return str(start) if count == 1 else f"{start},{count}"


def _file(name: str) -> str:
    """A file's name as a diff writes it: quoted when it holds what would end it."""
    if any(char < " " or char in '"\\\x7f' for char in name):
        return '"' + "".join(_octal(char) for char in name) + '"'
    return name + "\t" if " " in name else name


def _octal(char: str) -> str:
    if char in '"\\':
        return "\\" + char
    return f"\\{ord(char):03o}" if char < " " or char == "\x7f" else char


# Explanations and counts --------------------------------------------------------------------------


class Explained(NamedTuple):
    """One block's fate: ``kept``, ``removed`` or ``partly``.

    ``number`` counts blocks from 0; lines count from 1 and end at "\\n" alone, as in the diff.
    ``path`` are the elements that it stands in, None for input without elements; ``kept_by`` is the evidence
    of the user's rule that protects it, None without one.
    """

    number: int
    block: Block
    path: str | None
    first_line: int
    last_line: int
    fate: str
    removals: tuple[Removal, ...]
    kept_by: str | None

    @property
    def reason(self) -> str:
        """Which filters removed it and why, on one line; empty for a block that nothing speaks about."""
        if self.kept_by is not None:
            return escaped(f"{KEEP} {filter_name(KEEP)}: {self.kept_by}")
        return "; ".join(label(removal) for removal in self.removals)


def explain(page: Page) -> Iterator[Explained]:
    """Every block, in page order, with what happened to it."""
    line, at = 1, 0
    for index, (block, removals) in enumerate(page.fates()):
        line += page.source.count("\n", at, block.start)
        last = line + page.source.count("\n", block.start, block.end)
        fate = "kept" if not removals else "removed" if page.is_gone(index) else "partly"
        path = path_of(page, index)
        yield Explained(index, block, path, line, last, fate, removals, page.protected.get(index))
        line, at = last, block.end


class Tally(NamedTuple):
    """What one filter removed: blocks touched, code points, and their share of all blocks' code points."""

    filter: str
    name: str
    blocks: int
    chars: int
    share: float


def tally(pages: Page | Iterable[Page]) -> tuple[Tally, ...]:
    """What each filter removed from the pages, most code points first; filters that removed nothing are left out."""
    blocks: dict[str, int] = {}
    chars: dict[str, int] = {}
    total = 0
    for page in (pages,) if isinstance(pages, Page) else pages:
        total += sum(block.end - block.start for block in page.blocks)
        for code, _ in {(removal.filter, removal.block): None for removal in page.removals}:
            blocks[code] = blocks.get(code, 0) + 1
        for removal in page.removals:
            chars[removal.filter] = chars.get(removal.filter, 0) + removal.end - removal.start
    order = sorted(chars, key=lambda code: (-chars[code], code))
    return tuple(Tally(code, filter_name(code), blocks[code], chars[code], chars[code] / total) for code in order)


# The account and the way back ---------------------------------------------------------------------


def account(result: CleanResult, *, name: str | None = None, source: Decoded | None = None) -> dict[str, object]:
    """The whole result as JSON can hold it: clean text, facts, every removal with its text.

    Of Markdown, ``text`` is without its markup and ``markdown`` with it. With the account and the clean text, which is
    what stays of the source itself, ``restore`` gives the source back. ``name`` and ``source`` stand in
    for the result's own, ``source`` for callers that decoded the bytes themselves.
    """
    page, facts = result.page, result.metadata
    return {
        "cleaner": cleaner.__version__,
        "schema": SCHEMA,
        "name": name if name is not None else result.name,
        "url": page.url,
        "format": page.format,
        "title": facts.get("title"),
        "language": facts.get("language"),
        "metadata": dict(sorted(facts.items())),
        "text": result.text,
        **({"markdown": page.text} if page.format == "markdown" else {}),
        "sha256": _digest(_utf8(page.text)),
        "removals": list(_removals(page)),
        "warnings": list(result.warnings),
        "source": _source_facts(page, source or result.decoded),
    }


def _removals(page: Page) -> Iterator[dict[str, object]]:
    source, line, at = page.source, 1, 0
    for start, end, removal in page.cuts:
        line += source.count("\n", at, removal.start)
        at = removal.start
        yield {
            "filter": removal.filter,
            "name": filter_name(removal.filter),
            "evidence": removal.evidence,
            "block": removal.block,
            **({"path": path} if (path := path_of(page, removal.block)) is not None else {}),
            "line": line,
            "start": removal.start,
            "end": removal.end,
            "text": source[removal.start : removal.end],
            "cut": {
                "start": start,
                "end": end,
                "before": source[start : removal.start],
                "after": source[removal.end : end],
            },
        }


def _source_facts(page: Page, decoded: Decoded | None) -> dict[str, object]:
    data = encode(decoded) if decoded else _utf8(page.source)
    newlines: dict[str, int] = {}
    for match in LINE_BREAK.finditer(page.source):
        key = _NAMES_NEWLINES.get(match[0], "other")
        newlines[key] = newlines.get(key, 0) + 1
    return {
        "encoding": decoded.encoding if decoded else None,
        "bom": decoded.bom.hex() if decoded else "",
        "bytes": len(data),
        "characters": len(page.source),
        "newlines": newlines,
        "final_newline": page.source.endswith(("\n", "\r")),
        "undecodable": [[number, lost.hex()] for number, lost in decoded.patches] if decoded else [],
        "raw": base64.b64encode(decoded.raw).decode() if decoded and decoded.raw is not None else None,
        "sha256": _digest(data),
    }


class AccountError(ReadError):
    """An account is none, is damaged, or no way leads back from it."""


def restore(clean: str | bytes, account: object) -> bytes:
    """The source, byte for byte, of a clean text, or its UTF-8 as it was written, and its account.

    Raises ReadError when the text was edited or belongs to another account; AccountError, which is one,
    when the account is none or damaged, and for HTML, whose clean text does not contain its markup.
    """
    clean = _utf8(clean) if isinstance(clean, str) else clean
    table = _table(account, "")
    if table.get("schema") != SCHEMA:
        raise AccountError(
            f"not an account that this version reads: schema {table.get('schema')!r} instead of {SCHEMA}; "
            "give the file that --audit wrote"
        )
    if table.get("format") == "html":
        raise AccountError("the page was HTML; only text and Markdown can be restored")
    if _digest(clean) != table.get("sha256"):
        if table.get("format") == "markdown" and clean == str(table.get("text")).encode("utf-8", "replace"):
            raise ReadError(
                "the clean text is without its markup; give the Markdown, as it is written without --to text"
            )
        raise ReadError("the clean text is not the one of this account: it was edited since, or another page's")
    try:
        data = _restored(clean.decode("utf-8", "surrogatepass"), table)
    except (KeyError, TypeError, ValueError, LookupError) as error:
        raise AccountError(f"the account is damaged: {type(error).__name__}: {error}") from None
    if _digest(data) != _table(table["source"], "source").get("sha256"):
        raise AccountError("the account is damaged: its removals do not lead back to the source")
    return data


def _restored(text: str, table: dict[str, object]) -> bytes:
    facts = _table(table["source"], "source")
    raw, encoding = facts["raw"], facts["encoding"]
    if raw is not None:
        return base64.b64decode(str(raw), validate=True)
    source = "".join(_pieces(text, table["removals"]))
    if encoding is None:
        return _utf8(source)
    patches = tuple((int(number), bytes.fromhex(lost)) for number, lost in _list(facts["undecodable"]))
    return encode(Decoded(source, str(encoding), bytes.fromhex(str(facts["bom"])), patches))


def _pieces(text: str, removals: object) -> Iterator[str]:
    """The source in pieces: what stayed, and what went between."""
    at = cut_end = 0
    for removal in map(_table, _list(removals), ("removals",) * len(_list(removals))):
        cut = _table(removal["cut"], "cut")
        until = at + int(str(cut["start"])) - cut_end
        yield text[at:until]
        yield f"{cut['before']}{removal['text']}{cut['after']}"
        at, cut_end = until, int(str(cut["end"]))
    yield text[at:]


def _table(value: object, key: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise AccountError(
            f'not an account: "{key}" is no object' if key else "not an account: give the file that --audit wrote"
        )
    return value


def _list(value: object) -> list[list[str]]:
    if not isinstance(value, list):
        raise TypeError("a list was expected")
    return value


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _digest(data: bytes) -> str:
    return sha256(data).hexdigest()
