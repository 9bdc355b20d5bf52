"""Tables of contents, notes of a site's software, and the lines beside a forum's posts."""

from __future__ import annotations

import pytest

import cleaner
from cleaner.config import Config

PROSE = (
    "The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.",
    "The pilots, who pay no fees, were not asked, and their speaker said that they had not expected to be.",
    "A boat of ten metres will pay two crowns a night more, which is the price of the soup at the quay.",
    "The treasurer said that the money is meant for the crane, which has not been painted since it was built.",
)
HEADINGS = ("What the board said", "What the pilots said", "What it costs", "What it is for")


def kept(source: str, *codes: str, format: str = "text") -> str:
    return cleaner.clean(source, format=format, config=Config(only=codes)).text


def removed(source: str, code: str, format: str = "text") -> list[str]:
    page = cleaner.clean(source, format=format, config=Config(only=(code,))).page
    return [page.source[one.start : one.end] for one in page.removals]


def html(*entries: str, heading: str = "h2") -> str:
    listed = "".join(f'<li><a href="#{at}">{entry}</a></li>' for at, entry in enumerate(entries))
    sections = "".join(f"<{heading}>{one}</{heading}><p>{text}</p>" for one, text in zip(HEADINGS, PROSE, strict=True))
    return f"<html><body><main><h1>Mooring fees</h1><p>{PROSE[0]}</p><ul>{listed}</ul>{sections}</main></body></html>"


def test_contents_in_html_list_its_headings() -> None:
    text = kept(html(*HEADINGS), "D104", format="html")
    assert [text.count(one) for one in HEADINGS] == [1, 1, 1, 1]
    assert text.index(HEADINGS[0]) < text.index(PROSE[1])


@pytest.mark.parametrize(
    "source",
    [
        html(*HEADINGS, heading="p"),  # the same lines, but no headings
        html(*HEADINGS[:3]),  # too few without a label
        html(*reversed(HEADINGS)),  # in another order
    ],
)
def test_other_lists_stay(source: str) -> None:
    assert not removed(source, "D104", format="html")


@pytest.mark.parametrize(
    ("label", "text"),
    [
        ("Table of contents", PROSE[0]),
        ("Inhaltsverzeichnis:", "Der Rat hat beschlossen, die Gebühren zu erhöhen, und niemand sprach dagegen."),
        ("Table des matières", "Le conseil a décidé lundi de relever les droits, et personne n'a parlé contre cela."),
        ("Spis treści", "Rada portu postanowiła w poniedziałek podnieść opłaty i nikt się temu nie sprzeciwił."),
    ],
)
def test_label_of_contents_goes_alone(label: str, text: str) -> None:
    assert removed(f"{text}\n\n{label}\n\nX\n", "D104") == [label]


def test_sentence_on_contents_stays() -> None:
    assert not removed(f"{PROSE[0]}\n\nNo prices on this page.\n\nOn this page.\n", "D104")


@pytest.mark.parametrize(
    "note",
    [
        "This entry was posted in Harbour by the editor. Bookmark the permalink.",
        "This page was last edited on 3 May 2020, at 10:30.",
        "This email address is being protected from spambots. You need JavaScript enabled to view it.",
        "You are using an out of date browser. It may not display this or other websites correctly.",
        "Only logged in customers who have purchased this product may leave a review.",
    ],
)
def test_notes_of_software_go(note: str) -> None:
    assert removed(f"{PROSE[0]}\n\n{note}\n\n{PROSE[1]}\n", "F109") == [note]


def test_quoted_and_long_notes_stay() -> None:
    long = " ".join(["This entry was posted by the pilot who", *PROSE, *PROSE])
    quoted = "“This page was last edited by a ghost”, said the speaker of the pilots, and he did not smile."
    assert not removed(f"{long}\n\n{quoted}\n", "F109")


THREAD = f"""\
Mooring fees

Thread starter
anna
Start date
Jul 5, 2024

anna
Senior Member
Joined
Feb 8, 2013
Messages
1,138

{PROSE[0]}

Last edited: Jul 6, 2024

bert
Joined: Wed Apr 24, 2019 2:19 am
Posts: 12
Location: Lower Quay
Re: Mooring fees

{PROSE[1]}

carl
Re: Mooring fees

Location is everything.
"""


def test_lines_beside_posts_go() -> None:
    lines = [line for line in kept(THREAD, "S104").split("\n") if line]
    assert lines == ["Mooring fees", "anna", PROSE[0], "bert", PROSE[1], "carl", "Location is everything."]


def test_lines_of_members_stay_elsewhere() -> None:
    jobs = "".join(f"Pilot {number}\nLocation: Lower Quay\nOnline\nPoints\n{number}\n\n" for number in range(9))
    assert not removed(f"{PROSE[0]}\n\n{jobs}", "S104")
