internal import HTTPTypes

/// What answers which path.
struct RouteTable<Target: Sendable>: Sendable {
  struct Entry: Sendable {
    let template: PathTemplate
    var targets: [HTTPRequest.Method: Target]
  }

  struct Match: Sendable {
    let template: PathTemplate
    let values: [String: String]
    let targets: [HTTPRequest.Method: Target]

    /// For the `Allow` header.
    var methods: String { targets.keys.map(\.rawValue).sorted().joined(separator: ", ") }
  }

  private(set) var entries: [Entry] = []

  mutating func add(_ method: HTTPRequest.Method, _ path: String, _ target: Target) {
    let template = PathTemplate(path)
    if let index = entries.firstIndex(where: { $0.template == template }) {
      precondition(entries[index].targets[method] == nil, "\(method) \(path) is there twice")
      entries[index].targets[method] = target
    } else {
      entries.append(Entry(template: template, targets: [method: target]))
      // Stable, and the table is made once.
      entries.sort {
        ($1.template.literalCount, $0.template.text) < ($0.template.literalCount, $1.template.text)
      }
    }
  }

  /// The path that says most of what is meant, and has the method; one that has not where none does.
  ///
  /// - Parameter path: escaped, without its query.
  func match(_ path: some StringProtocol, _ method: HTTPRequest.Method) -> Match? {
    // A trailing slash is another path.
    guard path == "/" || path.hasPrefix("/") && !path.hasSuffix("/") else { return nil }
    let parts =
      path == "/"
      ? []
      : path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        .map { Substring($0) }
    var other: Match?
    for entry in entries {
      guard let values = entry.template.match(parts) else { continue }
      let match = Match(template: entry.template, values: values, targets: entry.targets)
      if entry.targets[method] != nil { return match }
      other = other ?? match
    }
    return other
  }
}
