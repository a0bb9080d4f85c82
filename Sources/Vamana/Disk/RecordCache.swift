/// Node records that stay in memory: those around the entry points.
final class RecordCache: @unchecked Sendable {
  // SAFETY: `records` has room for `capacity` records of `stride` bytes; both are written before anyone
  // else sees the object, then only read. Every slot in `slots` is below `count`.
  private let records: UnsafeMutableRawPointer
  private let stride: Int
  /// Place of each node's record: a hash table with linear probing, at most half full.
  private var slots: [Slot]
  private(set) var count = 0
  let capacity: Int

  private struct Slot {
    var node: UInt32
    var place: UInt32
  }

  /// - Parameter byteCount: what the records may take.
  init(byteCount: Int, recordByteCount: Int, nodeCount: Int) {
    stride = (recordByteCount + 63) / 64 * 64
    capacity = min(nodeCount, byteCount / stride)
    records = .allocate(byteCount: max(64, capacity * stride), alignment: 64)
    var slotCount = 1
    while slotCount < 2 * capacity { slotCount *= 2 }
    slots = [Slot](repeating: Slot(node: .max, place: 0), count: slotCount)
  }

  deinit { records.deallocate() }

  var byteCount: Int { capacity * stride + slots.count * MemoryLayout<Slot>.stride }

  @inline(__always)
  private func home(of node: UInt32) -> Int {
    Int((node &* 0x9e37_79b1) >> 7) & (slots.count - 1)
  }

  /// The record of `node`, valid as long as the cache.
  @inline(__always)
  func record(of node: UInt32) -> UnsafeRawPointer? {
    guard count > 0 else { return nil }
    var place = home(of: node)
    while slots[place].node != .max {
      if slots[place].node == node {
        return UnsafeRawPointer(records + Int(slots[place].place) * stride)
      }
      place = (place + 1) & (slots.count - 1)
    }
    return nil
  }

  /// Adds a copy of a record of a node that is not there, while there is room.
  func insert(_ record: UnsafeRawBufferPointer, of node: UInt32) {
    guard count < capacity, record.count <= stride else { return }
    (records + count * stride).copyMemory(from: record.baseAddress!, byteCount: record.count)
    var place = home(of: node)
    while slots[place].node != .max { place = (place + 1) & (slots.count - 1) }
    slots[place] = Slot(node: node, place: UInt32(count))
    count += 1
  }
}
