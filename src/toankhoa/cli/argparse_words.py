"""What argparse says, in Vietnamese.

It asks gettext for each of its sentences; these take the place of a catalogue.
"""

from __future__ import annotations

import argparse

SENTENCES = {
    "usage: ": "Cách dùng: ",
    "positional arguments": "Đối số",
    "options": "Tùy chọn",
    "show this help message and exit": "in hướng dẫn này",
    "%(prog)s: error: %(message)s\n": "%(prog)s: %(message)s. Thêm --help để xem cách dùng.\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "the following arguments are required: %s": "còn thiếu %s",
    "unrecognized arguments: %s": "không hiểu %s",
    "invalid choice: %(value)r (choose from %(choices)s)": (
        "không có %(value)r, hãy chọn trong: %(choices)s"
    ),
    "invalid %(type)s value: %(value)r": "%(value)r không phải giá trị đúng",
    "expected one argument": "cần một giá trị đi kèm",
    "ambiguous option: %(option)s could match %(matches)s": (
        "%(option)s có thể là %(matches)s, hãy viết đủ"
    ),
    "ignored explicit argument %r": "không nhận giá trị %r",
}


def speak_vietnamese() -> None:
    """From now on, in this process. A sentence that is not in the list stays as it is."""
    argparse._ = lambda text: SENTENCES.get(text, text)  # type: ignore[attr-defined]
