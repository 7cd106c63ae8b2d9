"""Services on Railway, by its GraphQL API. https://docs.railway.com/integrations/api"""

from npconsole.controls.railway.api import RailwayAccess, RailwayApi
from npconsole.controls.railway.credential import RailwayCredential
from npconsole.controls.railway.service import RailwayService

__all__ = ["RailwayAccess", "RailwayApi", "RailwayCredential", "RailwayService"]
