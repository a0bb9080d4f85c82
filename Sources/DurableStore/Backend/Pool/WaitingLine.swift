/// First come, first served: elements in the order they came, any of which may leave.
///
/// - Complexity: amortised O(1) to join and to be served; O(n) to leave from the middle.
struct WaitingLine<Element> {
  private var elements: [(id: UInt64, deadline: Duration, element: Element)] = []
  private var head = 0
  private var nextID: UInt64 = 0
  /// Numbers that gave up before they joined.
  private var gaveUp: Set<UInt64> = []

  var count: Int { elements.count - head }
  var isEmpty: Bool { count == 0 }

  var first: Element? { isEmpty ? nil : elements[head].element }

  /// When the first in line has waited long enough.
  var firstDeadline: Duration? { isEmpty ? nil : elements[head].deadline }

  /// A number to join and leave with.
  mutating func takeNumber() -> UInt64 {
    nextID += 1
    return nextID
  }

  /// - Returns: false if `leave` came first.
  mutating func join(_ id: UInt64, deadline: Duration, _ element: Element) -> Bool {
    if gaveUp.remove(id) != nil { return false }
    elements.append((id, deadline, element))
    return true
  }

  mutating func popFirst() -> Element? {
    guard head < elements.count else { return nil }
    let element = elements[head].element
    head += 1
    if head > 32, head * 2 > elements.count {
      elements.removeFirst(head)
      head = 0
    }
    return element
  }

  /// Moves every deadline by what `delay` says for its element.
  mutating func postpone(by delay: (Element) -> Duration) {
    for index in head..<elements.count {
      elements[index].deadline += delay(elements[index].element)
    }
  }

  /// Takes the first out if its deadline has passed. Whoever came later has a later deadline.
  mutating func popExpired(at now: Duration) -> Element? {
    guard let deadline = firstDeadline, deadline <= now else { return nil }
    return popFirst()
  }

  /// Takes an element out; one that has not joined yet never will.
  mutating func leave(_ id: UInt64) -> Element? {
    guard let index = elements[head...].firstIndex(where: { $0.id == id }) else {
      gaveUp.insert(id)
      return nil
    }
    return elements.remove(at: index).element
  }

  /// To be called when the wait of `id` is over, however it ended.
  mutating func forget(_ id: UInt64) {
    gaveUp.remove(id)
  }
}
