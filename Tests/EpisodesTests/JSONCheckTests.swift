import Testing

@testable import Episodes

@Suite("JSON looked at without being read")
struct JSONCheckTests {
  private func isPlain(_ bytes: [UInt8], depthMax: Int = 8) -> Bool {
    bytes.withUnsafeBytes { JSONCheck.isPlain($0, depthMax: depthMax) }
  }

  private func isRead(_ bytes: [UInt8], depthMax: Int = 8) -> Bool {
    // As its users do, which look at the text first.
    guard String(validating: bytes, as: UTF8.self) != nil else { return false }
    return bytes.withUnsafeBytes { (try? JSONReader.value(of: $0, depthMax: depthMax)) != nil }
  }

  private static let plain = [
    #"{}"#, #"[]"#, #""""#, "0", "-1", "-0", "12.50", "123456789012345678", "true", "false", "null",
    #"{"cmd":"ls -l \"x\" \\ \n","n":3}"#, #"[[],[{"a":{"a":[1,2.5,null]}}],"b"]"#,
    #"{"a":1,"b":2,"c":{"a":1}}"#,
  ]

  @Test("What programs write is plain", arguments: plain)
  func right(text: String) {
    #expect(isPlain(Array(text.utf8)))
    #expect(isRead(Array(text.utf8)))
  }

  @Test(
    "What is wrong, or hard to tell, is not",
    arguments: [
      "", " 1", "1 ", "01", "1.", ".5", "-", "1e3", "1234567890123456789", "tru", "nulll", "{",
      "[1,]",
      #"{"a":1,}"#, #"{"a" :1}"#, #"{"a":1,"a":2}"#, #"{"a":1,"b":2,"a":3}"#, #"{"\n":1}"#,
      #"{a:1}"#,
      #""\u0041""#, #""\x""#, "\"\u{1}\"", #""open"#, #""\"#, #"{"a"}"#, "[1 2]", "1,2",
    ])
  func other(text: String) { #expect(!isPlain(Array(text.utf8))) }

  @Test("The depth has a bound, and deep nesting with many fields is looked at once")
  func depth() {
    func nested(_ depth: Int) -> [UInt8] {
      Array(
        (String(repeating: #"{"a":"#, count: depth) + "1"
          + String(repeating: #","b":2}"#, count: depth)).utf8)
    }
    for depth in [1, 7, 8, 9, 60] {
      #expect(isPlain(nested(depth)) == (depth <= 8))
      #expect(isRead(nested(depth)) == (depth <= 8))
    }
    #expect(isPlain(nested(100), depthMax: 128))
  }

  @Test("Whatever is done to the bytes, it never says yes to what the reader refuses")
  func mutations() {
    var seed: UInt64 = 17
    func below(_ bound: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(seed >> 33) % bound
    }
    let pieces = [
      "\"", "\\", "{", "}", "[", "]", ",", ":", "0", ".", "-", "e", " ", "null", "a", "\u{1}",
    ]
    var yes = 0
    for _ in 0..<20_000 {
      var bytes = Array(Self.plain[below(Self.plain.count)].utf8)
      for _ in 0...below(3) {
        let place = below(bytes.count + 1)
        switch below(3) {
        case 0 where place < bytes.count: bytes.remove(at: place)
        case 1 where place < bytes.count: bytes[place] = UInt8(below(0x80))
        default: bytes.insert(contentsOf: Array(pieces[below(pieces.count)].utf8), at: place)
        }
      }
      guard isPlain(bytes) else { continue }
      yes += 1
      #expect(isRead(bytes), "\(String(decoding: bytes, as: UTF8.self))")
    }
    #expect(yes > 1000)
  }
}
