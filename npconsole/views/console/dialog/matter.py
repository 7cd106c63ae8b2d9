"""What a dialog is about. All have the same questions to answer: title, yes, fields, obstacle.

All but a proposal, which has to be planned first, can be sent as they are.
"""

from npconsole.views.console.dialog.pausing import Pausing
from npconsole.views.console.dialog.proposal import Proposal
from npconsole.views.console.dialog.switching import Switching
from npconsole.views.console.dialog.undoing import Undoing

Plain = Pausing | Switching
"""What is said of these is a few facts."""
Matter = Proposal | Undoing | Plain
