/// Which pattern.
struct PatternID: Decodable {
  var patternID: String
}
