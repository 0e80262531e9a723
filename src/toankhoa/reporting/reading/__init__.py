"""The one read path: figures of units and of plans, with what they are made of."""
