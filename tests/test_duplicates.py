"""Bodies, teasers and lines that come twice: which copy goes, and what may repeat."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from collections.abc import Callable

import pytest

from cleaner.filter import Filter, examples_of, whole
from cleaner.filters.duplicate_body import DUPLICATE_BODY
from cleaner.filters.duplicate_teaser import DUPLICATE_TEASER
from cleaner.filters.repeated_line import REPEATED_LINE
from cleaner.page import Page
from cleaner.pipeline import apply
from cleaner.readers.text import read_text

FILTERS = (DUPLICATE_BODY, DUPLICATE_TEASER, REPEATED_LINE)

ENGLISH = (
    'The harbour master of Port Ellery said on Tuesday that "nobody should sail" before the storm has passed.',
    "Winds of ninety kilometres an hour are expected from the north-west, with waves as high as a house - or higher.",
    "Fishermen who didn't reach the harbour in time were told to wait in the bay behind the island of Skerry.",
    'A ferry with two hundred passengers turned back at noon. "We had no choice," its captain told local radio...',
    "The lifeboat crew has been on duty since Monday morning and will stay until the service lifts its warning.",
    "Schools along the coast remain closed, and the council asks everyone to keep away from the sea wall tonight.",
)
GERMAN = (
    "Der Hafenmeister von Altensiel sagte am Dienstag, „niemand sollte auslaufen“, bevor der Sturm vorübergezogen ist.",
    "Erwartet werden Böen mit neunzig Kilometern in der Stunde aus Nordwest und Wellen, so hoch wie ein Haus.",
    "Die Fischer, die den Hafen nicht rechtzeitig erreichten, sollen in der Bucht hinter der Insel Skerroog warten.",
    "Eine Fähre mit zweihundert Fahrgästen kehrte mittags um. „Wir hatten keine Wahl“, sagte die Kapitänin im Radio.",
)
FRENCH = (
    "Le capitaine du port de Saint-Ellery a déclaré mardi que « personne ne devrait sortir » avant la fin du grain.",
    "Des rafales de quatre-vingt-dix kilomètres à l'heure sont attendues du nord-ouest, avec des vagues énormes.",
    "Les pêcheurs qui n'ont pas atteint le port à temps doivent attendre dans la baie, derrière l'île du phare.",
    "Un ferry transportant deux cents passagers a fait demi-tour à midi, a raconté sa capitaine à la radio locale.",
)
SPANISH = (
    "El capitán del puerto de Santa Elvira dijo el martes que «nadie debería zarpar» antes de que pase la tormenta.",
    "Se esperan vientos de noventa kilómetros por hora del noroeste, con olas tan altas como una casa de dos pisos.",
    "Los pescadores que no llegaron a tiempo al puerto deben esperar en la bahía, detrás de la isla del faro viejo.",
    "Un transbordador con doscientos pasajeros dio la vuelta a mediodía, contó su capitana a la radio local.",
)
CHINESE = (
    "港务局长周二表示,在暴风雨过去之前,任何船只都不应该出海,已经出海的渔民必须尽快返回港口。",
    "气象部门预计西北风时速将达到九十公里,海浪可能比两层楼还要高,沿海居民应当远离海堤。",
    "一艘载有两百名乘客的渡轮中午返航,船长对当地电台说,他们没有别的选择,只能等待天气好转。",
    "救援队从星期一早上开始值班,并将一直坚守到气象部门解除警报为止,学校也全部停课。",
)
BODIES = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH, "zh": CHINESE}
BETWEEN = "\n\nCoast Courier\n\nPictures of the week\n\n"


def page_of(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def curly(text: str) -> str:
    words = text.replace("'", "\u2019").replace(" - ", " \u2014 ").replace("...", "\u2026").split('"')
    return "".join(part + quote for part, quote in zip(words, "\u201c\u201d" * len(words), strict=False))[: len(text)]


def cleaned(text: str, *filters: Filter) -> Page:
    page = read_text(text)
    for one in filters or FILTERS:
        page = apply(one, page)
    return page


def gone_lines(page: Page) -> frozenset[int]:
    """The lines, from 0, in which a removal stands."""
    breaks = page.source.count
    return frozenset(
        line
        for removal in page.removals
        for line in range(breaks("\n", 0, removal.start), breaks("\n", 0, removal.end) + 1)
    )


@pytest.mark.parametrize("one", FILTERS, ids=lambda one: one.code)
def test_examples(one: Filter) -> None:
    for example in examples_of(one.examples):
        page = cleaned(example.text, one)
        assert gone_lines(page) == example.gone, [removal.evidence for removal in page.removals]


CHANGES: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "curly": curly,
    "capitals": str.upper,
    "spaces": lambda text: text.replace(" ", "\u00a0 "),
    "no final mark": lambda text: text.rstrip(".。"),
    "dashes": lambda text: text.replace("-", "\u2013"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("language", BODIES)
def test_second_copy_goes(language: str, change: Callable[[str], str]) -> None:
    body = BODIES[language]
    page = cleaned(page_of("Storm", *body) + BETWEEN + page_of(*map(change, body), "Contact"))
    assert page.text == page_of("Storm", *body) + BETWEEN + "Contact"
    assert {removal.filter for removal in page.removals} == {"D101"}


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
@pytest.mark.parametrize("width", [50, 72])
def test_wrapped_copy_goes(language: str, width: int) -> None:
    body = BODIES[language]
    wrapped = page_of(*(textwrap.fill(paragraph, width) for paragraph in body))
    assert cleaned(page_of(*body) + BETWEEN + wrapped + "\n").text.rstrip() == (page_of(*body) + BETWEEN).rstrip()
    assert cleaned(wrapped + BETWEEN + page_of(*body) + "\n").text.rstrip() == (wrapped + BETWEEN).rstrip()


@pytest.mark.parametrize("language", BODIES)
def test_one_copy_is_one_block(language: str) -> None:
    body = BODIES[language]
    many, one = page_of(*body), " ".join(body)
    assert cleaned(many + BETWEEN + one + "\n").text.rstrip() == (many + BETWEEN).rstrip()
    assert cleaned(one + BETWEEN + many + "\n").text.rstrip() == (one + BETWEEN).rstrip()


@pytest.mark.parametrize("language", BODIES)
def test_each_paragraph_twice_in_a_row(language: str) -> None:
    body = BODIES[language]
    twice = page_of(*(paragraph for one in body for paragraph in (one, curly(one))))
    assert cleaned(twice).text.rstrip() == page_of(*body)


def test_both_copies_in_one_block() -> None:
    body = " ".join(ENGLISH)
    page = cleaned(f"{body} {curly(body)}\n", DUPLICATE_BODY)
    assert page.text == body + "\n"
    assert [removal.evidence for removal in page.removals] == ["also in line 1"]


def test_copy_inside_a_longer_block() -> None:
    body = " ".join(ENGLISH)
    page = cleaned(page_of(*ENGLISH) + BETWEEN + f"The Courier has read this. {body} Send us your pictures now.\n")
    assert page.text == page_of(*ENGLISH) + BETWEEN + "The Courier has read this. Send us your pictures now.\n"


def test_shorter_second_copy_goes() -> None:
    page = cleaned(page_of(*ENGLISH) + BETWEEN + page_of(*ENGLISH[:3]))
    assert page.text.rstrip() == (page_of(*ENGLISH) + BETWEEN).rstrip()


def test_shorter_first_copy_goes() -> None:
    page = cleaned(page_of(*ENGLISH[:3]) + BETWEEN + page_of(*ENGLISH))
    assert page.text.split("\n\n")[-len(ENGLISH) :] == list(ENGLISH)
    assert page.text.count("harbour master") == 1


def test_cut_off_lead_goes_and_body_stays() -> None:
    lead = ENGLISH[0][:70] + "..."
    page = cleaned(page_of(lead, "Read more", "Another story of the day", *ENGLISH))
    assert page.text == page_of("Read more", "Another story of the day", *ENGLISH)
    assert [removal.evidence for removal in page.removals] == ["the first words of line 7"]


def test_few_other_words() -> None:
    other = [
        ENGLISH[0],
        ENGLISH[1].replace("as high as a house", "as tall as houses"),
        ENGLISH[2].replace("were told", "have been told"),
        *ENGLISH[3:5],
        ENGLISH[5].replace("asks everyone", "urges all people"),
    ]
    page = cleaned(page_of(*ENGLISH) + BETWEEN + page_of(*other))
    left = page.text.removeprefix(page_of(*ENGLISH) + BETWEEN.rstrip()).strip().split("\n\n")
    assert len(left) <= 3
    assert all(removal.evidence.startswith(("same as line", "9")) for removal in page.removals)


def test_evidence_names_lines() -> None:
    page = cleaned(page_of(*ENGLISH) + BETWEEN + page_of(*map(curly, ENGLISH)))
    assert [removal.evidence for removal in page.removals] == [f"same as line {1 + 2 * at}" for at in range(6)]


def test_three_copies_leave_one() -> None:
    page = cleaned((page_of(*ENGLISH) + BETWEEN) * 3)
    assert page.text.count("harbour master") == 1


STAYS = {
    "refrain": page_of(
        *(
            f"The {bird} sat in the apple tree\nand looked across the frozen sea\n\n"
            "O sing, my heart, of the long white road,\nof the wind that carries the traveller's load,\n"
            "of the lamps that burn in the windows at night,\nof the far-off harbour, the silver light."
            for bird in ("blackbird", "nightingale", "sparrow", "linnet")
        )
    ),
    "table": "\n".join(
        f"| {day} | open from nine to five o'clock | closed between noon and one | last admission at four |"
        for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Monday", "Tuesday", "Wednesday")
    ),
    "clause": page_of(
        *(
            f"{number}. {title}\n\n{text} Neither party shall be liable for any delay or failure in performing its "
            "obligations under this section where the delay or failure results from events beyond its reasonable "
            "control, provided that the other party is notified in writing without undue delay and that all "
            "reasonable steps are taken to limit the consequences."
            for number, title, text in (
                (1, "Delivery", "The supplier delivers the goods to the buyer's warehouse by the date in the order."),
                (2, "Payment", "The buyer pays each invoice within thirty days after the goods have been received."),
                (3, "Support", "The supplier answers questions about the goods on working days before noon."),
            )
        )
    ),
    "quote": page_of(
        "Alma wrote:",
        *ENGLISH[:2],
        "I agree with every word of this, but the ferry should never have left in the first place.",
        "Bruno",
        *ENGLISH[:2],
        "Thanks. I was on it, and I will not forget that day as long as I live, believe me.",
    ),
    "quote under its post": page_of(
        "Alma", *ENGLISH[:3], "Bruno", "Alma wrote:", *ENGLISH[:3], "I was on that ferry and will not forget that day."
    ),
    "form letter": page_of(
        *(
            f"Dear {name},\n\nthank you for your order number {order}, which we have received and will send to you "
            f"within three working days.\n\nYou will get a message with the number of the parcel as soon as the "
            "courier has picked it up from our warehouse in Altensiel.\n\nIf anything is missing, please write to us "
            "within two weeks, and we will make good for it at our own expense."
            for name, order in (("Anna", 1207), ("Bruno", 3391))
        )
    ),
    "recipe": page_of(
        "Melt the butter in a small pan over a low heat, and stir until it begins to smell of nuts.",
        "Cover the dough with a damp cloth and leave it to rest in a warm place for half an hour.",
        "Roll out the dough on a floured board, fold it three times and brush it with the melted butter.",
        "Cover the dough with a damp cloth and leave it to rest in a warm place for half an hour.",
        "Cut it into strips as wide as two fingers, twist each strip twice and bake until they are golden.",
    ),
    "dialogue": page_of('"Yes."', '"Yes."', '"You are sure?"', '"Yes."', '"Then go."', '"Yes."'),
    "answers": page_of(
        *(
            f"Can I {wish}?\n\nPlease write to our service team, which answers within one working day, and have the "
            "number of your order and of your customer account at hand."
            for wish in ("change my address", "cancel my order", "pay by invoice", "return a gift", "order by phone")
        )
    ),
    "litany": "\n".join(
        f"{saint}, who watches over all travellers on the sea and on the land, pray for us."
        for saint in ("Holy Brendan", "Holy Nicholas", "Holy Clement", "Holy Brendan", "Holy Nicholas", "Holy Clement")
    ),
    "prices": "\n".join(
        f"Kettle {name}\n29.90 including tax, plus shipping\nAdd to basket" for name in ("Ada", "Bea", "Cleo", "Dora")
    ),
    "code": "\n".join(
        f"def read_{name}(path):\n    with open(path, encoding='utf-8') as file:\n        for line in file:\n"
        "            yield line.rstrip('\\n').split('\\t')\n"
        for name in ("orders", "customers", "parcels", "orders_again")
    ),
    "verse line said twice": "\n".join(
        (
            "And the sea came up to the door that night",
            "and the sea came up to the door",
            "and the sea came up to the door",
            "till nobody asked for a candle or light",
            "and nobody asked any more",
        )
    ),
}


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS)
def test_stays(text: str) -> None:
    page = cleaned(text + "\n")
    assert page.removals == (), [(removal.evidence, text[removal.start : removal.end]) for removal in page.removals]


def test_copy_of_what_another_filter_took_stays() -> None:
    page = read_text(page_of(*ENGLISH) + BETWEEN + page_of(*ENGLISH))
    page = page.without(whole(page, block, "P101", "test") for block in range(len(ENGLISH)))
    assert len(apply(DUPLICATE_BODY, page).removals) == len(ENGLISH)


def near(lines: int) -> str:
    return "\n".join(f"The warehouse reports that article {at} will be delivered within a week." for at in range(lines))


GROWING: dict[str, Callable[[int], str]] = {
    "equal lines": lambda size: "The warehouse reports that this article will be delivered soon.\n" * (size // 64),
    "nearly alike lines": lambda size: near(size // 70),
    "one line": lambda size: " ".join(f"word{at * 7919 % 30011}" for at in range(size // 10)),
    "one line twice": lambda size: " ".join([" ".join(f"word{at}" for at in range(size // 20))] * 2),
    "one character": lambda size: "a" * size,
    "teasers": lambda size: "The warehouse reports that this will…\n" * (size // 40),
}


@pytest.mark.parametrize("make", GROWING.values(), ids=GROWING)
def test_time_is_linear(make: Callable[[int], str]) -> None:
    seconds = []
    for size in (50_000, 400_000):
        page = read_text(make(size))
        cleaned(page.source[:1000])
        start = time.process_time()
        for one in FILTERS:
            apply(one, page)
        seconds.append(time.process_time() - start)
    assert seconds[1] < 8 * 5 * seconds[0] + 0.5  # 64 times as long were quadratic; machines stumble


def test_same_in_every_process() -> None:
    text = page_of(*ENGLISH) + BETWEEN + page_of(*reversed(ENGLISH)) + BETWEEN + page_of(*GERMAN, *GERMAN)
    script = (
        "import sys; from tests.test_duplicates import cleaned\n"
        "print([(*removal[:4], str(removal.reason)) for removal in cleaned(sys.stdin.read()).removals])"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", script], input=text, capture_output=True, text=True, check=True, env=environment
        ).stdout
        for environment in ({"PYTHONHASHSEED": "1", "PYTHONPATH": "."}, {"PYTHONHASHSEED": "2", "PYTHONPATH": "."})
    }
    assert len(runs) == 1
