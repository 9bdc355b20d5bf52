"""Properties that are read once."""

from __future__ import annotations

from cleaner.lazy import cached_property


class Circle:
    """Counts how often it is measured."""

    def __init__(self, radius: int) -> None:
        self.radius, self.read = radius, 0

    @cached_property
    def area(self) -> int:
        """Three times the square."""
        self.read += 1
        return 3 * self.radius**2


def test_a_property_is_read_once_and_for_each_instance() -> None:
    small, large = Circle(1), Circle(2)
    assert (small.area, small.area, large.area) == (3, 3, 12)
    assert (small.read, large.read) == (1, 1)


def test_a_property_can_be_set_and_forgotten() -> None:
    circle = Circle(1)
    circle.area = 5  # type: ignore[misc]
    assert circle.area == 5
    del circle.__dict__["area"]
    assert circle.area == 3


def test_the_class_shows_the_property_and_its_documentation() -> None:
    assert isinstance(Circle.area, cached_property)
    assert Circle.area.__doc__ == "Three times the square."
