"""Work that takes long: it runs beside the request and says how far it is.

`runner.start` is the way in.
"""
