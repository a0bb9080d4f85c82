extension RecordContainer {
  func union(_ other: RecordContainer) -> RecordContainer {
    if case .array(let left) = self, case .array(let right) = other,
      left.count + right.count <= Self.arrayCountMax
    {
      return RecordContainer(ascending: Self.merge(left, right))
    }
    return combined(with: other) { $0 | $1 }
  }

  func intersection(_ other: RecordContainer) -> RecordContainer {
    if case .array(let values) = self {
      return RecordContainer(ascending: values.filter(other.contains))
    }
    if case .array(let values) = other {
      return RecordContainer(ascending: values.filter(contains))
    }
    return combined(with: other) { $0 & $1 }
  }

  func subtracting(_ other: RecordContainer) -> RecordContainer {
    if case .array(let values) = self {
      return RecordContainer(ascending: values.filter { !other.contains($0) })
    }
    return combined(with: other) { $0 & ~$1 }
  }

  @inline(__always)
  private func combined(
    with other: RecordContainer, _ combine: (UInt64, UInt64) -> UInt64
  ) -> RecordContainer {
    var words = words
    let others = other.words
    for index in words.indices { words[index] = combine(words[index], others[index]) }
    return RecordContainer(words: words)
  }

  private static func merge(_ left: [UInt16], _ right: [UInt16]) -> [UInt16] {
    var merged: [UInt16] = []
    merged.reserveCapacity(left.count + right.count)
    var other = 0
    for value in left {
      while other < right.count, right[other] < value {
        merged.append(right[other])
        other += 1
      }
      if other < right.count, right[other] == value { other += 1 }
      merged.append(value)
    }
    merged.append(contentsOf: right[other...])
    return merged
  }
}
