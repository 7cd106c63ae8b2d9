"""The part of Railway's GraphQL schema that is answered here. Every type, field and argument is as Railway has it.

https://docs.railway.com/integrations/api; parsed once, when the first simulator is made.
"""

from functools import cache

from graphql import GraphQLSchema, build_schema

SDL = """
scalar DateTime
scalar DeploymentMeta

type Query {
  projectToken: ProjectToken!
  apiToken: ApiTokenContext!
  me: User!
  environment(id: String!, projectId: String): Environment!
  deployments(after: String, first: Int, input: DeploymentListInput!): QueryDeploymentsConnection!
  deployment(id: String!): Deployment!
  regions(projectId: String): [Region!]!
}

type Mutation {
  deploymentRestart(id: String!): Boolean!
  deploymentRedeploy(id: String!, usePreviousImageTag: Boolean): Deployment!
  serviceInstanceRedeploy(environmentId: String!, serviceId: String!): Boolean!
  deploymentRollback(id: String!): Boolean!
  deploymentStop(id: String!): Boolean!
}

type ProjectToken { id: ID! name: String! projectId: String! environmentId: String! createdAt: DateTime! }

type ApiTokenContext { workspaces: [ApiTokenWorkspace!]! }
type ApiTokenWorkspace { id: String! name: String! }

type User { id: ID! name: String email: String! }

type Environment {
  id: ID! name: String! projectId: String! isEphemeral: Boolean!
  serviceInstances(after: String, first: Int): EnvironmentServiceInstancesConnection!
}
type EnvironmentServiceInstancesConnection {
  edges: [EnvironmentServiceInstancesConnectionEdge!]! pageInfo: PageInfo!
}
type EnvironmentServiceInstancesConnectionEdge { cursor: String! node: ServiceInstance! }

type ServiceInstance {
  id: ID! serviceId: String! serviceName: String! environmentId: String! numReplicas: Int region: String
  latestDeployment: Deployment
  activeDeployments: [Deployment!]!
}

type Deployment {
  id: ID! status: DeploymentStatus! createdAt: DateTime! updatedAt: DateTime! statusUpdatedAt: DateTime
  canRedeploy: Boolean! canRollback: Boolean! deploymentStopped: Boolean! meta: DeploymentMeta
  instances: [DeploymentDeploymentInstance!]! projectId: String! serviceId: String environmentId: String!
}
type DeploymentDeploymentInstance { id: String! status: DeploymentInstanceStatus! }

type QueryDeploymentsConnection { edges: [QueryDeploymentsConnectionEdge!]! pageInfo: PageInfo! }
type QueryDeploymentsConnectionEdge { cursor: String! node: Deployment! }

type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }

input DeploymentListInput {
  environmentId: String projectId: String serviceId: String includeDeleted: Boolean status: DeploymentStatusInput
}
input DeploymentStatusInput { in: [DeploymentStatus!] notIn: [DeploymentStatus!] }

type Region {
  name: String! region: String country: String! location: String!
  deploymentConstraints: RegionDeploymentConstraints
}
type RegionDeploymentConstraints { deprecationInfo: RegionDeprecationInfo }
type RegionDeprecationInfo { isDeprecated: Boolean! replacementRegion: String! }

enum DeploymentStatus {
  BUILDING CRASHED DEPLOYING FAILED INITIALIZING NEEDS_APPROVAL QUEUED REMOVED REMOVING SKIPPED SLEEPING SUCCESS WAITING
}
enum DeploymentInstanceStatus {
  CRASHED CREATED EXITED INITIALIZING REMOVED REMOVING RESTARTING RUNNING SKIPPED STOPPED
}
"""


@cache
def schema() -> GraphQLSchema:
    """The schema, ready to execute."""
    return build_schema(SDL)
