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
  func namespace() throws -> String? { allNamespaces ? nil : try place.name() }
}
