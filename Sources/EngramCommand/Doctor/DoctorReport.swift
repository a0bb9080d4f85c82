/// All that the doctor found.
struct DoctorReport: Encodable {
  var findings: [DoctorFinding]
  var problems: Int
  var warnings: Int

  init(_ findings: [DoctorFinding]) {
    self.findings = findings
    problems = findings.count { $0.status == .problem }
    warnings = findings.count { $0.status == .warning }
  }

  func text(columns: Int?) -> String {
    let sum =
      problems + warnings == 0
      ? "all is well"
      : UpkeepText.count(problems, "problem") + ", " + UpkeepText.count(warnings, "warning")
    return (findings.map { $0.text(columns: columns) } + ["", sum]).joined(separator: "\n")
  }
}
