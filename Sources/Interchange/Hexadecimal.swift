/// Bytes as lower-case hexadecimal figures.
package enum Hexadecimal {
  package static func text(_ bytes: some Sequence<UInt8>) -> String {
    let figures = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
      text.append(figures[Int(byte >> 4)])
      text.append(figures[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}
