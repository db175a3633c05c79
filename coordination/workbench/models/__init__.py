"""The models of the workbench, exported for Django and other modules."""

from coordination.workbench.models.display import DisplayLink
from coordination.workbench.models.export import ExportJob, ExportPart, ExportState
from coordination.workbench.models.phrase import Phrase
from coordination.workbench.models.queue import SavedView, TicketSeen

__all__ = [
    "DisplayLink", "ExportJob", "ExportPart", "ExportState", "Phrase", "SavedView", "TicketSeen",
]  # fmt: skip
