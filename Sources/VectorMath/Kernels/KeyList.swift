internal import CVectorKernels

/// What an ascending list of 64-bit keys in memory of its owner's is like.
///
/// The lowest bit of a key is a mark of the owner's, say that a candidate has been expanded. It does not tell keys
/// apart.
public struct KeyList: Sendable {
  public var count = 0
  /// No key before this place is without a mark.
  public var first = 0
  /// No key between ``first`` and this place is without a mark.
  public var second = 1

  public init() {}

  /// How many keys a list of `capacity` needs memory for: kernels write whole groups.
  public static func room(forCapacity capacity: Int) -> Int { (capacity + 63) / 64 * 64 }
}

extension DistanceKernels {
  /// Inserts keys; the largest are dropped when the list is full, and keys that it has are not inserted again.
  ///
  /// With AVX-512 nothing branches on the keys in lists of less than 64.
  ///
  /// - Parameters:
  ///   - added: `count` keys without marks, in any order.
  ///   - keys: memory for ``KeyList/room(forCapacity:)`` keys. What stands after the list is overwritten.
  ///   - list: `first` and `second` are exact afterwards, `list.count` or more for none.
  ///   - capacity: 1 or more.
  /// - Complexity: O(count · capacity), a few instructions for eight keys of the list.
  public func insert(
    _ added: UnsafePointer<UInt64>, count: Int, into keys: UnsafeMutablePointer<UInt64>,
    list: inout KeyList, capacity: Int
  ) {
    var state = engram_key_list(count: list.count, first: list.first, second: list.second)
    table.pointee.insert_keys(keys, &state, capacity, added, count)
    list.count = state.count
    list.first = state.first
    list.second = state.second
  }
}
