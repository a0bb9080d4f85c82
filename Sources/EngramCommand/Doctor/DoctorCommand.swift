internal import ArgumentParser
internal import Engram
internal import Foundation

struct DoctorCommand: AsyncParsableCommand, DescribesSettings {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Look for everything that may be wrong, and say how to mend it.",
    discussion: """
      Looks at the configuration, the program, the processor, the home folder and its rights, the disk, the \
      embedding model, the store, the cache, the index, what waits to be learned from, the shards, and the hosts of \
      agents. Of shards each is asked, at once and for 10 seconds at most, and that of the namespace is looked at as \
      a whole. Nothing is changed but what every opening of a memory mends by itself. The exit status is 1 if there is a \
      problem; warnings do not count.

      EXAMPLES
        engram doctor
        engram doctor --home ./memory --format json
      """)

  @OptionGroup var global: GlobalOptions

  func run() async throws {
    let environment = ProcessInfo.processInfo.environment
    var findings = [DoctorFinding.ok("program", ProgramCheck.versions)]
    let settings: Settings
    do {
      settings = try global.settings()
      settings.exportToLibraries()
      findings += ConfigurationCheck.findings(settings)
    } catch {
      findings.append(
        .problem(
          "configuration", "\(error)", mend: "correct it; 'engram config show' lists the settings"))
      return try finish(findings)
    }
    findings += ProgramCheck.kernels(settings)
    findings += HomeCheck.findings(settings.home)
    findings += DiskCheck.findings(settings.home)
    findings += await ModelCheck.findings()
    let isHomeUsable = !findings.contains { $0.status == .problem && $0.check == "home" }
    if let shards = settings.shards {
      findings += await ShardCheck.findings(shards, settings, isHomeUsable: isHomeUsable)
    } else if isHomeUsable, settings.home.exists || settings[.databaseURL] != nil {
      findings += await MemoryCheck.findings(settings.configuration())
    }
    findings += HostCheck.findings(environment: environment)
    try finish(findings)
  }

  private func finish(_ findings: [DoctorFinding]) throws {
    let report = DoctorReport(findings)
    try global.output.print(report) { report.text(columns: Terminal.outputColumns) }
    if report.problems > 0 { throw ExitCode(ExitStatus.failure.rawValue) }
  }
}
