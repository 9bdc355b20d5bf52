"""What a page says of itself for machines: meta elements, OpenGraph, links, JSON-LD.

This room knows vocabularies; where a page's text stands it does not know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin

from cleaner.lazy import cached_property

LONGEST_DATA = 2_000_000  # characters of one JSON-LD script
MOST_OBJECTS = 5_000
_BODY = ("articleBody", "text", "reviewBody")
BODY_KEYS = (*_BODY, "description", "recipeInstructions")

# Metadata: where it is looked for, in this order.
_META = {
    "title": ("og:title", "twitter:title", "dc.title", "citation_title", "headline"),
    "byline": ("author", "article:author", "dc.creator", "citation_author", "parsely-author", "sailthru.author"),
    "date": (
        *("article:published_time", "datepublished", "date", "dc.date", "pubdate", "publishdate", "citation_date"),
        *("parsely-pub-date", "sailthru.date", "og:published_time", "dcterms.created", "article.published"),
    ),
    "site": ("og:site_name", "application-name", "al:android:app_name"),
    "language": ("og:locale", "content-language", "dc.language", "language"),
    "kind": ("og:type",),
    "description": ("og:description", "description", "twitter:description", "dc.description"),
}
_LINKED = {
    "title": ("headline", "name"),
    "byline": ("author", "creator"),
    "date": ("datePublished", "dateCreated", "uploadDate"),
    "site": ("publisher",),
    "language": ("inLanguage",),
}
# Types that say what a page is, before those that stand on every page.
_KINDS = {
    "article": ("article", "newsarticle", "blogposting", "reportagenewsarticle", "techarticle", "scholarlyarticle"),
    "forum": ("discussionforumposting", "qapage", "question"),
    "product": ("product", "productgroup", "individualproduct", "vehicle"),
    "recipe": ("recipe",),
    "event": ("event",),
    "job": ("jobposting",),
    "collection": ("collectionpage", "itemlist", "searchresultspage"),
    "faq": ("faqpage",),
    "video": ("videoobject",),
    "profile": ("profilepage",),
}
_KIND_OF = {name: kind for kind, names in _KINDS.items() for name in names}
_MARKUP = re.compile(r"<[^<>]*>")
_DATE = re.compile(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)")
_NO_NAME = re.compile(r"(?:https?:)?//\S+|[\d\W_]+|@\w+")


class Head:
    """What was found in a page's head, and read of it when it is asked for."""

    def __init__(self) -> None:
        self.title = ""
        self.language = ""
        self.canonical = ""
        self.base = ""
        self.metas: dict[str, str] = {}
        self.times: list[str] = []
        self.linked_data: list[str] = []

    def add_meta(self, attributes: dict[str, str | None]) -> None:
        """Notes a meta element; of several with one name the first."""
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        content = attributes.get("content")
        if name is None:
            name = attributes.get("http-equiv")
        if name and content:
            self.metas.setdefault(name.strip().lower(), content.strip())

    def add_link(self, attributes: dict[str, str | None]) -> None:
        """Notes a link element that names the page's own address."""
        if not self.canonical and (attributes.get("rel") or "").lower() == "canonical":
            self.canonical = attributes.get("href") or ""

    @cached_property
    def objects(self) -> list[dict[str, object]]:
        """The objects of the JSON-LD, outer ones first."""
        return list(_objects(self.linked_data))

    @cached_property
    def facts(self) -> dict[str, str]:
        """Metadata by name: title, byline, date, site, language, kind, description; each when known."""
        return _facts(self)


def facts_of(head: Head, url: str | None) -> dict[str, str]:
    """The page's metadata as it was made for machines; addresses are absolute."""
    found = dict(head.facts)
    if head.canonical:
        found["url"] = _absolute(url or "", head.canonical)
    elif url:
        found["url"] = url
    return found


def fallback_facts_of(head: Head) -> dict[str, str]:
    """The title of the window and the language of the document, where the page shows nothing better."""
    found = {"title": head.title, "language": head.facts.get("language") or _language(head.language)}
    return {name: value for name, value in found.items() if value}


def body_text(head: Head) -> str:
    """The text of the page's body that the structured data holds, perhaps with markup; empty without one.

    Of a thread all posts, otherwise the longest text: what a typed thing is described with is one.
    """
    posts = [text for one in head.objects for key in _BODY if isinstance(text := one.get(key), str)]
    main = _main_object(head.objects)
    if main and _kind(main) == "forum":
        return "\n".join(dict.fromkeys(posts))
    described = [text for one in head.objects if _kind(one) and isinstance(text := one.get("description"), str)]
    return max(posts + described, key=len, default="")


def evidence_text(head: Head) -> str:
    """All texts of the structured data that stand for content, a line each."""
    return "\n".join(text for one in head.objects for key in BODY_KEYS if (text := _text(one.get(key))))


def _facts(head: Head) -> dict[str, str]:
    found: dict[str, str] = {}
    main = _main_object(head.objects)
    for name, keys in _META.items():
        # JSON knows no entities; many who write it do.
        values = [unescape(_text(main.get(key))) for key in _LINKED.get(name, ())] if main else []
        values += [head.metas.get(key, "") for key in keys]
        if value := next((value for value in values if _says(name, value)), ""):
            found[name] = value
    if "title" in found and "site" in found:
        found["title"] = _without_site(found["title"], found["site"])
    if "date" not in found and (times := [time for time in head.times if time]):
        found["date"] = times[0]
    if "date" in found and (day := _DATE.search(found["date"])):
        found["date"] = day[0]
    if "language" in found:
        found["language"] = _language(found["language"])
    if main and (kind := _kind(main)):
        found["kind"] = kind
    return {name: " ".join(value.split()) for name, value in found.items()}


def _says(name: str, value: str) -> bool:
    """Whether a value says something: of an author not an address or a number alone."""
    return bool(value) and not (name == "byline" and _NO_NAME.fullmatch(value))


def _language(label: str) -> str:
    return label.replace("_", "-").split("-")[0].strip().lower()


# Spaces are looked at from their first one on alone, however many there are.
_SEPARATORS = re.compile(r"(?<!\s)\s++[|\u2013\u2014\u00b7\u2022:-]\s+|(?:(?<!\s)\s++)?[\u00bb|]\s*")


def _without_site(title: str, site: str) -> str:
    """The title without the site's name at its end or its start."""
    parts = _SEPARATORS.split(title)
    for name, at in ((parts[-1], len(title)), (parts[0], 0)):
        if len(parts) > 1 and name.casefold() == site.casefold():
            rest = title[: -len(name)] if at else title[len(name) :]
            return rest.strip(" |\u2013\u2014\u00b7\u2022:\u00bb-")
    return title


def _main_object(objects: list[dict[str, object]]) -> dict[str, object] | None:
    """The first object that says what the page is."""
    return next((one for one in objects if _kind(one)), None)


def _kind(one: dict[str, object]) -> str:
    types = one.get("@type")
    for name in types if isinstance(types, list) else [types]:
        if isinstance(name, str) and (kind := _KIND_OF.get(name.rpartition("/")[2].lower())):
            return kind
    return ""


def _text(value: object) -> str:
    """The text of a value: of an object its name, of a list all of its texts."""
    if isinstance(value, str):
        return _MARKUP.sub(" ", value).strip() if "<" in value else value.strip()
    if isinstance(value, dict):
        return _text(value.get("name") if isinstance(value.get("name"), str) else value.get("@value"))
    if isinstance(value, list):
        return ", ".join(text for one in value[:20] if isinstance(one, (str, dict)) and (text := _text(one)))
    return ""


def _objects(scripts: list[str]) -> Iterator[dict[str, object]]:
    count = 0
    for script in scripts:
        waiting: list[object] = [parsed_json(script)]
        while waiting and count < MOST_OBJECTS:
            value = waiting.pop()
            if isinstance(value, dict):
                count += 1
                yield value
                waiting.extend(one for one in reversed(value.values()) if isinstance(one, (dict, list)))
            elif isinstance(value, list):
                waiting.extend(one for one in reversed(value) if isinstance(one, (dict, list)))


def parsed_json(script: str) -> object:
    """What a script holds as data; None when that is none, or far too long."""
    if len(script) > LONGEST_DATA:
        return None
    try:
        return json.loads(script, strict=False)
    except (ValueError, RecursionError):
        return None


def _absolute(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return address
