"""The order in which the lines of a page are read: column by column, tables row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from statistics import median

from index.readers.lines import BULLET, Line

_GUTTER = 0.8  # of a letter's size: the least distance of two columns
_MAX_ACROSS = 0.25  # of the lines (a title, a picture's text) may reach over a gutter
_MIN_LINES = 3  # on each side of it
_PROSE = 14  # letters of a usual line of a column; the cells of a table are shorter
_CELL_GAP = 1.5  # of a letter's size
_ALIGNED = 4.0  # points


def order_lines(lines: Sequence[Line]) -> list[Line]:
    """Return the lines in the order of reading, with the region that each stands in."""
    rtl = sum(line.is_rtl for line in lines) * 2 > len(lines)
    regions = [region for region in _regions(list(lines), rtl) if region]
    return [
        replace(line, region=number)
        for number, region in enumerate(regions)
        for line in _rows(region)
    ]


def _regions(lines: list[Line], rtl: bool) -> Iterator[list[Line]]:
    gutter = _gutter(lines)
    if gutter is None:
        yield lines
        return
    across = sorted((o for o in lines if o.left < gutter < o.right), key=lambda line: line.top)
    rest = [line for line in lines if not line.left < gutter < line.right]
    edges = [-1.0, *(line.top for line in across), float("inf")]
    for number, (above, below) in enumerate(pairwise(edges)):
        if number:
            yield [across[number - 1]]
        band = [line for line in rest if above <= line.top < below]
        sides = [[o for o in band if o.right <= gutter], [o for o in band if o.left >= gutter]]
        for side in reversed(sides) if rtl else sides:
            if side:
                yield from _regions(side, rtl)


def _gutter(lines: Sequence[Line]) -> float | None:
    """Return the middle of the widest gap between two columns of prose, None if there is none."""
    best, width = None, 0.0
    size = median([line.size for line in lines]) if lines else 0.0
    edges = sorted(set(chain.from_iterable((line.left, line.right) for line in lines)))
    for left, right in pairwise(edges):
        middle = (left + right) / 2
        if right - left >= _GUTTER * size and right - left > width and _divides(lines, middle):
            best, width = middle, right - left
    return best


def _divides(lines: Sequence[Line], x: float) -> bool:
    left = [line for line in lines if line.right <= x]
    right = [line for line in lines if line.left >= x]
    across = len(lines) - len(left) - len(right)
    sides = [_lengths(left), _lengths(right)]
    if min(map(len, sides)) < _MIN_LINES or across > _MAX_ACROSS * len(lines):
        return False
    if any(median(side) < _PROSE for side in sides):
        return False
    top = max(min(line.top for line in side) for side in (left, right))
    bottom = min(max(line.bottom for line in side) for side in (left, right))
    heights = [max(o.bottom for o in s) - min(o.top for o in s) for s in (left, right)]
    return bottom - top > 0.5 * min(heights)


def _lengths(side: Sequence[Line]) -> list[int]:
    """Return how many letters stand beside one another, line by line: words may stand apart."""
    return [sum(len(line.text) + 1 for line in row) for row in _side_by_side(side)]


def _rows(region: Sequence[Line]) -> Iterator[Line]:
    """Yield the lines from above, those beside one another as one."""
    rows = _side_by_side(region)
    several = [row for row in rows if len(row) > 1]
    edges = Counter(round(cell.left / _ALIGNED) for row in several for cell in row)
    # Words of justified lines may stand below one another by chance.
    often = {edge for edge, count in edges.items() if count >= min(3, len(several))}
    for row in rows:
        yield _joined(row, often)


def _side_by_side(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the lines from above, those at one height together."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=_middle):
        if rows and _middle(line) - _middle(rows[-1][0]) <= 0.5 * min(line.size, rows[-1][0].size):
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _middle(line: Line) -> float:
    return (line.top + line.bottom) / 2


def _joined(row: Sequence[Line], edges: set[int]) -> Line:
    """Return the parts of a line as one; cells of a table begin where others do."""
    if len(row) == 1:
        return row[0]
    cells = sorted(row, key=lambda line: line.left)
    gaps = [right.left - left.right for left, right in pairwise(cells)]
    aligned = [round(cell.left / _ALIGNED) in edges for cell in cells[1:]]
    wide = max(gaps) > _CELL_GAP * row[0].size and all(aligned)
    is_row = wide and not BULLET.fullmatch(cells[0].text)
    if sum(line.is_rtl for line in row) * 2 > len(row):
        cells.reverse()
    text = cells[0].text
    for cell in cells[1:]:
        text += (" " if text.endswith(":") or not is_row else " | ") + cell.text
    return replace(
        cells[0],
        text=text,
        left=min(line.left for line in row),
        right=max(line.right for line in row),
        top=min(line.top for line in row),
        bottom=max(line.bottom for line in row),
        is_row=is_row,
    )
