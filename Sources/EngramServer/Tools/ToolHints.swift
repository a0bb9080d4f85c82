internal import Episodes

/// What a host may know of a tool before it calls it.
package struct ToolHints: Hashable, Sendable {
  /// Whether it changes nothing that can be read.
  package var isReadOnly: Bool
  /// Whether it may take away or overwrite what is there.
  package var isDestructive: Bool
  /// Whether the same call again changes nothing more.
  package var isIdempotent: Bool

  static let reads = ToolHints(isReadOnly: true, isDestructive: false, isIdempotent: true)
  static let adds = ToolHints(isReadOnly: false, isDestructive: false, isIdempotent: false)

  /// All four of the protocol's. A memory is a world of its own.
  var json: JSONValue {
    [
      "readOnlyHint": .bool(isReadOnly), "destructiveHint": .bool(isDestructive),
      "idempotentHint": .bool(isIdempotent), "openWorldHint": false,
    ]
  }
}
