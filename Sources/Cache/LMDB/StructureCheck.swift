/// Walks the trees of an LMDB file and checks what the library takes on trust: that every page is
/// in the file, belongs to one place only, is what its parent says, and has its entries within
/// itself.
///
/// LMDB has no checksums. A file cut short or overwritten would otherwise have a later read or
/// write follow a number out of the file, or fail an assertion, which ends the process. Bytes that
/// change inside a sound structure are noticed where a value is decoded.
struct StructureCheck: ~Copyable {
  /// Leaf pages read at opening: 256 MiB of them, a tenth of a second from memory. Of larger tables
  /// the rest of the leaves is only checked to be in the file; branches are always read.
  static let leavesAtOpeningMax = 65_536

  private static let depthMax = 32

  private enum Tree {
    /// Maps transactions to the pages they gave up.
    case freeList
    /// Holds the roots of the named tables, and they hold none.
    case main
    case table
  }

  private let file: PageFile
  private let meta: MetaPage
  private let filePageCount: UInt64
  private var leavesLeft: Int
  /// A bit for each page of the file that a tree or a list of free pages has.
  private var claimed: [UInt64]

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
    filePageCount = UInt64(file.byteCount / meta.pageBytes)
    claimed = [UInt64](repeating: 0, count: Int(filePageCount / 64) + 1)
    self.file = file
    self.meta = meta
    self.leavesLeft = leavesMax
  }

  /// All flags of a table that say how keys and values compare, and that of keys that are integers.
  private static let comparisonFlags: UInt16 = 0x7e
  private static let integerKeys: UInt16 = 0x08

  private mutating func walk(_ root: MetaPage.Root, as tree: Tree) throws(CacheError) {
    // The flags say how keys and values compare, and that a key may have several values.
    // Those of the free list also hold flags of the environment; of its own it has integer keys.
    let isSound =
      tree == .freeList
      ? root.flags & Self.comparisonFlags == Self.integerKeys : root.flags == 0
    guard isSound else {
      throw file.damage("the tree at page \(root.page) has flags \(root.flags)")
    }
    guard root.pageCountMax <= meta.lastPage else {
      throw file.damage("the tree at page \(root.page) has more pages than the file")
    }
    if root.page == MetaPage.Root.none {
      guard root.entryCount == 0 else { throw file.damage("a tree has entries and no page") }
      return
    }
    guard root.depth >= 1, root.depth <= Self.depthMax else {
      throw file.damage("the tree at page \(root.page) is \(root.depth) deep")
    }
    let count = try walk(page: root.page, levelsBelow: Int(root.depth) - 1, tree: tree)
    guard count == nil || count == root.entryCount else {
      throw file.damage("the tree at page \(root.page) has not \(root.entryCount) entries")
    }
  }

  /// - Returns: the entries below; nil when not all leaves were read.
  private mutating func walk(
    page: UInt64, levelsBelow: Int, tree: Tree
  ) throws(CacheError) -> UInt64? {
    try claim(page: page, count: 1, mustBeInFile: true)
    let isLeaf = levelsBelow == 0
    if isLeaf {
      if leavesLeft == 0, tree == .table { return nil }
      if leavesLeft > 0 { leavesLeft -= 1 }
    }
    var bytes: [UInt8] = []
    try file.read(meta.pageBytes, at: Int(page) * meta.pageBytes, into: &bytes)
    // Only the tree of free pages may have a branch with one way.
    guard let nodes = PageNode.nodes(of: bytes, page: page, isLeaf: isLeaf),
      isLeaf || tree == .freeList || nodes.count > 1
    else { throw file.damage("page \(page) is not what its parent says") }
    var count: UInt64? = isLeaf ? UInt64(nodes.count) : 0
    for node in nodes {
      if isLeaf {
        try check(leafNode: node, page: page, bytes: bytes, tree: tree)
      } else {
        let below = try walk(page: node.child, levelsBelow: levelsBelow - 1, tree: tree)
        count = below.flatMap { below in count.map { $0 + below } }
      }
    }
    return count
  }

  private mutating func check(
    leafNode node: PageNode, page: UInt64, bytes: [UInt8], tree: Tree
  ) throws(CacheError) {
    if node.isBig { try checkOverflow(page: node.child, valueBytes: node.valueBytes) }
    switch tree {
    case .freeList:
      try checkFreeList(node: node, leaf: bytes)
    case .main:
      guard let root = node.subtable else {
        throw file.damage("page \(page) holds a value in the place of a table")
      }
      try walk(root, as: .table)
    case .table:
      guard node.subtable == nil else {
        throw file.damage("page \(page) holds a table in the place of a value")
      }
    }
  }

  /// Notes that pages belong to one place, and checks that they belong to no other.
  ///
  /// Free pages may be beyond the end of the file: a page that was given up in the transaction that
  /// took it is never written.
  private mutating func claim(
    page: UInt64, count: UInt64, mustBeInFile: Bool
  ) throws(CacheError) {
    guard page >= 2, page <= meta.lastPage, count <= meta.lastPage + 1 - page else {
      throw file.damage("page \(page) is out of range")
    }
    guard page + count <= filePageCount || !mustBeInFile else {
      throw file.damage("page \(page) is beyond the end of the file")
    }
    for page in page..<min(page + count, max(page, filePageCount)) {
      let (word, bit) = (Int(page / 64), UInt64(1) << (page % 64))
      guard claimed[word] & bit == 0 else { throw file.damage("page \(page) is used twice") }
      claimed[word] |= bit
    }
  }

  private mutating func checkOverflow(page: UInt64, valueBytes: Int) throws(CacheError) {
    guard page < filePageCount else {
      throw file.damage("page \(page) is beyond the end of the file")
    }
    var bytes: [UInt8] = []
    try file.read(PageNode.pageHeaderBytes, at: Int(page) * meta.pageBytes, into: &bytes)
    let (number, flags, pageCount) = bytes.withUnsafeBytes { bytes in
      (
        bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
        bytes.loadUnaligned(fromByteOffset: 10, as: UInt16.self),
        bytes.loadUnaligned(fromByteOffset: 12, as: UInt32.self)
      )
    }
    // A value that was replaced by a shorter one keeps its pages.
    guard number == page, flags == PageFlag.overflow,
      Int(pageCount) * meta.pageBytes >= PageNode.pageHeaderBytes + valueBytes
    else { throw file.damage("page \(page) does not hold its value") }
    try claim(page: page, count: UInt64(pageCount), mustBeInFile: true)
  }

  /// Checks a list of free pages: a count and as many pages in falling order, under the number of
  /// the transaction that gave them up.
  private mutating func checkFreeList(node: PageNode, leaf: [UInt8]) throws(CacheError) {
    var list: [UInt8] = []
    if node.isBig {
      let start = Int(node.child) * meta.pageBytes + PageNode.pageHeaderBytes
      try file.read(node.valueBytes, at: start, into: &list)
    } else {
      list = Array(leaf[node.dataOffset..<node.dataOffset + node.valueBytes])
    }
    let transactionID = leaf.withUnsafeBytes { bytes in
      node.keyBytes == 8
        ? bytes.loadUnaligned(fromByteOffset: node.dataOffset - 8, as: UInt64.self) : .max
    }
    let words = list.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count & ~7, by: 8).map {
        bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self)
      }
    }
    guard transactionID <= meta.transactionID, let count = words.first, count < words.count else {
      throw file.damage("a list of free pages is broken")
    }
    var previous = UInt64.max
    for page in words.dropFirst().prefix(Int(count)) {
      guard page < previous else { throw file.damage("a list of free pages is out of order") }
      try claim(page: page, count: 1, mustBeInFile: false)
      previous = page
    }
  }
}
