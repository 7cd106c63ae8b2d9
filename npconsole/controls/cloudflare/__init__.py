"""Cache and load balancing at Cloudflare, by its API of version 4. https://developers.cloudflare.com/api/"""

from npconsole.controls.cloudflare.api import CloudflareAccess, CloudflareApi
from npconsole.controls.cloudflare.cache import CloudflareCache
from npconsole.controls.cloudflare.credential import CloudflareCredential
from npconsole.controls.cloudflare.limits import Plan
from npconsole.controls.cloudflare.traffic import CloudflareTraffic

__all__ = ["CloudflareAccess", "CloudflareApi", "CloudflareCache", "CloudflareCredential", "CloudflareTraffic", "Plan"]
