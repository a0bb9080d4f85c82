import Episodes
import Foundation
import Testing

import struct Episodes.Tag

@Suite("Tags")
struct TagTests {
  @Test("White space at the ends goes and letters become small")
  func normalised() throws {
    #expect(try Tag("  Web-API_2 \n").name == "web-api_2")
    #expect(try Tag("ÄRGER").name == "ärger")
    #expect(try Tag("日本").name == "日本")
    #expect(try Tag("WEB").description == "web")
    #expect(try Tag("Web") == Tag("web"))
    #expect(try Tag("aa") < Tag("ab"))
  }

  @Test("What is normal already stays as it is")
  func stable() throws {
    for text in ["auth", "x2", "ärger", "i̇x", "ﬀ-ﬀ", "ǆx", String(repeating: "z", count: 100)] {
      let tag = try Tag(text)
      #expect(try Tag(tag.name) == tag)
    }
  }

  @Test(
    "Too short, too long and other characters are refused",
    arguments: [
      "", "a", " a ", "a b", "a.b", "a/b", "#ab", "a\u{0}b", "a\u{200B}b", "😀😀",
      String(repeating: "z", count: 101),
    ])
  func refused(text: String) throws {
    let error = #expect(throws: ValidationError.self) { try Tag(text) }
    #expect(error?.field == "tags")
    #expect(error?.expected == "2 to 100 letters, digits, '-' or '_'")
  }

  @Test("Marks piled on one character do not make a tag longer than its limit in bytes")
  func bytes() {
    #expect(throws: ValidationError.self) {
      try Tag("ae" + String(repeating: "\u{301}", count: 10_000))
    }
  }

  @Test("JSON holds a tag as text and normalises it on the way in")
  func json() throws {
    let tags = try JSONDecoder().decode([Tag].self, from: Data("[\" Auth \"]".utf8))
    #expect(tags.map(\.name) == ["auth"])
    #expect(String(decoding: try JSONEncoder().encode(tags), as: UTF8.self) == "[\"auth\"]")
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode([Tag].self, from: Data("[\"a b\"]".utf8))
    }
  }
}
