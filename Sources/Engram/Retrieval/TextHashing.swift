/// A hash that is the same in every process, unlike `Hasher`'s: FNV-1a of the UTF-8 bytes of each text and a byte
/// that no text has between them.
func stableHash(_ texts: String...) -> UInt64 {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for text in texts {
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    hash = (hash ^ 0xff) &* 0x0000_0100_0000_01b3
  }
  return hash
}
