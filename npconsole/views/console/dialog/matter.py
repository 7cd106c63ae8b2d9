"""What a dialog is about. Both have the same questions to answer: title, yes, fields, obstacle."""

from npconsole.views.console.dialog.proposal import Proposal
from npconsole.views.console.dialog.undoing import Undoing

Matter = Proposal | Undoing
