internal import Foundation
internal import Platform
internal import TOMLKit

/// The configuration file: TOML in the XDG configuration folder.
struct SettingsFile: Sendable {
  let path: String
  /// By the names of settings; empty where there is no file.
  var values: [String: String] = [:]
  /// The table `[shards]`, by the names in it: `url.east`.
  var shards: [String: String] = [:]
  var exists = false

  private static let bytesMax = 1 << 20

  /// `$XDG_CONFIG_HOME/engram/config.toml`, by default in `~/.config`.
  static func path(in environment: [String: String]) -> String {
    // The XDG specification has relative paths ignored.
    let folder = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    return (folder ?? (environment["HOME"] ?? "") + "/.config") + "/engram/config.toml"
  }

  /// - Throws: ``CommandFailure`` that names the file, and the line or the setting.
  init(path: String) throws {
    self.path = path
    var status = stat()
    guard stat(path, &status) == 0 else {
      guard errno == ENOENT || errno == ENOTDIR || errno == EACCES else {
        throw CommandFailure(
          "\(path) cannot be read: \(String(cString: strerror(errno)))", status: .inputOutput)
      }
      return
    }
    let file: OpenedFile
    do throws(FileFailure) {
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw FileFailure(.read, path: path, code: EINVAL)
      }
      file = try OpenedFile(path: path, bytesMax: Self.bytesMax)
    } catch {
      throw CommandFailure(
        "\(path) cannot be read; expected a file of at most \(Self.bytesMax) bytes",
        status: .inputOutput)
    }
    guard let text = String(validating: file.bytes, as: UTF8.self) else {
      throw CommandFailure("\(path) is not valid UTF-8", status: .badData)
    }
    exists = true
    let all = try Self.values(in: text, path: path)
    values = all.filter { !$0.key.hasPrefix(ShardSettings.prefix) }
    for (name, value) in all where name.hasPrefix(ShardSettings.prefix) {
      shards[String(name.dropFirst(ShardSettings.prefix.count))] = value
    }
    let secrets = SettingKey.all.filter { $0.isSecret && values[$0.name] != nil }
    guard let secret = secrets.first, file.permissions & 0o077 != 0 else { return }
    throw CommandFailure(
      "\(path) holds \(secret.name), and others can read or change it; 'chmod 600' keeps it from them",
      status: .badData)
  }

  /// The settings in a text.
  static func values(in text: String, path: String) throws -> [String: String] {
    let table: TOMLTable
    do {
      table = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      throw CommandFailure(
        "\(path): line \(error.source.begin.line): \(error.description); expected TOML",
        status: .badData)
    }
    var values: [String: String] = [:]
    try add(table, prefix: "", to: &values, path: path)
    return values
  }

  private static func add(
    _ table: TOMLTable, prefix: String, to values: inout [String: String], path: String
  ) throws {
    for name in table.keys {
      guard let value = table[name] else { continue }
      let full = prefix + name
      if let inner = value.table {
        try add(inner, prefix: full + ".", to: &values, path: path)
        continue
      }
      guard ShardSettings.isName(full) || SettingKey.all.contains(where: { $0.name == full }) else {
        let near = NearestName.of(full, among: SettingKey.all.map(\.name))
        throw CommandFailure(
          "\(path): '\(full)' is no setting"
            + (near.map { "; did you mean '\($0)'?" } ?? "; 'engram config show' lists them"),
          status: .badData)
      }
      let text = value.string ?? value.int.map { "\($0)" } ?? value.double.map { "\($0)" }
      guard let text else {
        throw CommandFailure("\(path): '\(full)' is no text and no number", status: .badData)
      }
      values[full] = text
    }
  }
}
