/// What a check found, and how to mend it.
struct DoctorFinding: Encodable {
  enum Status: String, Encodable {
    case ok
    /// Works, and could be better.
    case warning
    /// Does not work.
    case problem
  }

  /// What was looked at.
  var check: String
  var status: Status
  var found: String
  /// What to do; nil where nothing is to be done.
  var mend: String?

  static func ok(_ check: String, _ found: String) -> DoctorFinding {
    DoctorFinding(check: check, status: .ok, found: found)
  }

  static func warning(_ check: String, _ found: String, mend: String) -> DoctorFinding {
    DoctorFinding(check: check, status: .warning, found: found, mend: mend)
  }

  static func problem(_ check: String, _ found: String, mend: String) -> DoctorFinding {
    DoctorFinding(check: check, status: .problem, found: found, mend: mend)
  }

  /// A line, and one below it for what to do.
  func text(columns: Int?) -> String {
    let mark =
      switch status {
      case .ok: "ok       "
      case .warning: "warning  "
      case .problem: "PROBLEM  "
      }
    var lines = [mark + check.padding(to: 15) + found]
    if let mend { lines.append("         " + "mend".padding(to: 15) + mend) }
    return lines.map {
      UpkeepText.fitted(TerminalText.printable($0), indent: 24, columns: columns)
    }.joined(separator: "\n")
  }
}
