internal import ArgumentParser
internal import Engram
internal import Foundation
internal import Vamana

struct IndexCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index",
    abstract: "Build, describe or verify the vector index.",
    discussion: """
      EXAMPLES
        engram index build
        engram index verify
      """,
    subcommands: [IndexBuildCommand.self, IndexStatusCommand.self, IndexVerifyCommand.self])
}
