internal import ArgumentParser

/// One namespace, or all of them.
struct ScopeOptions: ParsableArguments {
  @OptionGroup var place: NamespaceOptions

  @Flag(help: "Every namespace.")
  var allNamespaces = false

  func validate() throws {
    if allNamespaces, place.namespace != nil {
      throw ArgumentParser.ValidationError("--namespace and --all-namespaces exclude each other")
    }
  }

  /// Nil for all.
  ///
  /// - Throws: ``CommandFailure`` for all, where they are in several shards and the command looks into one.
  func namespace(inShards: Bool = false) throws -> String? {
    guard allNamespaces else { return try place.name() }
    guard try inShards || Settings.current().shards == nil else {
      throw CommandFailure(
        "the namespaces are in several shards, and only 'engram search' looks into all of them; name one "
          + "with --namespace", status: .usage)
    }
    return nil
  }
}
