internal import Crypto

/// The identity of a text, by which its embedding is kept and found again.
public enum TextHash {
  /// SHA-256 of the text's UTF-8 bytes, as 64 lower-case hexadecimal digits.
  ///
  /// Texts that are equal by Unicode's canonical equivalence but differ in their bytes have
  /// different hashes.
  /// - Complexity: O(bytes of the text).
  public static func contentHash(of text: String) -> String {
    var text = text
    let digest = text.withUTF8 { SHA256.hash(data: $0) }
    let digits = Array("0123456789abcdef".utf8)
    return String(unsafeUninitializedCapacity: 2 * SHA256.byteCount) { characters in
      var position = 0
      for byte in digest {
        characters[position] = digits[Int(byte >> 4)]
        characters[position + 1] = digits[Int(byte & 15)]
        position += 2
      }
      return position
    }
  }
}
