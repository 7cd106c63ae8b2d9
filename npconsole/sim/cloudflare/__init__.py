"""A Cloudflare in small: the documented REST API for pools, load balancers and purges, and an edge that follows it."""
