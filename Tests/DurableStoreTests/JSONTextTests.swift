import Episodes
import Foundation
import Testing

@testable import DurableStore

@Suite("JSON columns")
struct JSONTextTests {
  @Test("Any value is written and read back equal, and Foundation reads it too")
  func roundTrip() throws {
    let seed: UInt64 = 51
    print("seed \(seed)")
    var random = RandomEpisodes(seed: seed)
    for _ in 0..<2000 {
      let value = random.json()
      let text = JSONColumns.value(value)
      #expect(try JSONTextReader.parse(text) == value, "\(text)")
      _ = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    }
  }

  @Test("Keys are sorted, and equal values give equal texts")
  func deterministic() {
    let value: JSONValue = ["b": 1, "a": [true, nil, 1.0], "c": "\u{1}\"\\\n"]
    #expect(JSONColumns.value(value) == #"{"a":[true,null,1.0],"b":1,"c":"\u0001\"\\\n"}"#)
  }

  @Test("Texts others wrote are understood")
  func foreign() throws {
    let cases: [(String, JSONValue)] = [
      (" [ 1 , 2.0 , -3e2 ] ", [1, 2.0, -300.0]),
      (#""\u00e9\ud83d\ude00\/\b\f\r\t""#, .string("é😀/\u{8}\u{c}\r\t")),
      ("18446744073709551616", .number(18_446_744_073_709_551_616)),
      ("{\"a\":1,\"a\":2}", ["a": 2]),
    ]
    for (text, value) in cases { #expect(try JSONTextReader.parse(text) == value, "\(text)") }
  }

  @Test("Text that is not JSON is an error")
  func malformed() {
    let cases = [
      "", " ", "{", "[1,", "[1 2]", "{\"a\"}", "{\"a\":}", "{1:2}", "tru", "nul", "\"abc",
      "\"\\x\"",
      "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "1 2", "-", "1e999", "NaN", "]", "[1]]",
      String(repeating: "[", count: 100_000),
    ]
    for text in cases {
      #expect(throws: JSONTextError.self, "\(text.prefix(20))") {
        try JSONTextReader.parse(text)
      }
    }
  }

  @Test("A damaged column is an error that names it")
  func damagedColumn() async throws {
    try await withStore { store, _ in
      for (column, text) in [
        ("metadata", "{oops"), ("task_type", "cooking"), ("reflection", "[]"),
        ("pattern_ids", "{}"),
      ] {
        try await store.insert([NewEpisode(Samples.episode("e"))], onConflict: .replace)
        try await store.write("UPDATE episodes SET \(column) = ?1", [.text(text)])
        let error = await #expect(throws: DurableStoreError.self) {
          try await store.episode(id: "e")
        }
        guard case .corrupt(table: "episodes", column: column, _)? = error else {
          Issue.record("\(column): \(String(describing: error))")
          continue
        }
      }
    }
  }
}
