"""The language of plans: quantities, times, targets in a cell and in prose, and back into plain
words.
"""
