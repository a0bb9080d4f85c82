import Episodes
import Foundation
import Testing

@Suite("JSON values")
struct JSONValueTests {
  private func roundTrip(_ value: JSONValue) throws -> JSONValue {
    try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value))
  }

  @Test(
    "A value is read back as it was written",
    arguments: [
      JSONValue.null, true, false, 0, -1, 9_007_199_254_740_993, .integer(.max), .integer(.min),
      0.1, -2.5e-300, 1e300, "", "é 😀 \u{0}\n\"\\", [], [1, [2.5, nil], "x"], [:],
      ["a": ["b": [true, .null]], "": 1],
    ])
  func values(value: JSONValue) throws {
    #expect(try roundTrip(value) == value)
  }

  @Test("A whole number is the same whether it was written with a fraction or without")
  func wholeNumbers() throws {
    #expect(JSONValue.number(30) == .integer(30))
    #expect(Set([JSONValue.number(30), .integer(30)]).count == 1)
    #expect(try roundTrip(.number(30)) == .number(30))
    #expect(try roundTrip(.number(-0.0)) == .number(-0.0))
    #expect(JSONValue.number(0.5) != .integer(0))
    // Beyond 2^53 a double is not the integer next to it.
    #expect(JSONValue.integer(9_007_199_254_740_993) != .number(9_007_199_254_740_992))
    #expect(JSONValue.integer(.max) != .number(9_223_372_036_854_775_808))
    #expect(JSONValue.integer(1) != .bool(true))
    #expect(JSONValue.integer(1) != "1")
  }

  @Test("Text is read into the case that fits it")
  func cases() throws {
    func read(_ text: String) throws -> JSONValue {
      try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }
    #expect(try read("1") == .integer(1))
    #expect(try read("1.5") == .number(1.5))
    #expect(try read("true") == .bool(true))
    #expect(try read("null") == .null)
    #expect(try read("18446744073709551615") == .number(18_446_744_073_709_551_616))
    #expect(try read("\"1\"") == .string("1"))
    #expect(try read("[[]]") == .array([.array([])]))
    #expect(try read("{\"k\": {}}") == .object(["k": .object([:])]))
  }
}
