"""The tables of the workbench, for Django and for whoever reads them."""

from coordination.workbench.models.export import ExportJob, ExportPart, ExportState
from coordination.workbench.models.queue import SavedView, TicketSeen

__all__ = ["ExportJob", "ExportPart", "ExportState", "SavedView", "TicketSeen"]
