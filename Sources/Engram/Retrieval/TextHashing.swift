internal import Platform

/// A hash of texts that is the same in every process: of their UTF-8 bytes, with a byte that no text has after each.
func stableHash(_ texts: String...) -> UInt64 {
  var hash = StableHash()
  for text in texts {
    for byte in text.utf8 { hash.combine(byte) }
    hash.combine(0xff)
  }
  return hash.value
}
