import Episodes
import Synchronization

/// The tags seen so far, by name.
///
/// A tag is checked character by character when it is made, which would be most of the cost of
/// decoding an episode; the same few tags come again and again.
enum TagTable {
  /// One for each of the first bits of a hash; a later tag takes the place of an earlier one.
  private static let slotCount = 1024
  private static let slots = Mutex([Tag?](repeating: nil, count: slotCount))

  /// The tag with the name in `bytes`.
  ///
  /// - Throws: ``WireError/field(_:)`` when the name breaks the rules of a tag.
  static func tag(_ bytes: UnsafeRawBufferPointer) throws(WireError) -> Tag {
    var hash: UInt32 = 0x811c_9dc5
    for byte in bytes { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    let slot = Int((hash ^ hash >> 16) % UInt32(slotCount))
    let known = slots.withLock { $0[slot] }
    if let known, known.name.utf8.elementsEqual(bytes) { return known }
    // Texts can be equal to Swift and differ in their bytes, which are to be kept.
    guard let tag = try? Tag(String(decoding: bytes, as: UTF8.self)),
      tag.name.utf8.elementsEqual(bytes)
    else { throw .field("tags") }
    slots.withLock { $0[slot] = tag }
    return tag
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
