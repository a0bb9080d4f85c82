internal import ArgumentParser
internal import Episodes

/// Tags as people type them.
enum TagArgument {
  /// - Throws: a `ValidationError` that names the option.
  static func tags(_ names: [String], option: String) throws -> [Tag] {
    try names.map { name in
      do {
        return try Tag(name)
      } catch {
        throw ArgumentParser.ValidationError("\(option): \(error)")
      }
    }
  }
}
