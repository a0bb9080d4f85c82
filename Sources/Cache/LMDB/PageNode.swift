/// An entry of a page of LMDB's file (data version 1): what a check of the structure needs of it.
struct PageNode {
  static let pageHeaderBytes = 16
  private static let headerBytes = 8
  private static let keyBytesMax = 511
  private static let bigDataFlag: UInt16 = 0x01
  private static let subtableFlag: UInt16 = 0x02

  var keyBytes: Int
  var valueBytes: Int
  /// Whether the value has pages of its own.
  var isBig: Bool
  /// Of a branch's entry the page below, of a large value its first page.
  var child: UInt64
  /// Where in its page the value is, behind the key.
  var dataOffset: Int
  var subtable: MetaPage.Root?
  /// Where in its page the entry is, with its padding to an even length.
  private var extent: Range<Int>

  /// The entries of the page numbered `number`; nil when it is no sound branch or leaf.
  ///
  /// A page has a header of 16 bytes (its number, 2 bytes unused, flags, and where the free space
  /// begins and ends), the offsets of its entries, free space, and the entries without gaps.
  static func nodes(of page: [UInt8], page number: UInt64, isLeaf: Bool) -> [PageNode]? {
    page.withUnsafeBytes { bytes in
      func half(_ offset: Int) -> Int {
        Int(bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
      }
      let (flags, lower, upper) = (half(10), half(12), half(14))
      guard bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self) == number,
        flags == Int(isLeaf ? PageFlag.leaf : PageFlag.branch),
        lower > pageHeaderBytes, lower <= upper, upper <= bytes.count, lower % 2 == 0
      else { return nil }
      var nodes: [PageNode] = []
      nodes.reserveCapacity((lower - pageHeaderBytes) / 2)
      for place in stride(from: pageHeaderBytes, to: lower, by: 2) {
        let offset = half(place)
        guard offset >= upper, let node = PageNode(in: bytes, at: offset, isLeaf: isLeaf) else {
          return nil
        }
        nodes.append(node)
      }
      var end = upper
      for extent in nodes.map(\.extent).sorted(by: { $0.lowerBound < $1.lowerBound }) {
        guard extent.lowerBound == end else { return nil }
        end = extent.upperBound
      }
      return end == bytes.count ? nodes : nil
    }
  }

  private init?(in bytes: UnsafeRawBufferPointer, at offset: Int, isLeaf: Bool) {
    guard offset % 2 == 0, offset + Self.headerBytes <= bytes.count else { return nil }
    let low = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
    let flags = bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt16.self)
    keyBytes = Int(bytes.loadUnaligned(fromByteOffset: offset + 6, as: UInt16.self))
    dataOffset = offset + Self.headerBytes + keyBytes
    // The first key of a branch is empty.
    guard keyBytes <= Self.keyBytesMax, keyBytes > 0 || !isLeaf, dataOffset <= bytes.count else {
      return nil
    }
    valueBytes = isLeaf ? Int(low) : 0
    isBig = isLeaf && flags == Self.bigDataFlag
    let isSubtable = isLeaf && flags == Self.subtableFlag
    guard !isLeaf || isBig || isSubtable || flags == 0 else { return nil }
    let storedBytes = isBig ? 8 : valueBytes
    guard storedBytes <= bytes.count - dataOffset else { return nil }
    child = isLeaf ? 0 : UInt64(low) | UInt64(flags) << 32
    if isBig { child = bytes.loadUnaligned(fromByteOffset: dataOffset, as: UInt64.self) }
    if isSubtable {
      guard valueBytes == MetaPage.Root.byteCount else { return nil }
      subtable = MetaPage.Root(
        UnsafeRawBufferPointer(rebasing: bytes[dataOffset..<dataOffset + valueBytes]))
    }
    extent = offset..<(dataOffset + storedBytes + 1) & ~1
  }
}
