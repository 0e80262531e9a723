"""The language of plans: from words to targets, and back into plain words.

targets.lark  the grammar: which signs and words there are
quantity      a number with its comparator and unit; an organisation's own words in the grammar
time          when a target holds: years, the term, each year
prose         which numbers of a text are targets, of what, when and for whom
targets       a year cell; one target written out in full, and printed
paraphrase    what was read, as a sentence for a person

Its public face is that of the package above: `toankhoa.core.compiling`.
"""
