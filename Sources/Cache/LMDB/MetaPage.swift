/// One of the two pages at the start of LMDB's file (data version 1, 64 bit, little endian), of
/// which the one with the higher transaction id is current.
struct MetaPage {
  /// Where a table starts.
  struct Root {
    static let byteCount = 48
    /// The page of a table without entries.
    static let none = UInt64.max

    var pageBytes: UInt32
    var flags: UInt16
    var depth: UInt16
    /// The largest of the counts of branch, leaf and overflow pages.
    var pageCountMax: UInt64
    var entryCount: UInt64
    var page: UInt64

    init(_ bytes: UnsafeRawBufferPointer) {
      pageBytes = bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self)
      flags = bytes.loadUnaligned(fromByteOffset: 4, as: UInt16.self)
      depth = bytes.loadUnaligned(fromByteOffset: 6, as: UInt16.self)
      pageCountMax = [8, 16, 24].reduce(0) {
        max($0, bytes.loadUnaligned(fromByteOffset: $1, as: UInt64.self))
      }
      entryCount = bytes.loadUnaligned(fromByteOffset: 32, as: UInt64.self)
      page = bytes.loadUnaligned(fromByteOffset: 40, as: UInt64.self)
    }
  }

  static let magic: UInt32 = 0xBEEF_C0DE
  static let version: UInt32 = 1
  /// Bytes read of a meta page: the page header of 16 bytes and what follows.
  static let byteCount = 152

  var free: Root
  var main: Root
  var lastPage: UInt64
  var transactionID: UInt64
  var pageBytes: Int { Int(free.pageBytes) }

  /// Reads the meta page at `offset`.
  ///
  /// - Throws: ``CacheError`` with reason `damaged` when it is none.
  init(_ file: borrowing PageFile, at offset: Int) throws(CacheError) {
    var buffer: [UInt8] = []
    try file.read(Self.byteCount, at: offset, into: &buffer)
    let (flags, magic, version) = buffer.withUnsafeBytes { bytes in
      (
        bytes.loadUnaligned(fromByteOffset: 10, as: UInt16.self),
        bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self),
        bytes.loadUnaligned(fromByteOffset: 20, as: UInt32.self)
      )
    }
    guard flags & PageFlag.meta != 0, magic == Self.magic else {
      throw file.damage("it is not an LMDB file")
    }
    guard version == Self.version else {
      throw file.damage("its LMDB data version is \(version), not \(Self.version)")
    }
    (free, main, lastPage, transactionID) = buffer.withUnsafeBytes { bytes in
      (
        Root(UnsafeRawBufferPointer(rebasing: bytes[40..<88])),
        Root(UnsafeRawBufferPointer(rebasing: bytes[88..<136])),
        bytes.loadUnaligned(fromByteOffset: 136, as: UInt64.self),
        bytes.loadUnaligned(fromByteOffset: 144, as: UInt64.self)
      )
    }
    guard (512...32_768).contains(free.pageBytes), free.pageBytes.nonzeroBitCount == 1 else {
      throw file.damage("its page size is \(free.pageBytes)")
    }
    // A file can be shorter than its last page, since a page that was given up in the transaction
    // that took it is never written; but not without bound.
    guard lastPage < 1 << 40 else { throw file.damage("its last page is \(lastPage)") }
  }

  /// Checks what LMDB takes on trust when it opens the file in `directory`; a missing or empty
  /// file is sound.
  static func checkFile(path directory: String) throws(CacheError) {
    guard let file = try PageFile(directory: directory), file.byteCount > 0 else { return }
    let first = try MetaPage(file, at: 0)
    let second = try MetaPage(file, at: first.pageBytes)
    guard second.pageBytes == first.pageBytes else {
      throw file.damage("its page size is both \(first.pageBytes) and \(second.pageBytes)")
    }
  }
}
