import Foundation

/// Names the process that publishes a segment, so that another can tell whether it still lives.
struct SegmentPublisher: Equatable {
  /// One boot of one kernel and one space of process ids: only there do process ids mean anything.
  var machine: String
  var processID: Int32
  /// When the process started, in the kernel's ticks: process ids are used again.
  var startTicks: String

  static let current = SegmentPublisher(
    machine: machineName(), processID: ProcessInfo.processInfo.processIdentifier,
    startTicks: startTicks(ofProcess: ProcessInfo.processInfo.processIdentifier) ?? "")

  var text: String { "\(machine) \(processID) \(startTicks)" }

  /// Whether the publisher named by `text` is known to be dead.
  static func isDead(_ text: String) -> Bool {
    let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, !current.machine.isEmpty, parts[0] == current.machine,
      let processID = Int32(parts[1])
    else { return false }
    return startTicks(ofProcess: processID) != parts[2]
  }

  private static func machineName() -> String {
    guard
      let boot = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8),
      let space = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
    else { return "" }
    return boot.filter { !$0.isWhitespace } + "/" + space
  }

  /// Field 22 of `/proc/PID/stat`; the fields are counted after the name, which may hold anything.
  private static func startTicks(ofProcess id: Int32) -> String? {
    guard let line = try? String(contentsOfFile: "/proc/\(id)/stat", encoding: .utf8),
      let end = line.lastIndex(of: ")")
    else { return nil }
    let fields = line[end...].split(separator: " ")
    return fields.count > 20 ? String(fields[20]) : nil
  }
}
