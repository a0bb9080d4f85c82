/// What is asked of `embed`.
struct EmbedInput: Decodable {
  var text: String
}
