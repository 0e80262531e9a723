"""Documents in and out: bytes to tables of cells, results to Word and Excel. No Django."""

from toankhoa.documents.reading.reader import read
from toankhoa.documents.reading.unreadable import UnreadableDocument

__all__ = ["UnreadableDocument", "read"]
