import Episodes
import Glibc
import Synchronization

/// The tags seen so far, by name.
///
/// A tag is checked character by character when it is made, which would be most of the cost of
/// decoding an episode; the same few tags come again and again.
enum TagTable {
  /// A tag is in one of a few slots behind where its hash says; a new one takes the place of another.
  private static let slotCount = 4096
  private static let waysMax = 8
  private static let slots = Mutex([Tag?](repeating: nil, count: slotCount))

  /// The tag with the name in `bytes`.
  ///
  /// - Throws: ``WireError/field(_:)`` when the name breaks the rules of a tag.
  static func tag(_ bytes: UnsafeRawBufferPointer) throws(WireError) -> Tag {
    var hash: UInt32 = 0x811c_9dc5
    for byte in bytes { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    hash ^= hash >> 16
    let known = slots.withLock { slots in
      for way in 0..<UInt32(waysMax) {
        guard let tag = slots[Int((hash &+ way) % UInt32(slotCount))] else { return nil as Tag? }
        if isNamed(tag, bytes) { return tag }
      }
      return nil
    }
    if let known { return known }
    // Texts can be equal to Swift and differ in their bytes, which are to be kept.
    guard let tag = try? Tag(String(decoding: bytes, as: UTF8.self)),
      isNamed(tag, bytes)
    else { throw .field("tags") }
    slots.withLock { slots in
      let places = (0..<UInt32(waysMax)).map { Int((hash &+ $0) % UInt32(slotCount)) }
      slots[places.first { slots[$0] == nil } ?? places[Int(hash >> 16) % waysMax]] = tag
    }
    return tag
  }

  private static func isNamed(_ tag: Tag, _ bytes: UnsafeRawBufferPointer) -> Bool {
    let name = tag.name.utf8
    guard name.count == bytes.count, bytes.count > 0 else { return false }
    return name.withContiguousStorageIfAvailable {
      // SAFETY: both are as long as is compared.
      memcmp($0.baseAddress!, bytes.baseAddress!, bytes.count) == 0
    } ?? name.elementsEqual(bytes)
  }

  /// The tags named `names`, in order.
  ///
  /// - Throws: ``WireError/field(_:)`` when a name breaks the rules of a tag.
  static func tags(_ names: [String]) throws(WireError) -> [Tag] {
    var tags: [Tag] = []
    tags.reserveCapacity(names.count)
    for var name in names {
      let found = name.withUTF8 { utf8 in
        Result { () throws(WireError) in try tag(UnsafeRawBufferPointer(utf8)) }
      }
      tags.append(try found.get())
    }
    return tags
  }
}
