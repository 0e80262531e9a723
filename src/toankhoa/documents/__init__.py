"""Documents in and out: bytes to tables of cells, results to Word and Excel. No Django."""

from toankhoa.documents.reading import read
from toankhoa.documents.unreadable import UnreadableDocument

__all__ = ["UnreadableDocument", "read"]
