import Foundation
import Platform
import Testing

@Suite("Files that are read with their rights")
struct OpenedFileTests {
  @Test("a link has the bytes and the rights of the file that it leads to")
  func links() throws {
    let folder = try TemporaryFolder()
    try folder.write("secret", to: "file")
    let file = folder.path + "/file"
    for mode in [0o600, 0o640, 0o604] {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
      let link = folder.path + "/link-\(mode)"
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
      let opened = try OpenedFile(path: link)
      #expect(opened.permissions == mode)
      #expect(String(decoding: opened.bytes, as: UTF8.self) == "secret")
    }
  }

  @Test("what is not there, is no file or has no end is refused")
  func refusals() throws {
    let folder = try TemporaryFolder()
    try folder.write("12345", to: "file")
    let missing = #expect(throws: FileFailure.self) { try OpenedFile(path: folder.path + "/none") }
    #expect(missing?.isMissing == true)
    let isFolder = #expect(throws: FileFailure.self) { try OpenedFile(path: folder.path) }
    #expect(isFolder?.operation == .read && isFolder?.isMissing == false)
    #expect(throws: FileFailure.self) { try OpenedFile(path: "/dev/zero") }
    #expect(throws: FileFailure.self) { try OpenedFile(path: folder.path + "/file", bytesMax: 4) }
    #expect(try OpenedFile(path: folder.path + "/file", bytesMax: 5).bytes.count == 5)
  }
}
