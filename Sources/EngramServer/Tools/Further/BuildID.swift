/// Which build of the index.
struct BuildID: Decodable {
  var buildID: String
}
