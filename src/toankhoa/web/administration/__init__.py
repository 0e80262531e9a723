"""The health of the installation: people, totals, the audit chain and its journal."""
