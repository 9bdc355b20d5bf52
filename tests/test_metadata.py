"""What a page says of itself: title, byline, date; and a page of a news site, line by line."""

from __future__ import annotations

import pytest

from cleaner import Config, clean

BODY = {
    "en": (
        "The harbour board voted on Monday to raise mooring fees by four per cent, and nobody spoke against it.",
        "The pilots, who pay no fees, were not asked, and their speaker said that they had not expected to be.",
        "A second vote on the fees is planned for autumn, when the new hall on the eastern quay will be ready for it.",
        "Until then the old fees stay on the board by the gate, where the rain has washed out most of the figures.",
        "The owners of the smaller boats have written a letter, which was read out when most of the seats were empty.",
    ),
    "de": (
        "Der Hafenrat hat am Montag beschlossen, die Liegegebühren um vier Prozent anzuheben, und niemand widersprach.",
        "Die Lotsen, die keine Gebühren zahlen, waren nicht gefragt worden und hatten damit auch nicht gerechnet.",
        "Im Herbst soll über die Liegegebühren noch einmal abgestimmt werden, wenn die Halle am Ostkai fertig ist.",
        "Bis dahin stehen die alten Gebühren auf der Tafel am Tor, von der der Regen das meiste abgewaschen hat.",
        "Der Vorsitzende las die Namen derer vor, die gekommen waren, und es dauerte nicht lange, bis er fertig war.",
        "Die Besitzer der kleineren Boote haben einen Brief geschrieben, der vor fast leeren Stühlen verlesen wurde.",
    ),
    "fr": (
        "Le conseil du port a voté lundi une hausse des droits de mouillage, et personne ne s'y est opposé ce soir-là.",
        "Les pilotes, qui ne paient rien, n'ont pas été consultés, et ils ont dit qu'ils ne s'y attendaient pas.",
        "Un second vote sur les droits est prévu à l'automne, quand la nouvelle salle du quai est sera prête.",
        "Jusque-là les anciens droits restent sur le panneau près de la grille, où la pluie a effacé les chiffres.",
        "Les propriétaires des petits bateaux ont écrit une lettre, qui a été lue devant des chaises presque vides.",
    ),
}
TITLE = {
    "en": "Mooring fees rise for the third year",
    "de": "Liegegebühren im Hafen steigen zum dritten Mal",
    "fr": "Les droits de mouillage du port augmentent encore",
}
CHROME = {
    "en": ("Skip to content", "Log in", "Subscribe now"),
    "de": ("Zum Inhalt springen", "Anmelden", "Impressum"),
    "fr": ("Aller au contenu", "Mon compte", "Mentions légales"),
}


def page(language: str, *lines: str) -> str:
    return "\n\n".join((*CHROME[language], TITLE[language], *lines, *BODY[language])) + "\n"


@pytest.mark.parametrize(
    ("language", "lines", "byline", "date"),
    [
        ("en", ("By Marit Oldegaard", "March 12, 2021"), "Marit Oldegaard", "2021-03-12"),
        ("en", ("By Marit Oldegaard on 2nd May 2019",), "Marit Oldegaard", "2019-05-02"),
        ("en", ("Published on 2021-03-12",), None, "2021-03-12"),
        ("en", ("Published on 25/03/2021",), None, "2021-03-25"),
        ("en", ("Published on 03/04/2021",), None, "03/04/2021"),
        ("de", ("Von Swantje Imhoff", "Stand: 30.01.2020 22:15 Uhr"), "Swantje Imhoff", "2020-01-30"),
        ("de", ("Veröffentlicht am 3. März 2020",), None, "2020-03-03"),
        ("fr", ("Par Aurore Desmoulins", "Publié le 9 août 2023"), "Aurore Desmoulins", "2023-08-09"),
        ("fr", ("Publié le 03/04/2021",), None, "2021-04-03"),
        ("en", (), None, None),
    ],
)
def test_title_byline_and_date(language: str, lines: tuple[str, ...], byline: str | None, date: str | None) -> None:
    metadata = clean(page(language, *lines), format="text").metadata
    assert metadata["title"] == TITLE[language]
    assert (metadata.get("byline"), metadata.get("date")) == (byline, date)


def test_no_facts_of_a_text_without_a_site() -> None:
    assert clean("\n\n".join(BODY["en"]), format="text").metadata.keys() == {"format", "language"}


COPY = tuple(text.replace("'", "\u2019").replace(" - ", " \u2013 ") for text in BODY["en"])
NEWS_PAGE = (
    ("-N", "Connect with us"),
    ("-N", "Hi, what are you looking for?"),
    ("-F", "World"),
    ("  ", TITLE["en"]),
    ("-F", "-"),
    *(("  ", text) for text in BODY["en"]),
    *(("-D", text) for text in COPY),
    ("-A", "NPT"),
    ("-A", "Written By"),
    ("-A", "With 90 people in four ports, NPT covers the coast as a leading news agency. NPT is read on every quay."),
    ("-P", "You may also like:"),
    ("-P", "Business"),
    ("-P", "A crane stands over the new hall - Copyright NPT HENRIK VOLLMERThe hall was to open in..."),
    ("-P", "Tech & Science"),
    ("-P", "The ferry company on Tuesday announced a lighter hull for its boats in the north and the west."),
)


def test_each_line_of_a_news_page_goes_by_its_filter() -> None:
    """A page whose text comes twice, with an agency's name and bio, and with teasers into which credits run."""
    page = [line for _, line in NEWS_PAGE]
    result = clean("\n\n".join(page) + "\n", format="text", config=Config(skip=("W",)))
    taken = {removal.block: f"-{removal.filter[0]}" for removal in result.removals}
    assert [taken.get(number, "  ") for number in range(len(page))] == [fate for fate, _ in NEWS_PAGE]
    assert result.text == "\n\n".join(line for fate, line in NEWS_PAGE if fate == "  ") + "\n"
    assert clean("\n\n".join(page) + "\n", format="text").text == result.text


@pytest.mark.parametrize(
    ("head", "field", "value"),
    [
        (
            '{"headline": "Cranes &amp; lamps: the board&#8217;s plan"}',
            "title",
            "Cranes & lamps: the board\u2019s plan",
        ),
        ('{"author": {"name": "Marit &amp; Jonas"}}', "byline", "Marit & Jonas"),
        ('{"author": "https://people.example/marit"}', "byline", "Marit Oldegaard"),
        ('{"author": {"name": "262588213843476"}}', "byline", "Marit Oldegaard"),
        ('{"author": "@harbour_gazette"}', "byline", "Marit Oldegaard"),
        ('{"datePublished": "\\"2025-12-17T13:22:47Z\\""}', "date", "2025-12-17"),
    ],
)
def test_what_a_page_says_of_itself_is_read_as_it_was_meant(head: str, field: str, value: str) -> None:
    """Authors' addresses are no names; the next source is asked then."""
    source = f"""<head><meta name="author" content="Marit Oldegaard"><script type="application/ld+json">
{{"@type": "NewsArticle", {head[1:]}</script></head><p>The board met on Monday and agreed to mend the crane.</p>"""
    assert clean(source, format="html").metadata[field] == value
