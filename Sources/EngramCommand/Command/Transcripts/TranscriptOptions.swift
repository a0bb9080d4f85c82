internal import ArgumentParser
internal import Episodes
internal import Foundation
internal import Transcripts

/// Where transcripts are, and how they are read.
struct TranscriptOptions: ParsableArguments {
  @Flag(help: "Claude Code's sessions, in CLAUDE_CONFIG_DIR, else ~/.claude.")
  var claudeCode = false

  @Flag(help: "Codex's sessions, in CODEX_HOME, else ~/.codex.")
  var codex = false

  @Option(
    help: ArgumentHelp(
      "Take out what this regular expression matches, beside what is taken out always. May be repeated.",
      valueName: "regex"))
  var redactPattern: [String] = []

  func validate() throws { _ = try patterns() }

  private func patterns() throws -> [RedactionPattern] {
    try redactPattern.map { pattern in
      do {
        return try RedactionPattern(pattern)
      } catch {
        throw ArgumentParser.ValidationError(
          "--redact-pattern is no regular expression; expected one such as 'ACME-[0-9]{8}'")
      }
    }
  }

  /// What is read, and how.
  func fileOptions(
    namespace: String, format: TranscriptFormat? = nil
  ) throws -> TranscriptFile.Options {
    TranscriptFile.Options(namespace: namespace, format: format, patterns: try patterns())
  }

  /// The files and folders that are named, and the places of the programs that are.
  ///
  /// - Throws: ``CommandFailure`` where nothing is named, or a folder is not there.
  func places(_ named: [String]) throws -> [String] {
    let environment = ProcessInfo.processInfo.environment
    var places = named
    if claudeCode { places.append(TranscriptFolder.claudeCode(environment)) }
    if codex { places.append(TranscriptFolder.codex(environment)) }
    guard !places.isEmpty else {
      throw ArgumentParser.ValidationError(
        "no transcripts are named; expected files or folders, --claude-code or --codex")
    }
    for place in places where access(place, F_OK) != 0 {
      throw FileError.last(.open, path: place)
    }
    return places
  }
}
