"""The subject itself, pure: no Django, no clock, no I/O, no randomness.

Each package's `__init__` is its map.

results        what figures mean: `assess`, forecast, the term, the plan's rows, explanations
targets        a target as one unit must meet it; handed down the tree, integer-safe
totals         the only aggregation there is: cells, years, succession through reforms, coverage
review         what a person does to a plan: fields, editing, amendments, what measures a row
returns        what units send: values, entry, who moves a return (`MOVES`), deadlines
compiling      a document becomes a plan: passes, the language of cells, checks (`RULES`)
organisation   units in time, reforms, lineage, boundaries
measures       data elements, indicators, forms: the library
plan           what a compiled plan is, and its JSON
basics         problems, text, numbers, periods, rounding, patches, figure codes

Arrows point down: a package knows those below it and none above (`pyproject.toml`; `make lint`
proves it). A missing figure is `Figure.value is None` and prints as "…", never as 0.
"""
