/// How an environment is opened.
struct EnvironmentOptions: Hashable, Sendable {
  /// Bytes of address space to begin with; see ``Environment``.
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

  /// 16 GiB. Address space is all it costs, but a process has 128 TiB of it: the two environments of a home
  /// take 32 GiB, so that 4,000 homes can be open at once. It is more than ten million embeddings of 384 numbers,
  /// so that few maps ever grow.
  static let defaultMapBytes = 16 << 30
  /// The least map worth falling back to.
  static let fallbackMapBytesMin = 1 << 28
}
