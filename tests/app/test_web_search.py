"""Searching as people type: without marks of tone, without punctuation."""

import pytest

from toankhoa.web.plan.plan_rows import finds


@pytest.mark.parametrize(
    ("asked", "text", "found"),
    [
        ("tin bai", "Viết và gửi tin/bài", True),
        ("tin, bài", "Viết và gửi tin/bài", True),
        ("TỔ HỢP TÁC", "tổ hợp tác/hợp tác xã", True),
        ("dong nai", "Đồng Nai", True),
        ("1.1", "1.1 Tuyên truyền", True),
        ("hop tac", "hợp  tác", True),
        ("tin hay", "tin/bài", False),
        ("/", "tin/bài", False),  # nothing was asked that a text could hold
    ],
)
def test_words_are_found_whatever_stands_between_them(asked: str, text: str, found: bool):
    assert finds(asked, text) is found
