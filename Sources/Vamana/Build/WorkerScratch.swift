/// Scratch memory for each worker.
struct WorkerScratch<Scratch>: @unchecked Sendable {
  // SAFETY: each worker uses the element of its own number only.
  private let elements: [Scratch]

  init(count: Int, make: () -> Scratch) { elements = (0..<max(1, count)).map { _ in make() } }

  subscript(worker: Int) -> Scratch { elements[worker] }
}
