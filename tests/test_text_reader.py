"""The text reader: which lines become one block, in the four layouts that flattened pages have."""

from __future__ import annotations

import re
import textwrap
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.page import Block
from cleaner.readers.text import read_text

PROSE = {
    "en": "The ferry to Skerry Point sails again from Monday, and the harbour office expects a queue that "
    "reaches back to the fish market before the first crossing leaves at seven in the morning.",
    "de": "Die Fähre nach Norderwarft fährt ab Montag wieder, und das Hafenamt rechnet mit einer Schlange, "
    "die bis zum Fischmarkt zurückreicht, bevor um sieben Uhr das erste Schiff ablegt und die Inseln ansteuert.",
    "fr": "Le bac pour l'île aux Mouettes reprend la mer lundi, et la capitainerie attend une file qui remonte "
    "jusqu'au marché aux poissons avant le premier départ, prévu à sept heures du matin si le vent tombe.",
    "es": "El transbordador a Punta Gaviota vuelve a navegar desde el lunes, y la capitanía espera una cola que "
    "llegue hasta la lonja antes de que zarpe el primer barco a las siete de la mañana con los vecinos del barrio.",
    "ru": "Паром на остров Чаячий снова ходит с понедельника, и портовая служба ждёт очередь, которая дотянется "
    "до рыбного рынка ещё до первого рейса, назначенного на семь часов утра, если стихнет северный ветер.",
}
JAPANESE = (
    "港の渡し船は月曜日から運航を再開する。朝七時の始発を前に魚市場まで"
    "列が延びると港湾事務所は見ており、早めの来場を呼びかけている。"
)
MENU = "Home\nNews\nWeather and tides\nHarbour\nContact us\nLog in"


def folded(text: str) -> list[str]:
    """The blocks of a text, each in one line."""
    return [" ".join(block.text.split()) for block in read_text(text).blocks]


def kinds(text: str) -> list[str]:
    return [block.kind for block in read_text(text).blocks]


def wrapped(text: str, columns: int, indent: str = "") -> str:
    return textwrap.fill(text, columns, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


# One block a line


def test_each_line_of_a_menu_is_a_block() -> None:
    assert folded(MENU) == MENU.split("\n")


def test_long_lines_without_blank_lines_between_stay_apart() -> None:
    text = "\n".join(PROSE.values())
    assert folded(text) == list(PROSE.values())


def test_indented_lines_are_no_code_and_stay_apart() -> None:
    text = "      Harbour news\n          Ferry sails again\n          Market closes early\n        Read on\n"
    assert folded(text) == ["Harbour news", "Ferry sails again", "Market closes early", "Read on"]
    assert set(kinds(text)) == {"paragraph"}


def test_a_headline_and_its_teaser_stay_apart() -> None:
    text = f"Ferry sails again\n{PROSE['en']}\nMarket closes early\n{PROSE['de']}"
    assert folded(text) == ["Ferry sails again", PROSE["en"], "Market closes early", PROSE["de"]]


# Hard-wrapped


@pytest.mark.parametrize("columns", [60, 66, 72, 80, 100])
@pytest.mark.parametrize("language", PROSE)
def test_a_wrapped_paragraph_is_one_block_with_its_line_breaks(language: str, columns: int) -> None:
    text = wrapped(f"{PROSE[language]} {PROSE[language]}", columns)
    (block,) = read_text(text).blocks
    assert block == Block(text, "paragraph", 0, len(text))


@pytest.mark.parametrize("language", PROSE)
def test_wrapped_paragraphs_under_a_heading_without_blank_lines(language: str) -> None:
    prose = PROSE[language]
    page = f"{MENU}\n\nSkerry Point\n{wrapped(prose, 72)}\n\n{wrapped(prose, 72)}\n\n(c) Harbour office\n"
    assert folded(page) == [*MENU.split("\n"), "Skerry Point", prose, prose, "(c) Harbour office"]


def test_lynx_indents_its_paragraphs_and_lets_headings_run_wider() -> None:
    heading = "Ferry to Skerry Point sails again after a winter of repairs and of many\nbroken promises"
    page = f"{heading}\n\n{wrapped(PROSE['en'], 74, '   ')}\n\n{wrapped(PROSE['en'], 74, '   ')}\n"
    assert folded(page) == [" ".join(heading.split()), PROSE["en"], PROSE["en"]]


def test_ideographs_wrap_anywhere_and_take_two_columns() -> None:
    lines = [JAPANESE[at : at + 20] for at in range(0, len(JAPANESE), 20)]
    (block,) = read_text("\n".join(lines)).blocks
    assert block.text.split("\n") == lines


def test_justified_text_is_no_table() -> None:
    paragraph = (
        "       skerry  prints  the tides of a port for the coming week.  It reads\n"
        "       the  tables  from  the  folder  that  is  named first and computes\n"
        "       what  is  missing,  which takes a while on an old machine; nobody\n"
        "       has complained so far.\n"
    )
    paragraph = paragraph.replace("       what  is  missing,", "       what  is  missing, ")
    page = f"NAME\n       skerry - tides of a port\n\nDESCRIPTION\n{paragraph}\n{paragraph}"
    texts = [block.text for block in read_text(page).blocks]
    assert texts == ["NAME", "skerry - tides of a port", "DESCRIPTION", paragraph.strip(), paragraph.strip()]


def test_one_copy_wrapped_and_the_other_not() -> None:
    prose = PROSE["en"]
    assert folded(f"{prose}\n\n{wrapped(prose, 72)}\n\n{prose}") == [prose, prose, prose]


def test_the_lines_of_a_wrapped_item_belong_to_it() -> None:
    page = (
        "Bring to the crossing:\n\n"
        "  • a ticket for every person and for every bicycle, which the office sells\n"
        "    until half past six on the quay\n"
        "  • warm clothes\n"
        "  • a thermos\n"
        "  1. The gate opens when the flag is up, and not before, whatever the man in\n"
        "     the yellow coat says\n"
        "  2. The gate closes\n"
    )
    blocks = read_text(page).blocks
    assert [block.kind for block in blocks] == ["paragraph", *["item"] * 5]
    assert blocks[1].text.endswith("on the quay")
    assert blocks[4].text.endswith("coat says")


@pytest.mark.parametrize(
    "lines",
    [
        "O grey old gull upon the mast,\nWhat did the winter say to thee?\nThat every storm is soon gone past,\n"
        "And every boat goes home to sea.",
        "Harbour Office\n12 Net Lane\nSkerry Point SK4 2PQ\nTelephone 555 0142",
        "Tides\nWebcams\nTimetable and fares for summer\nLost property office",
    ],
    ids=["verse", "address", "menu"],
)
def test_short_lines_on_a_wrapped_page_stay_apart(lines: str) -> None:
    prose = wrapped(PROSE["en"], 72)
    assert folded(f"{prose}\n\n{lines}\n\n{prose}") == [PROSE["en"], *lines.split("\n"), PROSE["en"]]


def test_a_drawn_rule_stands_apart_from_the_lines_beside_it() -> None:
    """w3m draws one over the whole width, so that no first word of a next line would have fitted."""
    rule = "\u2501" * 79
    prose = wrapped(PROSE["en"] + " " + PROSE["en"], 79)
    lines = f"Carson of the Harbour Hurricanes throws a pass on the northern quay\n{rule}\n\n{rule}\nGet the news"
    assert folded(f"{prose}\n\n{lines}\n")[1:] == [
        "Carson of the Harbour Hurricanes throws a pass on the northern quay",
        rule,
        rule,
        "Get the news",
    ]


def test_a_link_under_a_full_last_line_stays_apart() -> None:
    paragraph = (
        "The ferry sails again from Monday and the harbour office expects a queue\n"
        "that reaches back to the fish market before the first crossing leaves on\n"
        "the tide at seven; the second one follows at noon, says its old captain.\n"
    )
    assert folded(f"{paragraph}Read the whole story\n\n{paragraph}")[1] == "Read the whole story"


# One text node a line


@pytest.mark.parametrize(
    "pieces",
    [
        ["Learn more about", "Acme Cloud", ", a suite of tools that nobody asked for."],
        ["The office sells tickets", "until half past six", ", and the machine on the", "quay", "never closes."],
        ["Die Karten gibt es im", "Hafenamt", ", und der Automat am", "Kai", "schließt nie."],
        ["Les billets sont vendus par la", "capitainerie", ", et le distributeur du", "quai", "ne ferme jamais."],
        ["Los billetes se venden en la", "capitanía", ", y la máquina del", "muelle", "no cierra nunca."],
        ["Билеты теперь продаёт", "портовая служба", ", а автомат на", "причале", "не закрывается никогда."],
        ["切符は", "港湾事務所", "、または桟橋の", "自動券売機", "。"],
    ],
    ids=["en-name", "en", "de", "fr", "es", "ru", "ja"],
)
def test_a_sentence_broken_at_its_links_is_one_block(pieces: list[str]) -> None:
    before, after = "Harbour news", "Read next"
    blocks = read_text("\n".join([before, *pieces, after])).blocks
    joined = [block.text for block in blocks]
    assert joined[0] == before
    assert joined[-1] == after
    if pieces[0] != "切符は":  # nothing but the words themselves says that this one is open
        assert joined[1:-1] == ["\n".join(pieces)]
    else:
        assert joined[1:-1] == ["切符は", "港湾事務所\n、または桟橋の", "自動券売機\n。"]


def test_a_heading_is_not_joined_to_the_broken_paragraph_under_it() -> None:
    page = (
        "How the winter went for those who stayed behind\n"
        "When it comes to\nferry repairs\n, nobody on the island is in a hurry at all.\nTides\nWebcams"
    )
    assert folded(page) == [
        "How the winter went for those who stayed behind",
        "When it comes to ferry repairs , nobody on the island is in a hurry at all.",
        "Tides",
        "Webcams",
    ]


def test_a_list_of_tags_is_not_joined_to_the_teaser_above_it() -> None:
    page = "The board\n, after a long night, agrees with the Captain of Skerry\nferry\nharbour\ntides\nboats"
    assert folded(page)[-4:] == ["ferry", "harbour", "tides", "boats"]


def test_menus_and_captions_beside_broken_sentences_stay_apart() -> None:
    page = f"{MENU}\nRead with us the\nfirst part\n, too.\n226 Net Lane, Skerry Point\n(555) 0142\n{MENU}"
    menu = MENU.split("\n")
    assert folded(page) == [
        *menu,
        "Read with us the first part , too.",
        "226 Net Lane, Skerry Point",
        "(555) 0142",
        *menu,
    ]


# What a layout shows of the kind


def test_code_stays_line_by_line() -> None:
    code = "int main(void) {\n    int tide = 3;\n    return tide;\n}"
    assert kinds(f"{PROSE['en']}\n\n{code}\n\n{PROSE['en']}") == ["paragraph", *["code"] * 4, "paragraph"]


@pytest.mark.parametrize(
    "table",
    [
        "Port          Leaves   Arrives\nSkerry Point  07:00    08:10\nNet Lane      12:30    13:40",
        "| port | leaves | arrives |\n| Skerry Point | 07:00 | 08:10 |\n| Net Lane | 12:30 | 13:40 |",
        "port\tleaves\tarrives\nSkerry Point\t07:00\t08:10\nNet Lane\t12:30\t13:40",
    ],
    ids=["spaces", "bars", "tabs"],
)
def test_a_row_of_a_table_is_a_block(table: str) -> None:
    assert kinds(f"{wrapped(PROSE['en'], 72)}\n\n{table}\n\nEnd") == ["paragraph", *["table"] * 3, "paragraph"]


def test_two_spaces_after_a_full_stop_are_no_columns() -> None:
    text = "The ferry sails.  The gull sits.\nThe captain sleeps.  The tide turns.\nNobody minds.  It is Monday."
    assert set(kinds(text)) == {"paragraph"}


def test_a_quoted_letter_is_a_quote() -> None:
    quoted = "\n".join("> " + line for line in wrapped(PROSE["en"], 70).split("\n"))
    blocks = read_text(f"{wrapped(PROSE['de'], 72)}\n\n{quoted}\n").blocks
    assert [block.kind for block in blocks] == ["paragraph", "quote"]


# lynx


LYNX = """\
   #[1]Harbour news feed [2]Comments feed

   [3]Topics [4]Tides
   (BUTTON) Menu

   The ferry sails again, the office said in a note [1] that it pinned to
   the [5]gate.

References

   1. https://harbour.example/feed
   2. https://harbour.example/comments
   3. https://harbour.example/topics
   4. https://harbour.example/tides
   5. https://harbour.example/gate
"""


def test_the_masked_copy_of_a_lynx_page_has_spaces_for_its_link_numbers() -> None:
    masked = read_text(LYNX).shared["masked"]
    assert isinstance(masked, str)
    assert len(masked) == len(LYNX)
    assert masked.split()[:5] == ["#", "Harbour", "news", "feed", "Comments"]
    assert "BUTTON" not in masked
    assert re.findall(r"\[\d\]", masked) == ["[1]"]  # the author's own


def test_footnotes_of_an_encyclopedia_are_no_link_numbers() -> None:
    text = "".join(f"Fact number {n} is well known.[{n}] " for n in range(1, 40))
    assert "masked" not in read_text(f"{text}\n\nReferences\n\n[1] A book\n[2] Another\n").shared


def test_link_numbers_are_known_without_the_closing_list() -> None:
    menu = "\n".join(f"   [{number}]Topic of the day" for number in range(1, 12))
    masked = read_text(f"{menu}\n\n{PROSE['en']}\n").shared["masked"]
    assert isinstance(masked, str)
    assert "[" not in masked


# What holds for every text


PIECES = [
    *"aB,.•港- [1]()",
    " ",
    "  ",
    "\n",
    "\n",
    "\n\n",
    "\r\n",
    "\u2028",
    "\x85",
    "\x1c",
    "\u3000",
    "\nand ",
    "word " * 12,
]


@given(st.lists(st.sampled_from(PIECES) | st.characters(exclude_categories=["Cs"]), max_size=80).map("".join))
def test_blocks_lie_in_order_with_white_space_between(text: str) -> None:
    at = 0
    for block in read_text(text).blocks:
        assert block.text == text[block.start : block.end]
        assert block.text
        assert block.text.strip() == block.text
        assert not text[at : block.start].strip()
        at = block.end
    assert not text[at:].strip()


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
def test_every_kind_of_line_break(newline: str) -> None:
    page = f"{MENU}\n\n{wrapped(PROSE['en'], 72)}\n".replace("\n", newline)
    assert folded(page) == [*MENU.split("\n"), PROSE["en"]]


@pytest.mark.parametrize(
    "unit",
    ["x", "港", "word ", "ab\n", "\n", "_", "[ ]", "[1]a ", ", a\n", "a   ", f"{wrapped(PROSE['en'], 72)}\n"],
)
def test_time_is_in_proportion_to_length(unit: str) -> None:
    def seconds(chars: int) -> float:
        text = unit * (chars // len(unit))
        runs = []
        for _ in range(3):
            start = time.process_time()
            read_text(text)
            runs.append(time.process_time() - start)
        return min(runs)

    assert seconds(800_000) < 32 * seconds(100_000) + 0.5  # 64 times as long were quadratic; machines stumble
