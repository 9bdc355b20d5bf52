"""How deep the elements of an HTML source stand in one another as a parser builds them; rather too deep than not.

This room is told one tag after the other and keeps the names of what is open. It sees no text.
"""

from __future__ import annotations

_FORMATTING = ("b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
FORMATTING = frozenset(_FORMATTING)  # what a parser opens again in each paragraph; a link the next one closes
_EMPTY = frozenset(
    (
        *("area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "image", "img", "input"),
        *("keygen", "link", "meta", "param", "source", "track", "wbr"),
    )
)
# The next of their kind closes these: many of them unclosed are no depth.
_CLOSED_BY_NEXT = frozenset(
    ("p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "caption", "html", "head", "body")
)
_SHALLOW = _EMPTY | _CLOSED_BY_NEXT | frozenset(("a", "option"))
# End tags of what stands around one of these do nothing within it.
_WALLS = frozenset(
    (
        *("table", "template", "object", "applet", "marquee", "select", "foreignobject", "desc", "annotation-xml"),
        *("mi", "mo", "mn", "ms", "mtext"),
    )
)
# The end tag of one of these ends all that is open in it.
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "button", "center", "details", "dialog", "dir", "div", "dl"),
        *("fieldset", "figcaption", "figure", "footer", "header", "hgroup", "listing", "main", "menu", "nav", "ol"),
        *("pre", "search", "section", "summary", "ul", "h1"),
    )
)
_SPECIAL = _WALLS | _BLOCKS | frozenset(("form", "iframe", "noembed", "noframes", "noscript", "plaintext", "xmp"))
_SAME = dict.fromkeys(("h2", "h3", "h4", "h5", "h6"), "h1")  # the end tag of one ends each


def deepens(name: str) -> bool:
    """Whether an element that is not ended makes what follows stand deeper."""
    return name not in _SHALLOW


class Nesting:
    """The elements that are open."""

    def __init__(self) -> None:
        self.depth = 0
        self._open: list[str] = []  # an empty name for what ended before what is in it
        self._places: dict[str, list[int]] = {}
        self._walls = [-1]  # the places of walls,
        self._special = [-1]  # and of all that an end tag of a word within a line does not reach through

    def begin(self, name: str) -> None:
        """Takes a begin tag."""
        place = len(self._open)
        if name in _SHALLOW:
            if name in _CLOSED_BY_NEXT and self._special[-1] != place:
                self._special.append(place)  # it stands there, without a place of its own
            return
        name = _SAME.get(name, name)
        self._open.append(name)
        self._places.setdefault(name, []).append(place)
        self.depth += 1
        if name in _SPECIAL:
            self._special.append(place)
            if name in _WALLS:
                self._walls.append(place)

    def end(self, name: str) -> None:
        """Takes an end tag."""
        if name in _SHALLOW:
            self._end_shallow(name)
            return
        name = _SAME.get(name, name)
        places = self._places.get(name)
        if not places or places[-1] < self._walls[-1]:
            return
        place = places[-1]
        if name in _BLOCKS or name in _WALLS or (place >= self._special[-1] and name != "form"):
            self._end_from(place)
        elif name in FORMATTING or name == "form":
            self._end_alone(place)

    def _end_shallow(self, name: str) -> None:
        place = self._special[-1]
        if name in _CLOSED_BY_NEXT and place >= 0 and (place == len(self._open) or self._open[place] not in _SPECIAL):
            self._end_from(place)
            self._special.pop()

    def _end_from(self, place: int) -> None:
        """Ends an element with all that is open in it."""
        opened, special, walls = self._open, self._special, self._walls
        while len(opened) > place:
            name = opened.pop()
            if name:
                self._places[name].pop()
                self.depth -= 1
                if name in _SPECIAL:
                    while special.pop() != len(opened):
                        pass
        while special[-1] > place:
            special.pop()
        while walls[-1] >= place:
            walls.pop()

    def _end_alone(self, place: int) -> None:
        """Ends an element and leaves open what is in it."""
        name = self._open[place]
        self._open[place] = ""
        self._places[name].pop()
        self.depth -= 1
        if name in _SPECIAL:
            self._special.remove(place)
        while self._open and not self._open[-1]:
            self._open.pop()
        size = len(self._open)
        if self._special[-1] > size:
            while self._special[-1] > size:
                self._special.pop()
            self._special.append(size)
