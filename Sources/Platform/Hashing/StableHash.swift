/// FNV-1a of 64 bits: a hash that is the same in every process and release, unlike `Hasher`'s, so that it may be
/// kept in files. Not for keys that somebody chooses to collide.
///
/// Source: Fowler, Noll and Vo.
package struct StableHash: Sendable {
  package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  package init() {}

  package mutating func combine(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
  }
}
