import Episodes
import Synchronization

/// The tags seen so far, by name.
///
/// A tag is checked character by character when it is made, which would be most of the cost of
/// decoding an episode; the same few tags come again and again.
enum TagTable {
  private static let countMax = 4096
  private static let known = Mutex<[String: Tag]>([:])

  /// The tags named `names`, in order.
  ///
  /// - Throws: ``WireError/field(_:)`` when a name breaks the rules of a tag.
  static func tags(_ names: [String]) throws(WireError) -> [Tag] {
    if names.isEmpty { return [] }
    return try known.withLock { (known) throws(WireError) in
      var tags: [Tag] = []
      tags.reserveCapacity(names.count)
      for name in names {
        // Texts can be equal to Swift and differ in their bytes, which are to be kept.
        if let tag = known[name], tag.name.utf8.elementsEqual(name.utf8) {
          tags.append(tag)
          continue
        }
        guard let tag = try? Tag(name), tag.name.utf8.elementsEqual(name.utf8) else {
          throw .field("tags")
        }
        if known.count >= countMax { known.removeAll(keepingCapacity: true) }
        known[name] = tag
        tags.append(tag)
      }
      return tags
    }
  }
}
