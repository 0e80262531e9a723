"""What a reader raises of a file that it cannot read, and what it notes of one that it can."""

from __future__ import annotations

from collections.abc import Sequence

from toankhoa.core.basics import Problem, Refused, Severity, Source


class UnreadableDocument(Refused):
    """A file that no reader can read; `problem` says in Vietnamese what it is and what to do."""

    def __init__(self, code: str, message: str, name: str) -> None:
        super().__init__(Problem(code, Severity.ERROR, message, Source(name), name))


def broken(name: str) -> UnreadableDocument:
    """The refusal of a file that is damaged or cut short."""
    message = f"Tệp “{name}” bị hỏng hoặc thiếu một phần, không mở được. Hãy lấy lại bản gốc."
    return UnreadableDocument("document-broken", message, name)


def protected(name: str) -> UnreadableDocument:
    """The refusal of a file that asks for a password."""
    message = f"Tệp “{name}” có đặt mật khẩu, không mở được. Hãy bỏ mật khẩu rồi lưu lại."
    return UnreadableDocument("document-protected", message, name)


def too_large(name: str) -> UnreadableDocument:
    """The refusal of a file that would fill the memory."""
    message = (
        f"Tệp “{name}” quá lớn khi giải nén. "
        "Hãy bỏ bớt hình ảnh, hoặc tách riêng kế hoạch, rồi lưu lại."
    )
    return UnreadableDocument("document-too-large", message, name)


def slow(name: str, seconds: int) -> UnreadableDocument:
    """The refusal of a file that takes longer than anybody waits."""
    message = (
        f"Tệp “{name}” đọc quá {seconds} giây chưa xong nên đã dừng. "
        "Hãy mở tệp, lưu lại thành .docx rồi thử lại."
    )
    return UnreadableDocument("document-slow", message, name)


def old_script(script: str, name: str, *, guessed: bool = False) -> Problem:
    """The note that text in an old encoding was converted.

    A person should look where no font vouches for it.
    """
    message = (
        f"Văn bản dùng bảng mã cũ {script}, đã đổi sang Unicode. "
        "Hãy xem lại vài dòng, nhất là chữ hoa."
    )
    return Problem(
        "encoding-old",
        Severity.WARNING if guessed else Severity.NOTE,
        message,
        Source(name),
        script,
    )


def macros_left(name: str) -> Problem:
    """The note that a file has macros, which nobody runs."""
    message = (
        "Tệp có chứa macro; đã bỏ qua, chỉ đọc nội dung. Hãy lưu lại thành tệp không có macro."
    )
    return Problem("document-macros", Severity.NOTE, message, Source(name), name)


def footnotes_left(notes: Sequence[str], name: str) -> Problem:
    """The warning that footnotes are no part of the plan's text.

    They may say how a target is meant.
    """
    quoted = _quoted(notes)
    message = (
        f"Có {len(notes)} chú thích cuối trang không vào kế hoạch: {quoted}. "
        "Hãy đưa nội dung cần thiết vào bảng."
    )
    return Problem("footnotes-left", Severity.WARNING, message, Source(name), quoted)


def page_lines_left(lines: Sequence[str], name: str) -> Problem:
    """The note on what stands at the head or foot of every page."""
    quoted = _quoted(lines)
    message = (
        f"Đầu trang hoặc chân trang có ghi {quoted}: không vào kế hoạch. "
        "Nếu cần, hãy chép vào thân văn bản."
    )
    return Problem("page-lines-left", Severity.NOTE, message, Source(name), quoted)


def _quoted(texts: Sequence[str]) -> str:
    return ", ".join(f"“{text}”" for text in texts)
