"""A filled installation to try: units, the plan, five years of made-up returns, one person per role."""

SIZES = ("province",)  # of `toankhoa demo --size`
