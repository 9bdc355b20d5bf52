"""Logistic regression whose weights keep the signs they are told to have.

Newton's method; each step solves its quadratic program by coordinate descent within the bounds
(Friedman, Hastie and Tibshirani 2010). This room knows numbers alone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.uint8]
Signs = NDArray[np.int8]
Indexes = NDArray[np.intp]

ROWS_AT_ONCE = 1 << 15  # as float32 they fit in the caches and need no memory to speak of
STEPS = 40
THRESHOLD_STEPS = 60
SWEEPS = 200
HALVINGS = 12
CLOSE_ENOUGH = 1e-4  # log-odds: far less than a point
NOISE = 1e-6  # of the loss: what float32 does not tell apart


class Weighted(NamedTuple):
    """Rows to learn from: which cues hold, how far the row is to stay (0 to 1), and how much it counts."""

    cues: Flags
    stays: Numbers
    weight: Numbers


class _Slope(NamedTuple):
    loss: float
    gradient: Numbers
    curvature: Numbers


def signed_weights(rows: Weighted, signs: Signs, penalty: float, start: Numbers | None = None) -> tuple[Numbers, float]:
    """The weight of each cue in log-odds, of its sign or zero, and the bias.

    They minimise the weighted cross-entropy plus ``penalty`` times the sum of squared weights. ``start`` is a guess
    at them, the bias last, that saves steps when it is near.
    """
    free = np.inf
    low = np.append(np.where(signs > 0, 0.0, -free), -free)
    high = np.append(np.where(signs > 0, free, 0.0), free)
    penalties = np.append(np.full(len(signs), penalty), 0.0)
    at = np.zeros(len(signs) + 1) if start is None else start
    slope = _slope(rows, at, penalties)
    for _ in range(STEPS):
        aim = _within_bounds(slope, at, low, high)
        for _ in range(HALVINGS):
            following = _slope(rows, aim, penalties)
            if following.loss <= slope.loss * (1 + NOISE):
                break
            aim = (at + aim) / 2
        moved = float(np.max(np.abs(aim - at)))
        at, slope = aim, following
        if moved < CLOSE_ENOUGH:
            break
    return at[:-1], float(at[-1])


def thinned(rows: Weighted, most: int) -> Weighted:
    """About so many of the rows, drawn so that each counts as much as before on average: light ones rarely.

    The draw is the same for the same rows. Rows above the common threshold stay with their own weight
    (threshold sampling, Duffield, Lund and Thorup 2005).
    """
    if len(rows.weight) <= most:
        return rows
    low, high = 0.0, float(rows.weight.max())
    for _ in range(THRESHOLD_STEPS):
        threshold = (low + high) / 2
        if float(np.minimum(1, rows.weight / threshold).sum()) > most:
            low = threshold
        else:
            high = threshold
    chance = np.minimum(1, rows.weight / high)
    drawn = np.random.default_rng(0).random(len(chance)) < chance
    return Weighted(rows.cues[drawn], rows.stays[drawn], rows.weight[drawn] / chance[drawn])


def fitted_bias(sums: Numbers, rows: Weighted) -> float:
    """The bias that suits rows best when their sums are given: Newton's method in one dimension."""
    bias = 0.0
    for _ in range(STEPS):
        likely = _likely(sums + bias)
        step = float(rows.weight @ (likely - rows.stays)) / max(float(rows.weight @ (likely * (1 - likely))), 1e-9)
        bias -= max(-1.0, min(1.0, step))
        if abs(step) < CLOSE_ENOUGH:
            break
    return bias


def _slope(rows: Weighted, at: Numbers, penalties: Numbers) -> _Slope:
    """Loss, gradient and curvature at a point, the bias last; summed over slices of the rows."""
    size = len(at)
    loss, gradient, curvature = float(penalties @ at**2), 2 * penalties * at, np.diag(2 * penalties)
    for start in range(0, len(rows.stays), ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        cues = np.ones((len(rows.stays[part]), size), np.float32)
        cues[:, :-1] = rows.cues[part]
        stays, weight = rows.stays[part], rows.weight[part]
        sums = (cues @ at.astype(np.float32)).astype(np.float64)
        likely = _likely(sums)
        loss += float(weight @ (np.logaddexp(0, sums) - stays * sums))
        gradient += cues.T @ (weight * (likely - stays)).astype(np.float32)
        cues *= np.sqrt(weight * likely * (1 - likely)).astype(np.float32)[:, None]
        curvature += cues.T @ cues
    return _Slope(loss, gradient, curvature)


def _likely(sums: Numbers) -> Numbers:
    likely: Numbers = 1 / (1 + np.exp(-np.clip(sums, -40, 40)))
    return likely


def _within_bounds(slope: _Slope, at: Numbers, low: Numbers, high: Numbers) -> Numbers:
    """Where the quadratic with this slope is lowest within the bounds."""
    aim, gradient = at.copy(), slope.gradient.copy()
    steep = np.maximum(np.diag(slope.curvature), 1e-9)
    for _ in range(SWEEPS):
        furthest = 0.0
        for one in range(len(aim)):
            there = min(max(aim[one] - gradient[one] / steep[one], low[one]), high[one])
            moved = there - aim[one]
            if moved:
                gradient += slope.curvature[one] * moved
                aim[one] = there
                furthest = max(furthest, abs(moved))
        if furthest < CLOSE_ENOUGH / 10:
            break
    return aim
