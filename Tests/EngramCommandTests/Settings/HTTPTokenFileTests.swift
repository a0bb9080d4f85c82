import Foundation
import Testing

@testable import EngramCommand

@Suite("Files with tokens")
struct HTTPTokenFileTests {
  private static let token = "0123456789abcdef-xyz"

  private static func link(_ mode: Int, in folder: TemporaryFolder) throws -> String {
    let file = try folder.write(token + "\n", to: "token-\(mode)")
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    let link = folder.path("link-\(mode)")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
    return link
  }

  @Test("a link is as good as the file that it leads to: so do orchestrators hand out secrets")
  func links() throws {
    let folder = try TemporaryFolder()
    for mode in [0o600, 0o400] {
      #expect(try HTTPTokenFile.token(path: Self.link(mode, in: folder)) != nil)
    }
    for mode in [0o644, 0o640, 0o602] {
      let path = try Self.link(mode, in: folder)
      let failure = #expect(throws: CommandFailure.self) { try HTTPTokenFile.token(path: path) }
      #expect(failure?.message.contains("'\(path)' can be read or changed by others") == true)
      #expect(failure?.status == .usage)
    }
  }

  @Test("what is not there is told, and what is no token")
  func refusals() throws {
    let folder = try TemporaryFolder()
    let missing = #expect(throws: CommandFailure.self) {
      try HTTPTokenFile.token(path: folder.path("none"))
    }
    #expect(missing?.message.contains("is not there") == true)
    #expect(missing?.status == .missingInput)
    let short = try folder.write("short", to: "short")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: short)
    #expect(throws: CommandFailure.self) { try HTTPTokenFile.token(path: short) }
  }
}
