internal import Foundation
internal import VectorMath

/// The program, and what the processor runs of it.
enum ProgramCheck {
  static var versions: String {
    let system = ProcessInfo.processInfo.operatingSystemVersionString
    return "engram \(EngramVersion.current) on \(system)"
  }

  static func kernels(_ settings: Settings) -> [DoctorFinding] {
    let available = DistanceKernels.available.map(\.name)
    if let name = settings[.kernels], !available.contains(name) {
      return [
        .problem(
          "processor", "isa is '\(name)', which this machine cannot run",
          mend:
            "unset \(SettingKey.kernels.variable), or choose of \(available.joined(separator: ", "))"
        )
      ]
    }
    let used = settings[.kernels] ?? available.first ?? "scalar"
    if used == "scalar" {
      return [
        .warning(
          "processor", "distances are computed without vector instructions: slow",
          mend: available.count > 1
            ? "unset \(SettingKey.kernels.variable)" : "run it on a processor with AVX2 or NEON")
      ]
    }
    return [.ok("processor", "kernels \(used)")]
  }
}
