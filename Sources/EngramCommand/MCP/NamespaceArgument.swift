internal import ArgumentParser
internal import Episodes

/// A namespace as an option of a command.
enum NamespaceArgument {
  /// - Throws: what the argument parser shows, where it cannot be the name of a namespace.
  static func check(_ namespace: String?) throws {
    guard let namespace else { return }
    do throws(Episodes.ValidationError) {
      try Identifier.check(namespace, field: "--namespace")
    } catch {
      throw ArgumentParser.ValidationError(error.description)
    }
  }
}
