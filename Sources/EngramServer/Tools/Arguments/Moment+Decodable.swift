package import Episodes

extension Moment: Decodable {
  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let moment = Moment(text) else {
      throw ValidationError(
        field: "time", problem: "'\(PrintableText.line(String(text.prefix(60))))' is none",
        expected: JSONShape.moment.expectation)
    }
    self = moment
  }
}
