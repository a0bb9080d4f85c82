/// Asks Debian's package manager about an installed package.
enum DebianPackage {
  /// The version of `package`, or nil where it is not installed or the system is not Debian's.
  static func installedVersion(of package: String) -> String? {
    let result = try? ChildProcess.run(
      "dpkg-query", ["--show", "--showformat=${Version}", package],
      environment: ["LC_ALL": "C"])
    guard let result, result.ending.status == 0, !result.output.isEmpty else { return nil }
    return String(decoding: result.output, as: UTF8.self)
  }
}
