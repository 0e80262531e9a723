"""Toàn Khóa: a signed term plan compiled into a running monitoring system."""
