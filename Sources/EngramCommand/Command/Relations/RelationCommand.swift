internal import ArgumentParser
internal import DurableStore
internal import Engram
internal import Episodes

struct RelationCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "relation",
    abstract: "Link episodes, and follow the links.",
    discussion: """
      Kinds: parentChild, dependsOn, blocks (these form no cycle), follows, relatedTo, duplicates, references. \
      Links lead from one episode to another of the same namespace.

      EXAMPLES
        engram relation add DEPLOY BUILD --kind dependsOn --reason "needs the artifact"
        engram relation list DEPLOY
        engram relation graph DEPLOY | dot -Tsvg > graph.svg
        engram relation order --kind dependsOn
      """,
    subcommands: [
      RelationAddCommand.self, RelationListCommand.self, RelationUpdateCommand.self,
      RelationRemoveCommand.self, RelationGraphCommand.self, RelationOrderCommand.self,
    ])
}
