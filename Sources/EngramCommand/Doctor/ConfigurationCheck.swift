internal import Foundation

/// The configuration file, and variables that nothing reads.
enum ConfigurationCheck {
  /// Variables that are no settings: of tests, scripts, and other parts of the program.
  private static let others: Set<String> = [
    "ENGRAM_FREEZE_FIXTURE", "ENGRAM_HTTP_TOKEN", "ENGRAM_TEST_STORE",
  ]

  static func findings(_ settings: Settings) -> [DoctorFinding] {
    var findings: [DoctorFinding] = []
    let path = settings.file.path
    var status = stat()
    if settings.file.exists, stat(path, &status) == 0 {
      findings.append(
        status.st_mode & S_IWOTH == 0
          ? .ok(
            "configuration", "\(path), \(UpkeepText.count(settings.file.values.count, "setting"))")
          : .problem(
            "configuration", "\(path) can be written by everybody", mend: "chmod o-w '\(path)'"))
    } else {
      findings.append(.ok("configuration", "defaults; 'engram config init' writes \(path)"))
    }
    let known = SettingKey.all.map(\.variable)
    for name in settings.environment.keys.sorted()
    where name.hasPrefix("ENGRAM_") && !known.contains(name) && !others.contains(name) {
      let near = NearestName.of(name, among: known).map { "did you mean \($0)?" }
      findings.append(
        .warning(
          "environment", "nothing reads \(name)",
          mend: near ?? "unset it; 'engram config show --format json' lists the variables"))
    }
    return findings
  }
}
