/// A namespace that goes, or gets another name.
struct NamespaceInput: Decodable {
  var namespace: String
  var name: String?
  var merging: Bool?
  var dryRun: Bool?
}
