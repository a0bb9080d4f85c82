/// A set of record ids, small in memory and fast to combine: a roaring bitmap.
///
/// Ids are kept in containers of 65,536 consecutive ids, each as an array (2 bytes an id), as runs (4
/// bytes a run) or as a bitmap (8 KB), whichever is smallest. A value: operations return new sets. Any
/// number of threads may read one.
///
/// ```swift
/// let mine = RecordBitmap([3, 5, 8])
/// let allowed = mine.union(shared).subtracting(hidden)
/// let filter = RecordFilter(allowed)
/// ```
public struct RecordBitmap: Hashable, Sendable {
  /// The upper 48 bits of the ids of each container, ascending.
  private(set) var keys: [UInt64] = []
  /// None is empty.
  private(set) var containers: [RecordContainer] = []
  /// How many ids stand before each container.
  private var ranks: [Int] = []
  /// How many ids there are.
  public private(set) var count = 0

  /// The set without ids.
  public init() {}

  /// - Parameter ids: in any order; repeats are dropped.
  /// - Complexity: O(n) if already ascending, else O(n log n).
  public init(_ ids: some Sequence<UInt64>) {
    var ascending = Array(ids)
    if !Self.isAscending(ascending) { ascending.sort() }
    ascending.withUnsafeBufferPointer { ids in
      var start = 0
      while start < ids.count {
        let key = ids[start] >> 16
        var end = start
        while end < ids.count, ids[end] >> 16 == key { end += 1 }
        append(
          RecordContainer(lowHalvesOf: UnsafeBufferPointer(rebasing: ids[start..<end])), key: key)
        start = end
      }
    }
  }

  private static func isAscending(_ ids: [UInt64]) -> Bool {
    ids.withUnsafeBufferPointer { ids in
      var isAscending = true
      for index in ids.indices.dropFirst() {
        isAscending = isAscending && ids[index - 1] <= ids[index]
      }
      return isAscending
    }
  }

  /// The most ids of a range: more than all segments of an index hold, and few enough that their containers
  /// take a few megabytes.
  public static let rangeCountMax: UInt64 = 1 << 32

  /// All ids of `range`.
  ///
  /// - Throws: ``VamanaError/invalidConfiguration(field:value:expected:)`` for a range of more than
  ///   ``rangeCountMax`` ids.
  /// - Complexity: O(length / 65,536).
  public init(_ range: ClosedRange<UInt64>) throws(VamanaError) {
    guard range.upperBound - range.lowerBound < Self.rangeCountMax else {
      throw .invalidConfiguration(
        field: "range", value: "\(range)", expected: "at most \(Self.rangeCountMax) ids")
    }
    let last = range.upperBound >> 16
    for key in range.lowerBound >> 16...last {
      let run = RecordContainer.Run(
        first: key == range.lowerBound >> 16 ? UInt16(truncatingIfNeeded: range.lowerBound) : 0,
        last: key == last ? UInt16(truncatingIfNeeded: range.upperBound) : .max)
      // Two numbers take as little as an array.
      append(
        run.last - run.first < 2
          ? RecordContainer(ascending: Array(run.first...run.last)) : .runs([run]), key: key)
    }
  }

  /// All ids of `range`.
  ///
  /// - Throws: as for a closed range.
  public init(_ range: Range<UInt64>) throws(VamanaError) {
    guard !range.isEmpty else {
      self.init()
      return
    }
    try self.init(range.lowerBound...(range.upperBound - 1))
  }

  /// Adds a container after all others, unless it is empty.
  private mutating func append(_ container: RecordContainer, key: UInt64) {
    guard !container.isEmpty else { return }
    keys.append(key)
    containers.append(container)
    ranks.append(count)
    count += container.count
  }

  public var isEmpty: Bool { count == 0 }

  /// The place of the first container whose key is not below `key`.
  private func place(of key: UInt64) -> Int {
    var low = 0
    var high = keys.count
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Whether `id` is in the set.
  ///
  /// - Complexity: O(log containers + log of the container's size).
  public func contains(_ id: UInt64) -> Bool {
    let place = place(of: id >> 16)
    return place < keys.count && keys[place] == id >> 16
      && containers[place].contains(UInt16(truncatingIfNeeded: id))
  }

  /// How many ids of the set are below `id`.
  ///
  /// - Complexity: O(log containers), and one container is read.
  public func rank(of id: UInt64) -> Int {
    let place = place(of: id >> 16)
    guard place < keys.count else { return count }
    guard keys[place] == id >> 16 else { return ranks[place] }
    return ranks[place] + containers[place].rank(of: UInt16(truncatingIfNeeded: id))
  }

  /// The ids that are in this set, in `other`, or in both.
  ///
  /// - Complexity: O(containers · 1,024), less for small ones; as for the other operations.
  public func union(_ other: RecordBitmap) -> RecordBitmap {
    var result = RecordBitmap()
    var index = 0
    for (key, container) in zip(keys, containers) {
      while index < other.keys.count, other.keys[index] < key {
        result.append(other.containers[index], key: other.keys[index])
        index += 1
      }
      if index < other.keys.count, other.keys[index] == key {
        result.append(container.union(other.containers[index]), key: key)
        index += 1
      } else {
        result.append(container, key: key)
      }
    }
    for rest in index..<other.keys.count {
      result.append(other.containers[rest], key: other.keys[rest])
    }
    return result
  }

  /// The ids that are in both sets.
  public func intersection(_ other: RecordBitmap) -> RecordBitmap {
    var result = RecordBitmap()
    for (key, container) in zip(keys, containers) {
      let place = other.place(of: key)
      guard place < other.keys.count, other.keys[place] == key else { continue }
      result.append(container.intersection(other.containers[place]), key: key)
    }
    return result
  }

  /// The ids of this set that are not in `other`. The complement of a set is what it leaves of all ids:
  /// `try RecordBitmap(0...largest).subtracting(set)`.
  public func subtracting(_ other: RecordBitmap) -> RecordBitmap {
    var result = RecordBitmap()
    for (key, container) in zip(keys, containers) {
      let place = other.place(of: key)
      let isShared = place < other.keys.count && other.keys[place] == key
      result.append(
        isShared ? container.subtracting(other.containers[place]) : container, key: key)
    }
    return result
  }
}

extension RecordBitmap: Sequence {
  /// Gives the ids in ascending order.
  public struct Iterator: IteratorProtocol {
    private let bitmap: RecordBitmap
    private var container = 0
    private var values: [UInt16] = []
    private var place = 0

    init(_ bitmap: RecordBitmap) { self.bitmap = bitmap }

    public mutating func next() -> UInt64? {
      if place == values.count {
        guard container < bitmap.containers.count else { return nil }
        values.removeAll(keepingCapacity: true)
        bitmap.containers[container].visit { values.append($0) }
        container += 1
        place = 0
      }
      defer { place += 1 }
      return bitmap.keys[container - 1] << 16 | UInt64(values[place])
    }
  }

  public func makeIterator() -> Iterator { Iterator(self) }

  public var underestimatedCount: Int { count }
}
