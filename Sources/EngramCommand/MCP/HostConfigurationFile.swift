internal import Episodes
internal import Foundation

/// A host's configuration as it is on disk.
struct HostConfigurationFile {
  let path: String
  /// Nil where there is no file.
  let text: String?
  /// Rights of the file that is there.
  private let mode: mode_t?

  private static let bytesMax = 64 << 20

  /// Reads the file at `path`; links are followed, as those of people's settings are.
  ///
  /// - Throws: ``CommandFailure`` where there is something that cannot be read.
  init(path: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let code = errno
      var link = stat()
      // Writing would put a file in the place of the link.
      if code == ENOENT, lstat(path, &link) == 0 {
        throw CommandFailure(
          "\(path) is a link to what is not there; make that, or remove the link",
          status: .missingInput)
      }
      guard code == ENOENT || code == ENOTDIR else {
        throw CommandFailure(
          "\(path) cannot be read: \(String(cString: strerror(code)))", status: .inputOutput)
      }
      self.path = path
      text = nil
      mode = nil
      return
    }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.bytesMax else {
      throw CommandFailure(
        "\(path) is no configuration; expected a file of at most \(Self.bytesMax) bytes",
        status: .badData)
    }
    self.path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    mode = status.st_mode & 0o7777
    text = try Self.read(self.path)
  }

  private static func read(_ path: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure("\(path) cannot be read", status: .inputOutput)
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw CommandFailure("\(path) is not valid UTF-8; it stays as it is", status: .badData)
    }
    return text
  }

  /// The text of the file with the server in it; the same text where it is there.
  ///
  /// - Throws: ``CommandFailure`` for a text that cannot be read.
  func adding(_ entry: MCPServerEntry, for host: MCPHost) throws -> String {
    do throws(ConfigurationProblem) {
      if host == .codex {
        return try TOMLConfiguration.adding(entry, to: text ?? "", field: host.serversField)
      }
      return try JSONConfiguration.adding(entry, to: text ?? "", for: host)
    } catch {
      throw CommandFailure("\(path): \(error.description); it stays as it is", status: .badData)
    }
  }

  /// The server that the file names; nil where it names none.
  ///
  /// - Throws: ``CommandFailure`` for a text that cannot be read.
  func entry(for host: MCPHost) throws -> MCPServerEntry? {
    do throws(ConfigurationProblem) {
      if host == .codex {
        return try TOMLConfiguration.entry(in: text ?? "", field: host.serversField)
      }
      return try JSONConfiguration.entry(in: text ?? "", for: host)
    } catch {
      throw CommandFailure("\(path): \(error.description)", status: .badData)
    }
  }

  /// Replaces the file, whole or not at all.
  ///
  /// - Throws: ``CommandFailure`` where somebody else wrote it meanwhile; ``FileError``.
  func write(_ changed: String) throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw CommandFailure("cannot create \(folder): \(error)", status: .cannotCreate)
    }
    let isThere = FileManager.default.fileExists(atPath: path)
    guard isThere == (text != nil), try !isThere || Self.read(path) == text else {
      throw CommandFailure("\(path) was changed meanwhile; do it again", status: .failure)
    }
    // It may hold secrets: nobody else may read it before it has its rights.
    var output = try OutputFile(path: path, isPrivate: true)
    try output.write(changed)
    try output.finish()
    guard chmod(path, mode ?? 0o644) == 0 else {
      // The safe side, but not what was there.
      let reason = String(cString: strerror(errno))
      return Terminal.writeLine(
        "engram: \(path) can be read by its owner only: its rights cannot be set again: \(reason)")
    }
  }
}

/// Why a server cannot be added to a configuration.
struct ConfigurationProblem: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) { self.description = description }
}
