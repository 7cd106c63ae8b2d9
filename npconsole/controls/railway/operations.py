"""The GraphQL operations, and nothing else is ever sent. Each is valid against the schema that Railway publishes."""

_STATE = """
fragment state on Deployment {
  id status createdAt statusUpdatedAt deploymentStopped canRedeploy canRollback meta instances { id status }
}"""

SERVICES = (
    """query services($environmentId: String!, $projectId: String, $after: String) {
  environment(id: $environmentId, projectId: $projectId) {
    serviceInstances(first: 100, after: $after) {
      edges { node { serviceId region latestDeployment { ...state } activeDeployments { ...state } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}"""
    + _STATE
)
"""All services of an environment: one query, however many regions are watched, as requests are counted by the hour."""

DEPLOYMENT = (
    """query deployment($id: String!) {
  deployment(id: $id) { serviceId environmentId ...state }
}"""
    + _STATE
)

DEPLOYMENTS = (
    """query deployments($input: DeploymentListInput!, $first: Int) {
  deployments(input: $input, first: $first) { edges { node { ...state } } }
}"""
    + _STATE
)

RESTART = "mutation restart($id: String!) { deploymentRestart(id: $id) }"
"""The same deployment, without a build; it keeps its id."""

REDEPLOY = "mutation redeploy($id: String!) { deploymentRedeploy(id: $id, usePreviousImageTag: true) { id } }"

ROLLBACK = "mutation rollback($id: String!) { deploymentRollback(id: $id) }"
"""A Boolean in the schema, whatever the examples of the documentation show."""

PROJECT_TOKEN = "query projectToken { projectToken { projectId environmentId name } }"  # noqa: S105 (a query, not a token)

ACCOUNT_TOKEN = "query apiToken { apiToken { workspaces { id name } } }"  # noqa: S105 (a query, not a token)
"""Account and workspace tokens; `me` would refuse the latter."""
