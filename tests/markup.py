"""What a page says, whatever its templates put between tags and attributes."""

import re


def flat(markup: str | bytes) -> str:
    """Markup with every run of white space as one blank."""
    text = markup.decode() if isinstance(markup, bytes) else markup
    return re.sub(r"\s+", " ", text)


def tight(markup: str | bytes) -> str:
    """Markup without white space beside its tags: how a template is laid out says nothing."""
    return re.sub(r"\s*(<[^>]+>)\s*", r"\1", flat(markup))
