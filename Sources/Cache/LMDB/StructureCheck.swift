/// Walks the trees of an LMDB file and checks what the library takes on trust: that every page is
/// in the file, is what its parent says, and has its entries within itself.
///
/// LMDB has no checksums. A file cut short or overwritten would otherwise have a later read follow
/// an offset out of the file, which ends the process. Bytes that change inside a sound structure
/// are noticed where a value is decoded.
struct StructureCheck: ~Copyable {
  /// Leaf pages read at opening: 64 MiB of them, some milliseconds from memory. Of larger tables
  /// the rest of the leaves is only checked to be in the file; branches are always read.
  static let leavesAtOpeningMax = 16_384

  private static let headerBytes = 16
  private static let nodeHeaderBytes = 8
  private static let bigDataFlag: UInt16 = 0x01
  private static let subtableFlag: UInt16 = 0x02
  private static let depthMax = 32

  private let file: PageFile
  private let meta: MetaPage
  private var leavesLeft: Int
  private var pagesLeft: UInt64

  /// Checks the snapshot of the transaction `transactionID`, which must be open, so that writers
  /// leave its pages alone.
  ///
  /// - Returns: the number of entries of the main table.
  /// - Throws: ``CacheError`` with reason `damaged`, naming the page.
  @discardableResult
  static func check(
    path: String, transactionID: UInt64, leavesMax: Int
  ) throws(CacheError) -> UInt64 {
    guard let file = try PageFile(directory: path), file.byteCount > 0 else { return 0 }
    let first = try MetaPage(file, at: 0)
    let second = try MetaPage(file, at: first.pageBytes)
    // A writer replaces the older of the two at its commit, so after two commits the snapshot's own
    // is gone. Then the snapshot's roots are not known, and the writers are at work on it anyway.
    guard
      let meta = [first, second].first(where: { $0.transactionID == transactionID })
    else {
      let newer = first.transactionID > second.transactionID ? first : second
      guard newer.transactionID > transactionID else {
        throw file.damage("no meta page is of transaction \(transactionID)")
      }
      return newer.main.entryCount
    }
    var check = StructureCheck(file: file, meta: meta, leavesMax: leavesMax)
    try check.walk(meta.free, as: .freeList)
    try check.walk(meta.main, as: .main)
    return meta.main.entryCount
  }

  private init(file: consuming PageFile, meta: MetaPage, leavesMax: Int) {
    self.file = file
    self.meta = meta
    self.leavesLeft = leavesMax
    self.pagesLeft = meta.lastPage + 1
  }

  private enum Tree {
    /// Maps transactions to the pages they gave up, which a writer takes on trust.
    case freeList
    /// Holds the roots of the named tables, and they hold none.
    case main
    case table
  }

  private mutating func walk(_ root: MetaPage.Root, as tree: Tree) throws(CacheError) {
    if root.page == MetaPage.Root.none { return }
    guard root.depth >= 1, root.depth <= Self.depthMax else {
      throw file.damage("the tree at page \(root.page) is \(root.depth) deep")
    }
    try walk(page: root.page, levelsBelow: Int(root.depth) - 1, tree: tree)
  }

  private mutating func walk(
    page: UInt64, levelsBelow: Int, tree: Tree
  ) throws(CacheError) {
    try checkIsInFile(page: page, pageCount: 1)
    // Trees share no pages, so more visits than pages mean a cycle.
    guard pagesLeft > 0 else { throw file.damage("its trees have more pages than the file") }
    pagesLeft -= 1
    if levelsBelow == 0 {
      if leavesLeft == 0, tree == .table { return }
      if leavesLeft > 0 { leavesLeft -= 1 }
    }
    var bytes: [UInt8] = []
    try file.read(meta.pageBytes, at: Int(page) * meta.pageBytes, into: &bytes)
    let nodes = try checkedNodes(of: bytes, page: page, isLeaf: levelsBelow == 0)
    for node in nodes {
      if levelsBelow > 0 {
        try walk(page: node.child, levelsBelow: levelsBelow - 1, tree: tree)
        continue
      }
      let isBig = node.flags & Self.bigDataFlag != 0
      if isBig { try checkOverflow(page: node.child, valueBytes: node.valueBytes) }
      if tree == .freeList {
        let start = isBig ? Int(node.child) * meta.pageBytes + Self.headerBytes : nil
        try checkFreeList(node: node, leaf: bytes, overflowStart: start)
      } else if let root = node.subtable {
        guard tree == .main else { throw file.damage("page \(page) holds a table in a table") }
        try walk(root, as: .table)
      }
    }
  }

  /// Checks a list of free pages: a count and as many pages in falling order.
  private func checkFreeList(
    node: Node, leaf: [UInt8], overflowStart: Int?
  ) throws(CacheError) {
    var list: [UInt8] = []
    if let overflowStart {
      try file.read(node.valueBytes, at: overflowStart, into: &list)
    } else {
      list = Array(leaf[node.dataOffset..<node.dataOffset + node.valueBytes])
    }
    let isSound = list.withUnsafeBytes { bytes in
      guard bytes.count >= 8 else { return false }
      let count = bytes.loadUnaligned(as: UInt64.self)
      guard count <= UInt64(bytes.count / 8 - 1) else { return false }
      var previous = meta.lastPage + 1
      for index in 0..<Int(count) {
        let page = bytes.loadUnaligned(fromByteOffset: 8 + index * 8, as: UInt64.self)
        guard page >= 2, page < previous else { return false }
        previous = page
      }
      return true
    }
    guard isSound else { throw file.damage("a list of free pages is broken") }
  }

  private func checkIsInFile(page: UInt64, pageCount: UInt64) throws(CacheError) {
    guard page >= 2, page <= meta.lastPage, pageCount <= meta.lastPage + 1 - page else {
      throw file.damage("page \(page) is out of range")
    }
    guard Int(page + pageCount) * meta.pageBytes <= file.byteCount else {
      throw file.damage("page \(page) is beyond the end of the file")
    }
  }

  private func checkOverflow(page: UInt64, valueBytes: Int) throws(CacheError) {
    try checkIsInFile(page: page, pageCount: 1)
    var bytes: [UInt8] = []
    try file.read(Self.headerBytes, at: Int(page) * meta.pageBytes, into: &bytes)
    let (number, flags, count) = bytes.withUnsafeBytes { bytes in
      (
        bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
        bytes.loadUnaligned(fromByteOffset: 10, as: UInt16.self),
        bytes.loadUnaligned(fromByteOffset: 12, as: UInt32.self)
      )
    }
    guard number == page, flags & PageFlag.overflow != 0,
      Int(count) * meta.pageBytes >= Self.headerBytes + valueBytes
    else { throw file.damage("page \(page) does not hold its value") }
    try checkIsInFile(page: page, pageCount: UInt64(count))
  }

  /// What the walk needs of an entry of a page.
  private struct Node {
    var flags: UInt16
    var valueBytes: Int
    /// Of a branch's entry the page below, of a large value its first page.
    var child: UInt64
    /// Where in its page the value is.
    var dataOffset: Int
    var subtable: MetaPage.Root?
  }

  private func checkedNodes(
    of page: [UInt8], page number: UInt64, isLeaf: Bool
  ) throws(CacheError) -> [Node] {
    let nodes: [Node]? = page.withUnsafeBytes { bytes in
      func half(_ offset: Int) -> Int {
        Int(bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
      }
      let wanted = isLeaf ? PageFlag.leaf : PageFlag.branch
      let (flags, lower, upper) = (UInt16(half(10)), half(12), half(14))
      guard bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self) == number,
        flags & (PageFlag.leaf | PageFlag.branch | PageFlag.overflow | PageFlag.meta) == wanted,
        lower >= Self.headerBytes, lower <= upper, upper <= bytes.count, lower % 2 == 0
      else { return nil }
      var nodes: [Node] = []
      for index in 0..<(lower - Self.headerBytes) / 2 {
        let offset = half(Self.headerBytes + index * 2)
        guard offset >= upper, offset + Self.nodeHeaderBytes <= bytes.count else { return nil }
        guard let node = Self.node(in: bytes, at: offset, isLeaf: isLeaf) else { return nil }
        nodes.append(node)
      }
      // A branch leads somewhere; only the root of an empty tree has no entries, and has no page.
      return nodes.isEmpty ? nil : nodes
    }
    guard let nodes else { throw file.damage("page \(number) is not what its parent says") }
    return nodes
  }

  private static func node(
    in bytes: UnsafeRawBufferPointer, at offset: Int, isLeaf: Bool
  ) -> Node? {
    let low = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
    let flags = bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt16.self)
    let keyBytes = Int(bytes.loadUnaligned(fromByteOffset: offset + 6, as: UInt16.self))
    let data = offset + nodeHeaderBytes + keyBytes
    guard data <= bytes.count else { return nil }
    var node = Node(
      flags: flags, valueBytes: Int(low), child: 0, dataOffset: data, subtable: nil)
    if !isLeaf {
      node.child = UInt64(low) | UInt64(flags) << 32
      return node
    }
    let storedBytes =
      flags & bigDataFlag != 0 ? 8 : flags & subtableFlag != 0 ? MetaPage.Root.byteCount : Int(low)
    guard storedBytes <= bytes.count - data else { return nil }
    if flags & bigDataFlag != 0 {
      node.child = bytes.loadUnaligned(fromByteOffset: data, as: UInt64.self)
    } else if flags & subtableFlag != 0 {
      node.subtable = MetaPage.Root(
        UnsafeRawBufferPointer(rebasing: bytes[data..<data + MetaPage.Root.byteCount]))
    }
    return node
  }
}
