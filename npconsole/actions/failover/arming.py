"""The host's own timer, armed before anything is drained: the drill is taken back although this process is gone."""

import asyncio

from npconsole.actions.conduct import Conduct
from npconsole.actions.failover.course import Course
from npconsole.errors import ProcessError


async def arm(conduct: Conduct, course: Course) -> None:
    """Arm it for some time after the drill's deadline. That there is none, or it fails, is said and stops nothing."""
    alarm, rules = conduct.world.alarm, conduct.world.drill
    if alarm is None:
        conduct.say("this host has no timer to arm: if this process dies, the next start of npconsole takes it back")
        return
    after_s = course.longest_s(rules) + rules.alarm_margin_s
    try:
        async with asyncio.timeout(conduct.pace.read_timeout_s):
            conduct.say(f"armed beforehand: {await alarm.arm(conduct.run.id, after_s)}")
    except (ProcessError, TimeoutError) as error:
        reason = error.message if isinstance(error, ProcessError) else "no answer in time"
        conduct.say(f"the host's timer could not be armed: {reason}")


async def disarm(conduct: Conduct) -> None:
    """It is not needed any more. When it goes off all the same, it finds nothing to do."""
    alarm = conduct.world.alarm
    if alarm is None:
        return
    try:
        async with asyncio.timeout(conduct.pace.read_timeout_s):
            await alarm.disarm(conduct.run.id)
    except (ProcessError, TimeoutError):
        conduct.say("the host's timer is still armed; it will find nothing to do")
