"""From what was asked for to the load that is sent. Whether its size makes sense is for the engine to say. Pure."""

from npconsole.actions.frame import Order
from npconsole.actions.world import World
from npconsole.errors import UsageError
from npconsole.model.load import Load


def asked_load(order: Order, world: World, *, tag: str = "") -> Load:
    """The load of an order, without thresholds: the engine knows those that are configured. Raises UsageError."""
    inputs = order.inputs
    return Load(
        target=order.target,
        address=_address(order.target, world),
        users=inputs.integer("vus"),
        duration_s=inputs.seconds("duration"),
        rate=float(inputs.integer("rate")) if inputs.text("rate") else None,
        script=inputs.text("script"),
        asset=str(world.assets.get(order.target, "")),
        cloud=_from_cloud(inputs.text("engine"), world),
        tag=tag,
    )


def _from_cloud(engine: str, world: World) -> bool:
    if engine == "k6" and world.benchmarking.in_cloud:
        raise UsageError("every load is sent from k6's cloud here", hint="benchmark.engine is cloud")
    return engine == "cloud" or world.benchmarking.in_cloud


def _address(target: str, world: World) -> str:
    # A plain text: what a configuration holds has a type of its own, which is not kept.
    region, edge = world.region(target), world.edge(target)
    if region is not None:
        return str(region.origin)
    if edge is not None:
        return str(edge.url)
    raise UsageError(f"{target} is neither a region nor an edge")
