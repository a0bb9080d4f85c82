/// That what cannot be undone is meant.
struct Confirmation: Decodable {
  var confirm: Bool
}
