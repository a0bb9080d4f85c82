/// How an environment is opened.
struct EnvironmentOptions: Hashable, Sendable {
  /// Bytes of address space to reserve for the map; see ``Environment``.
  var mapBytes: Int = defaultMapBytes
  /// Read transactions open at once, over all processes; the first process to open decides.
  var readersMax: Int = 512
  /// Whether the system reads ahead of what is touched. Off suits random access to a file that may
  /// be larger than memory.
  var readsAhead: Bool = true
  /// Whether a commit waits until the disk has it; else see ``UnsyncedMark``.
  var waitsForDisk: Bool = true
  /// Leaf pages of tables whose structure is checked at opening; branches always are.
  var leavesCheckedMax: Int = StructureCheck.leavesAtOpeningMax

  /// 1 TiB. Address space is all it costs: the file is as long as its data, and pages take memory
  /// when they are touched.
  static let defaultMapBytes = 1 << 40
  /// The least map worth falling back to.
  static let fallbackMapBytesMin = 1 << 28
}
