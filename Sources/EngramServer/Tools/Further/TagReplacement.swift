internal import Episodes

/// Which tags go, and what comes in their place.
struct TagReplacement: Decodable {
  var tags: [Tag]
  var replacement: Tag?
  var namespace: String?
  var dryRun: Bool?
}
