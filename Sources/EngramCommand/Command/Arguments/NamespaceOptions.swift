internal import ArgumentParser
internal import Engram
internal import Episodes

/// The namespace that a command works in: one rule for all of them.
///
/// `--namespace`, else `ENGRAM_NAMESPACE`, else the configuration file, else `default`. An id is enough by itself:
/// it is looked for in every namespace unless one is named.
struct NamespaceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The namespace. Default: ENGRAM_NAMESPACE, else 'default'; with the id of an episode, its own.",
      valueName: "name"))
  var namespace: String?

  func validate() throws {
    if let namespace, namespace.isEmpty {
      throw ArgumentParser.ValidationError("--namespace is empty; expected a name")
    }
  }

  /// Where to look, and to put what is new.
  func name() throws -> String { try namespace ?? Settings.current().namespace }

  /// The one that is named by option, environment or file; nil where none is.
  func named() throws -> String? { try namespace ?? Settings.current()[.namespace] }

  /// The namespace for a task that is done in an episode: the episode's own.
  ///
  /// - Throws: ``CommandFailure`` where there is no such episode, or not in the namespace that is named.
  func name(ofEpisode id: String?, in memory: Memory) async throws -> String {
    guard let id else { return try name() }
    return try await episode(id, in: memory).namespace
  }

  /// The episode with an id, wherever it is, or in the namespace that is named.
  @discardableResult
  func episode(_ id: String, in memory: Memory) async throws -> Episode {
    let named = try named()
    guard let episode = try await memory.episode(id: id),
      named == nil || episode.namespace == named
    else {
      throw CommandFailure(
        "there is no episode '\(id)'" + (named.map { " in namespace '\($0)'" } ?? ""))
    }
    return episode
  }

  /// Refuses episodes of another namespace than the one that is named.
  func check(_ ids: String..., in memory: Memory) async throws {
    guard try named() != nil else { return }
    for id in ids { try await episode(id, in: memory) }
  }
}
