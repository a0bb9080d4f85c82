/// The numbers that steps got.
struct LogOutput: Encodable {
  var episodeID: String
  var numbers: [Int]
}
