"""Units in time: who stands under whom on a day, what reforms change, who succeeds whom.

units              versions of a unit, the tree of a day, all trees
reforms            merge, split, rename, move, abolish: changes as data, and `folded` over them
lineage            who carries on what a unit was, on any later day: succession
unit_history       when a unit came and went (tenure); which reforms touch a figure
boundaries         figures of one day on the boundaries of another: shares
boundary_changes   who keeps the last figure of a unit in the year of a reform: transfers
reform_rows        changes as rows that a person types
reform_codec       a reform as JSON, and back
"""

from toankhoa.core.organisation.boundaries import (
    WHOLE,
    Boundaries,
    BoundaryShare,
    BoundaryShares,
    Unsure,
)
from toankhoa.core.organisation.boundary_changes import (
    BoundaryChanges,
    Keeper,
    Transfer,
    TransferStep,
    boundary_changes_in,
)
from toankhoa.core.organisation.lineage import Lineage, Succession, SuccessionLink
from toankhoa.core.organisation.reform_codec import reform_from, reform_json
from toankhoa.core.organisation.reform_rows import (
    COLUMNS,
    EFFECTS,
    ChangeRow,
    Finder,
    changes_of,
    rows_of,
    rows_of_table,
    table_of,
)
from toankhoa.core.organisation.reforms import (
    Change,
    Effect,
    Reform,
    ReformPart,
    faults,
    folded,
    in_order,
)
from toankhoa.core.organisation.unit_history import Tenure, tenure, touches
from toankhoa.core.organisation.units import OrgTree, Tree, UnitVersion

__all__ = [
    "COLUMNS",
    "EFFECTS",
    "WHOLE",
    "Boundaries",
    "BoundaryChanges",
    "BoundaryShare",
    "BoundaryShares",
    "Change",
    "ChangeRow",
    "Effect",
    "Finder",
    "Keeper",
    "Lineage",
    "OrgTree",
    "Reform",
    "ReformPart",
    "Succession",
    "SuccessionLink",
    "Tenure",
    "Transfer",
    "TransferStep",
    "Tree",
    "UnitVersion",
    "Unsure",
    "boundary_changes_in",
    "changes_of",
    "faults",
    "folded",
    "in_order",
    "reform_from",
    "reform_json",
    "rows_of",
    "rows_of_table",
    "table_of",
    "tenure",
    "touches",
]
