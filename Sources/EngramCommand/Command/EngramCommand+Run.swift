internal import ArgumentParser
internal import Engram
internal import Foundation
internal import Logging
internal import VectorMath

extension EngramCommand {
  /// Parses the process's arguments, runs the command, and ends the process with its status.
  public static func runAndExit() async -> Never {
    LoggingSystem.bootstrap { label in
      var handler = StreamLogHandler.standardError(label: label)
      handler.logLevel = .warning
      return handler
    }
    let arguments = TypedArguments.joined(Array(CommandLine.arguments.dropFirst()))
    var command: any ParsableCommand
    do {
      command = try parseAsRoot(arguments)
    } catch {
      if exitCode(for: error) == .validationFailure,
        let problem = UnknownSubcommand.find(in: arguments)
      {
        end(usage: problem.description)
      }
      exit(withError: error)
    }
    do {
      // Files that are not right are told of by the commands that say what is wrong with them.
      if !(command is any DescribesSettings) { try prepareLibraries() }
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      try StandardOutput.flush()
      Foundation.exit(ExitStatus.success.rawValue)
    } catch let error as ArgumentParser.ValidationError {
      // Thrown on the way, it knows nothing of the command that was typed.
      let type = type(of: command)
      end(usage: "\(error.message)\n\(usageString(for: type))")
    } catch {
      if isOfParser(error) { exit(withError: error) }
      Terminal.writeLine("engram: \(TerminalText.printable("\(error)"))")
      Foundation.exit(ExitStatus(error).rawValue)
    }
  }

  private static func end(usage problem: String) -> Never {
    Terminal.writeLine("Error: \(problem)")
    Foundation.exit(ExitStatus.usage.rawValue)
  }

  /// What libraries read from the environment is what the configuration file says, where nothing is set.
  private static func prepareLibraries() throws {
    let settings = try Settings.current()
    settings.exportToLibraries()
    // A misspelt instruction set would be measured as the default one.
    guard let name = settings[.kernels], DistanceKernels(named: name) == nil else { return }
    let names = DistanceKernels.available.map(\.name).joined(separator: ", ")
    throw CommandFailure(
      "\(SettingKey.kernels.variable) is '\(name)'; this machine can run \(names)", status: .usage)
  }

  /// Whether the argument parser made the error: wrong usage, a wish for help, or a plain status.
  private static func isOfParser(_ error: any Error) -> Bool {
    exitCode(for: error) != .failure || error is ExitCode
  }
}
