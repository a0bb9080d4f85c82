internal import Platform
internal import Synchronization

/// Shows on standard error how far a command is: the share done, the speed and the time left.
///
/// Draws only when standard error is a terminal, and at most ten times a second; otherwise every
/// call does nothing. May be advanced from several threads at once.
///
/// ```swift
/// let progress = ProgressBar("import", total: lines, unit: "lines")
/// for batch in batches { progress.advance(by: batch.count) }
/// progress.finish()
/// ```
public final class ProgressBar: Sendable {
  private struct State {
    var done = 0
    var total: Int?
    var drawn: Duration?
    var isFinished = false
  }

  private static let interval = Duration.milliseconds(100)

  private let label: String
  private let unit: String
  private let elapsed: @Sendable () -> Duration
  /// Nil when nothing is to be drawn.
  private let write: (@Sendable (String) -> Void)?
  private let columns: @Sendable () -> Int
  private let state: Mutex<State>

  /// - Parameters:
  ///   - label: what is being done.
  ///   - total: how many items there are, if that is known.
  ///   - unit: what is counted, such as `lines`.
  public convenience init(_ label: String, total: Int? = nil, unit: String = "items") {
    let start = ContinuousClock.now
    let write: (@Sendable (String) -> Void)? =
      Terminal.isErrorInteractive ? { @Sendable text in Terminal.writeError(text) } : nil
    self.init(
      label, total: total, unit: unit, write: write,
      columns: { Terminal.columns }, elapsed: { ContinuousClock.now - start })
  }

  init(
    _ label: String, total: Int?, unit: String, write: (@Sendable (String) -> Void)?,
    columns: @escaping @Sendable () -> Int, elapsed: @escaping @Sendable () -> Duration
  ) {
    self.label = label
    self.unit = unit
    self.write = write
    self.columns = columns
    self.elapsed = elapsed
    state = Mutex(State(total: total))
  }

  deinit { finish() }

  /// Counts `count` more items.
  public func advance(by count: Int = 1) {
    guard write != nil else { return }
    change { $0.done += count }
  }

  /// Sets how many items are done.
  public func update(to done: Int) {
    guard write != nil else { return }
    change { $0.done = done }
  }

  /// Sets how many items there are, when that becomes known on the way.
  public func setTotal(_ total: Int?) {
    guard write != nil else { return }
    change { $0.total = total }
  }

  /// Takes the line away; nothing is drawn after it.
  public func finish() {
    guard let write else { return }
    state.withLock { state in
      if state.drawn != nil, !state.isFinished { write("\r\u{1B}[K") }
      state.isFinished = true
    }
  }

  private func change(_ body: (inout State) -> Void) {
    guard let write else { return }
    let now = elapsed()
    state.withLock { state in
      body(&state)
      guard !state.isFinished, now - (state.drawn ?? .zero) >= Self.interval else { return }
      state.drawn = now
      let line = Self.line(
        label: label, done: state.done, total: state.total, unit: unit, elapsed: now,
        columns: columns() - 1)
      write("\r" + line + "\u{1B}[K")
    }
  }

  /// The line for a state, at most `columns` wide.
  static func line(
    label: String, done: Int, total: Int?, unit: String, elapsed: Duration, columns: Int
  ) -> String {
    let seconds = elapsed.inSeconds
    let rate = seconds > 0 ? Double(done) / seconds : 0
    let speed = rate > 0 ? "  \(Units.grouped(Int(min(rate.rounded(), 1e15))))/s" : ""
    guard let total, total > 0 else {
      return TerminalText.truncated(
        "\(label)  \(Units.grouped(done)) \(unit)\(speed)", columns: columns)
    }
    let share = min(1, max(0, Double(done) / Double(total)))
    let percent = "\(Int(share * 100))%"
    let left = rate > 0 ? "  ETA \(Units.clock(seconds: Double(max(0, total - done)) / rate))" : ""
    let counts = "\(Units.grouped(done))/\(Units.grouped(total)) \(unit)\(speed)\(left)"
    let space = String(repeating: " ", count: max(0, 4 - percent.count))
    let head = "\(label) \(space)\(percent) "
    // The bar takes what room the figures leave, up to 40 columns.
    let room = min(40, columns - TerminalText.columns(head) - TerminalText.columns(counts) - 3)
    guard room >= 5 else { return TerminalText.truncated(head + " " + counts, columns: columns) }
    let filled = Int(share * Double(room))
    let bar =
      String(repeating: "=", count: filled) + String(repeating: " ", count: room - filled)
    return "\(head)[\(bar)] \(counts)"
  }
}
