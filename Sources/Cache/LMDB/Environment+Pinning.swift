import CLMDB
import Glibc
import Synchronization

extension Environment {
  /// Makes a read transaction one that an object holds, until ``endRead(_:)`` gets it.
  ///
  /// As long as it lasts, all pages of its snapshot stay as they are; the map may be replaced all the same. So
  /// nothing may be read through it any more, nor through pointers that it gave: what is to be used is mapped
  /// before, see ``mapping(of:)``. To end it touches the table of readers only, which is no part of the map.
  func pin(_ transaction: consuming ReadTransaction) -> ReadTransaction {
    gate.withLock { gate in
      gate.activeCount -= 1
      gate.pinnedCount += 1
    }
    return ReadTransaction(handle: transaction.handle, path: path, isPinned: true)
  }

  /// Maps a value anew, so that it can be read when LMDB's map is gone.
  ///
  /// - Parameter value: in the map, of a transaction that is open; in pages of its own, as LMDB keeps a value
  ///   that is as long as a page.
  /// - Returns: nil where the value is not what it must be: the file is damaged.
  /// - Throws: ``CacheError`` when the system refuses.
  func mapping(of value: UnsafeRawBufferPointer) throws(CacheError) -> PageMapping? {
    let headerBytes = PageNode.pageHeaderBytes
    let alignment = UInt(min(pageBytes, Int(getpagesize())))
    guard let start = value.baseAddress, UInt(bitPattern: start) % alignment == UInt(headerBytes)
    else { return nil }
    // SAFETY: no value is nearer to the start of its page than the page's header is long.
    let header = UnsafeRawBufferPointer(start: start - headerBytes, count: headerBytes)
    let page = header.loadUnaligned(as: UInt64.self)
    guard header.loadUnaligned(fromByteOffset: 10, as: UInt16.self) == PageFlag.overflow,
      page < 1 << 40
    else { return nil }
    var descriptor: Int32 = -1
    try check(mdb_env_get_fd(handle, &descriptor), "map a segment", path)
    let mapping = try PageMapping(
      descriptor: descriptor, offset: Int(page) * pageBytes + headerBytes, count: value.count,
      path: path)
    // The header of a page is disk bytes as well: it might name another.
    guard let mapping, mapping.bytes.starts(with: value.prefix(4096)) else {
      return nil
    }
    return mapping
  }
}
