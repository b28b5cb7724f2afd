"""Which documents are one: reposts that differ in wording around the matter, never in the matter.

The way there: `wording` takes from a text what a repost may change; `keys` finds the texts whose numbers and place
names stand in the same order, so that nothing else is ever compared; `sameness` compares; `groups` gathers.
"""

from pipelines.grouping.groups import Group, Grouping, same_documents
from pipelines.grouping.keys import Print
from pipelines.grouping.wording import Text

__all__ = ["Group", "Grouping", "Print", "Text", "same_documents"]
