import Foundation

/// Plain reads of whole files.
enum TestFile {
  static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  static func text(_ path: String) throws -> String {
    String(decoding: try bytes(path), as: UTF8.self)
  }

  static func lines(_ path: String) throws -> [String] {
    try text(path).split(separator: "\n").map(String.init)
  }
}
