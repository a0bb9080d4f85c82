extension String {
  /// The text in Unicode's normal form C: é as one code point, however it was typed. The database compares bytes, and
  /// Swift what they look like; in one normal form the two agree.
  ///
  /// - Complexity: linear in the length; a text of ASCII is returned as it is.
  package var composed: String {
    if utf8.allSatisfy({ $0 < 0x80 }) { return self }
    return String(decoding: Array(_nfcCodeUnits), as: UTF8.self)
  }
}
