"""What must hold for every page: one fate a character, a way back, a true diff."""

from __future__ import annotations

import gc
import json
import os
import pickle
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import cleaner
from cleaner.audit import account, hunks, restore, rows, unified_diff
from cleaner.page import LINE_BREAK, Block, Page, Removal
from cleaner.pipeline import CleanResult, clean, clean_many
from cleaner.readers.encoding import decode

PATCH = shutil.which("patch")
BREAKS = ("\n", "\n\n", "\r\n", "\r", "\u2028", "\x0c", "\n \n", "\r\n\r\n", "\u2029", "\x85")
WORDS = (
    "Home",
    "Über uns",
    "--- x",
    "+++ y",
    "@@ -1 +1 @@",
    "新闻",
    "\\ No newline",
    "é\u0301",
    "a b  c",
    "[12]see",
    "\ufeff",
    ".",
)
SPACES = ("", "", " ", "    ", "\t", "\u00a0")


@st.composite
def pages(draw: st.DrawFn) -> Page:
    """A page with random lines, some blocks of several lines, and random removals, whole and partial."""
    source, blocks = draw(st.sampled_from(("", "\n", "  ", "\r\n\n"))), []
    for _ in range(draw(st.integers(1, 9))):
        lines = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3))
        text = draw(st.sampled_from((" ", "  ", *BREAKS))).join(lines).strip()
        source += draw(st.sampled_from(SPACES))
        blocks.append(Block(text, "paragraph", len(source), len(source) + len(text)))
        source += text + draw(st.sampled_from((" ", *SPACES[3:], *BREAKS, *BREAKS)))
    if draw(st.booleans()):
        source = source.rstrip()
    page = Page(source, blocks)
    for code in ("N101", "P102"):
        page = page.without(draw(removals_of(page, code)))
    return page


@st.composite
def removals_of(draw: st.DrawFn, page: Page, code: str) -> list[Removal]:
    found = []
    for index in range(len(page.blocks)):
        for span in page.standing(index):
            start = draw(st.integers(span.start, span.end - 1)) if draw(st.booleans()) else span.start
            end = draw(st.integers(start + 1, span.end)) if draw(st.booleans()) else span.end
            piece = page.source[start:end]
            if piece.strip() and draw(st.booleans()):
                start, end = end - len(piece.lstrip()), start + len(piece.rstrip())
                found.append(Removal(index, start, end, code, 'said\n"so"\x1b[31m'))
    return found


@given(pages())
@settings(max_examples=150)
def test_every_character_of_a_block_has_one_fate(page: Page) -> None:
    fate = [1] * len(page.source)
    for start, end, _ in page.cuts:
        for offset in range(start, end):
            fate[offset] -= 1
    for removal in page.removals:
        for offset in range(removal.start, removal.end):
            fate[offset] += 1
    assert all(count == 1 or (count == 0 and char.isspace()) for count, char in zip(fate, page.source, strict=True))


@given(pages())
@settings(max_examples=150)
def test_cuts_are_disjoint_in_order_and_hold_their_removal(page: Page) -> None:
    at = 0
    for start, end, removal in page.cuts:
        assert at <= start <= removal.start < removal.end <= end <= len(page.source)
        around = page.source[start : removal.start] + page.source[removal.end : end]
        assert not around.strip()
        at = end
    assert len(page.cuts) == len(page.removals)


def kept_lines(page: Page) -> list[str]:
    """What is left of each source line, by its place; nothing for lines of which nothing is left."""
    marked = list(page.source)
    for removal in page.removals:
        marked[removal.start : removal.end] = ["\0"] * (removal.end - removal.start)
    lines = LINE_BREAK.split("".join(marked))
    return [words for line in lines if (words := " ".join(line.replace("\0", " ").split()))]


@given(pages())
@settings(max_examples=200)
def test_what_stays_of_two_lines_never_grows_together(page: Page) -> None:
    def bare(lines: list[str]) -> list[str]:
        return ["".join(line.split()) for line in lines if line.strip()]

    inner = [r for r in page.removals if LINE_BREAK.search(page.source, r.start, r.end)]
    if not inner:
        assert bare(LINE_BREAK.split(page.text)) == bare(kept_lines(page))


def patched(folder: Path, source: bytes, diff: bytes) -> bytes:
    """What the real GNU patch makes of a file; it may guess at nothing."""
    raw, patch, out = folder / "raw.txt", folder / "raw.diff", folder / "out.txt"
    raw.write_bytes(source)
    patch.write_bytes(diff)
    out.unlink(missing_ok=True)
    done = subprocess.run(
        [str(PATCH), "-o", str(out), str(raw), str(patch)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "offset" not in done.stdout
    assert "fuzz" not in done.stdout
    return out.read_bytes()


@pytest.mark.skipif(PATCH is None, reason="needs the program patch")
@given(pages(), st.integers(0, 4), st.booleans())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_patch_turns_source_into_clean_text(tmp_path: Path, page: Page, context: int, bom: bool) -> None:
    diff = "".join(unified_diff(page, "raw.txt", "clean.txt", context, bom=bom)).encode()
    if not page.removals and not bom:
        assert not diff
    else:
        assert patched(tmp_path, page.source.encode("utf-8-sig" if bom else "utf-8"), diff) == page.text.encode()


@given(pages(), st.integers(0, 3), st.booleans())
def test_hunks_are_disjoint_and_name_each_removal_once(page: Page, context: int, patchable: bool) -> None:
    at, named = 0, []
    for hunk in hunks(page, context, patchable=patchable):
        assert hunk.old_start > at
        at = hunk.old_start + hunk.old_count - 1
        named += hunk.removals
        assert "\n" not in hunk.heading
        assert "\x1b" not in hunk.heading
    assert named == [cut.removal for cut in page.cuts]


@given(pages())
def test_rows_hold_both_sides(page: Page) -> None:
    table = list(rows(page))
    numbers = [row.number for row in table if row.old is not None]
    assert numbers == list(range(1, page.source.count("\n") + (not page.source.endswith("\n")) + 1))
    assert [row.new for row in table if row.new is not None] == [
        line.removesuffix("\r") for line in page.text.removesuffix("\n").split("\n") if page.text
    ]


@given(pages())
def test_restore_gives_a_text_back(page: Page) -> None:
    result = CleanResult(page)
    saved = json.loads(json.dumps(account(result)))
    assert restore(result.text.encode(), saved) == page.source.encode()


ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-be",
    "utf-32",
    "cp1252",
    "cp1251",
    "shift_jis",
    "gb18030",
    "iso2022_jp",
)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    words = draw(st.lists(st.sampled_from(("Home", "Größe", "новости", "東京です", "Menu", "Text.")), max_size=20))
    text = draw(st.sampled_from(BREAKS[:4])).join(words)
    data = text.encode(draw(st.sampled_from(ENCODINGS)), "ignore")
    at = draw(st.integers(0, len(data)))
    return (
        data[:at]
        + draw(st.sampled_from((b"", b"\xff", b"\xc3", b"\x81\xfe", b"\xef\xbf\xbd\xff", b"\x00")))
        + data[at:]
    )


@given(files())
@settings(max_examples=150)
@example(b"")
@example(b"\xef\xbb\xbf")
@example(b"\xff\xfea")
@example(b"\x1b$B\x1b(B\x1b(BHome")
def test_restore_gives_bytes_back(data: bytes) -> None:
    try:
        result = clean(data, format="text")
    except cleaner.ReadError:
        return
    blocks = [Removal(i, b.start, b.end, "N101", "odd") for i, b in enumerate(result.page.blocks) if i % 2]
    page = Page(result.page.source, result.page.blocks).without(blocks)
    result = CleanResult(page, decoded=decode(data))
    saved = json.loads(json.dumps(account(result)))
    assert restore(result.text.encode("utf-8"), saved) == data


FIXTURES = sorted((Path(__file__).parent.parent / "fixtures").glob("*/source.txt"))


PAGE = "Home\n\nThe mayor said on Monday that the bridge would open again in spring.\n\nShare\n\nBuy now\n"


def test_threads_and_runs_agree() -> None:
    once = json.dumps(account(clean(PAGE)))
    with ThreadPoolExecutor(8) as pool:
        assert {json.dumps(account(result)) for result in pool.map(clean, [PAGE] * 64)} == {once}


def test_result_pickles_with_its_ledger() -> None:
    result = clean(PAGE.encode(), config=cleaner.Config(drop=("Buy",)))
    again = pickle.loads(pickle.dumps(result))
    assert (again.text, again.removals, again.metadata) == (result.text, result.removals, result.metadata)


def test_hash_seed_changes_nothing() -> None:
    code = "import cleaner, json, sys; [print(json.dumps(cleaner.account(cleaner.clean(open(one, 'rb').read(), "
    code += "format='text')))) for one in sys.argv[1:]]"
    told = {
        subprocess.run(
            [sys.executable, "-c", code, *map(str, FIXTURES)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(told) == 1


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.parent.name)
def test_fixtures_restore_and_patch(path: Path, tmp_path: Path) -> None:
    result = clean(path.read_bytes(), format="text", name=path.name)
    clean_bytes = result.text.encode()
    assert restore(clean_bytes, account(result)) == path.read_bytes()
    if result.removals and result.decoded and result.decoded.encoding == "utf-8" and PATCH:
        diff = "".join(unified_diff(result.page, bom=bool(result.decoded.bom)))
        assert patched(tmp_path, path.read_bytes(), diff.encode()) == clean_bytes


def test_many_pages_stream_in_order() -> None:
    taken = []

    def source():
        for number in range(3):
            taken.append(number)
            yield f"page{number}.txt", f"Page {number} says something."

    results = clean_many(source())
    assert next(results).name == "page0.txt"
    assert taken == [0]
    assert [result.text for result in results] == ["Page 1 says something.", "Page 2 says something."]


def test_a_page_that_cannot_be_read_does_not_stop_the_others() -> None:
    binary, told = b"\x7fELF\x00\x01\x02", []
    items = ["Plain text.", binary, "More text."]
    results = list(clean_many(items, on_error=lambda item, error: told.append((item, str(error)))))
    assert [result.text for result in results] == ["Plain text.", "More text."]
    assert told == [(binary, "not text but a program")]
    with pytest.raises(cleaner.ReadError):
        list(clean_many(items))


@pytest.mark.parametrize("page", ["ab", b"ab", bytearray(b"ab")])
def test_one_page_is_not_taken_for_many(page: Any) -> None:
    with pytest.raises(TypeError, match=r"several pages are needed, .* clean\(\) takes one"):
        clean_many(page)


@pytest.mark.parametrize("config", [{}, {"skip": ["P"]}, "cleaner.toml", ("P",)])
def test_choices_that_are_no_config_are_refused(config: Any) -> None:
    for call in (clean, lambda page, **options: clean_many([page], **options)):
        with pytest.raises(cleaner.UsageError, match="config: a Config is needed"):
            call("Home\n", config=config)


def test_an_emptied_page_says_so() -> None:
    assert clean("").warnings == ("the page is empty",)
    config = cleaner.Config(drop=("Gone",))
    assert "nothing is left: the only block was removed" in clean("Gone", config=config).warnings
    assert "nothing is left: all 2 blocks were removed" in clean("Gone\n\nGone", config=config).warnings


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"One \0 here.\n", "1 NUL character is in the text"),
        (b"One \0\0 here.\n", "2 NUL characters are in the text"),
        (b"One \xff here.\n", "1 byte is not utf-8; it stands as U+FFFD"),
        (b"One \xff\xff here.\n", "2 bytes are not utf-8; they stand as U+FFFD"),
    ],
)
def test_what_bytes_hold_is_said(data: bytes, said: str) -> None:
    assert clean(data, encoding="utf-8").warnings == (said,)


@pytest.mark.parametrize("name", ["news-doubled-en/source.txt", "html-docs-en/source.html"])
def test_cleaning_makes_no_cycles_and_leaves_the_collector_as_it_was(name: str) -> None:
    data = (Path(__file__).parent.parent / "fixtures" / name).read_bytes()
    clean(data)
    gc.collect()
    assert gc.isenabled()
    gc.disable()
    try:
        clean(data)
        assert gc.collect() == 0, "the collector is paused while a page is cleaned, so that cycles would pile up"
        assert not gc.isenabled()
    finally:
        gc.enable()
    with pytest.raises(cleaner.ReadError):
        clean(b"\x7fELF" + bytes(range(256)) * 9)
    assert gc.isenabled()


def test_the_garbage_collector_runs_again_after_pages_in_several_threads() -> None:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(10):
            with ThreadPoolExecutor(8) as threads:
                list(threads.map(lambda _: clean("One sentence is enough.\n"), range(40)))
            assert gc.isenabled()
    finally:
        sys.setswitchinterval(interval)


def test_the_garbage_collector_stays_off_where_it_was_off() -> None:
    gc.disable()
    try:
        clean("One sentence is enough.\n")
        assert not gc.isenabled()
    finally:
        gc.enable()
