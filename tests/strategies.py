"""Random subjects for the laws."""

from datetime import date

from hypothesis import strategies as st

from toankhoa.core.organisation import Tree, UnitVersion

LONG_AGO = date(2010, 1, 1)


def unit_version(
    code: str, parent: str | None = None, *, start=LONG_AGO, end=None, level="base"
) -> UnitVersion:
    """A unit of which only the place matters."""
    return UnitVersion(
        code=code, name=code, kind="", level=level, parent=parent, start=start, end=end
    )


@st.composite
def trees(draw, max_size: int = 25) -> Tree:
    """Trees of any shape, with several roots at times; neither codes nor the order given follow the
    shape.
    """
    size = draw(st.integers(1, max_size))
    codes = draw(st.permutations([f"u{number:02}" for number in range(size)]))
    units = [
        unit_version(
            code,
            draw(st.sampled_from([None, *codes[:above]])) if above else None,
            level=draw(st.sampled_from(["province", "district", "base"])),
        )
        for above, code in enumerate(codes)
    ]
    return Tree(draw(st.permutations(units)))
