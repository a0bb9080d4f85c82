internal import Episodes

/// A playbook, or why there is none.
struct PlaybookOutput: Encodable {
  var playbook: Playbook?
  var note: String?
}
