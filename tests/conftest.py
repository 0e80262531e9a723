"""How much the laws are tried: a little on every run, a lot in `make soak`."""

from hypothesis import HealthCheck, settings

# derandomize: a run of the same code gives the same answer; new cases are what the soak is for.
settings.register_profile("quick", max_examples=25, deadline=None, derandomize=True, database=None)
settings.register_profile(
    "soak", max_examples=2000, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("quick")
