"""A filled installation to try: units, the plan, years of made-up returns, a person per role.

cast        who can sign in, and which day it is
load        fills an empty database
made_up     figures, always the same ones
decisions   targets handed down
logins      who can sign in, and as what, today
"""

SIZES = ("province",)  # of `toankhoa demo --size`
