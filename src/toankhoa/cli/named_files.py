"""Files that a person named: read and written, or refused in her language, with what to do."""

from __future__ import annotations

from pathlib import Path

from toankhoa.core.basics import Refused, refuse


def read_bytes(path: Path) -> bytes:
    """What a file holds. Refused where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise _refused(path, error) from error


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file. Refused where that is not possible."""
    try:
        path.write_bytes(data)
    except FileNotFoundError as error:
        raise refuse(
            "file-folder", f"Không có thư mục {path.parent}. Hãy tạo thư mục rồi chạy lại."
        ) from error
    except OSError as error:
        raise _refused(path, error) from error


def _refused(path: Path, error: OSError) -> Refused:
    """Why the system would not open a file, in words."""
    match error:
        case FileNotFoundError():
            return refuse("file-missing", f"Không có tệp {path}. Hãy kiểm tra lại tên và thư mục.")
        case IsADirectoryError():
            return refuse("file-folder", f"{path} là thư mục. Hãy chỉ rõ một tệp trong đó.")
        case PermissionError():
            return refuse(
                "file-forbidden",
                f"Không có quyền mở tệp {path}. Hãy xin quyền, hoặc chép tệp ra nơi khác.",
            )
    return refuse(
        "file-unread",
        f"Không mở được tệp {path} (mã lỗi hệ thống {error.errno}). Hãy thử tệp khác.",
    )
