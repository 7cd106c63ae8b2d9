"""A Railway in small: executes the documented GraphQL, and has deployments that take their time and really restart."""
