/// Which episodes go for good.
struct ForgetInput: Decodable {
  static let idsMax = 1000
  var episodeIDs: [String]
  var dryRun: Bool?
}
