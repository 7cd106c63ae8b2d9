"""Which regions one deployment serves: a service of several vendor regions changes in all of them at once."""

from npconsole.actions.world import World
from npconsole.model.controls import Deployment


async def regions_together(target: str, live: Deployment, world: World) -> tuple[str, ...]:
    """The target first, then the other regions whose live deployment is the same one."""
    if len(live.regions) < 2:
        return (target,)
    others = [each.id for each in world.siblings(target) if each.id != target and each.id in world.services]
    same = [each for each in others if (await world.services[each].live()).id == live.id]
    return (target, *same)
