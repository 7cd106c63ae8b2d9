"""Every channel that Apprise knows: mail, chat, SMS and some hundred others. https://github.com/caronc/apprise"""

from npconsole.controls.apprise.channel import AppriseChannel

__all__ = ["AppriseChannel"]
