"""The append-only record of every write, chained by digests, one chain per writer's stream.

`chain.record` is called once by each verb, inside its transaction. `clock` is the only place that
reads the time.
"""
