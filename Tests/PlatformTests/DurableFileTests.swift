import Glibc
import Platform
import Testing

@Suite("Durable files")
struct DurableFileTests {
  @Test("A replaced file has the new bytes, its permissions and no leftovers beside it")
  func replaced() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/file"
    for text in ["first, and longer", "second", ""] {
      try DurableFile.replace(path, with: Array(text.utf8), permissions: 0o600)
      #expect(folder.text(of: "file") == text)
      #expect(folder.names == ["file"])
    }
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
  }

  @Test("A file that cannot take its name leaves what was there, and says why")
  func refused() throws {
    let folder = try TemporaryFolder()
    try folder.makeFolder("taken")
    try folder.write("kept", to: "taken/inside")
    for waitsForDisk in [true, false] {
      let failure = #expect(throws: FileFailure.self) {
        try DurableFile.replace(
          folder.path + "/taken", with: Array("new".utf8), permissions: 0o600,
          waitsForDisk: waitsForDisk)
      }
      #expect(failure?.operation == .rename)
      #expect(failure?.path == folder.path + "/taken")
      #expect(failure?.description.contains("cannot rename") == true)
    }
    #expect(folder.names == ["taken"])
    #expect(folder.text(of: "taken/inside") == "kept")
  }

  @Test("A new file takes no other's name")
  func newFiles() throws {
    let folder = try TemporaryFolder()
    try folder.write("new", to: "a.partial")
    try DurableFile.publishNew(folder.path + "/a.partial", as: folder.path + "/a")
    #expect(folder.names == ["a"] && folder.text(of: "a") == "new")
    try folder.write("newer", to: "a.partial")
    let failure = #expect(throws: FileFailure.self) {
      try DurableFile.publishNew(folder.path + "/a.partial", as: folder.path + "/a")
    }
    #expect(failure?.isTaken == true && failure?.path == folder.path + "/a")
    #expect(folder.text(of: "a") == "new" && folder.text(of: "a.partial") == "newer")
  }

  @Test("Without its folder a file cannot be made")
  func withoutFolder() throws {
    let folder = try TemporaryFolder()
    let failure = #expect(throws: FileFailure.self) {
      try DurableFile.replace(folder.path + "/none/file", with: [1], permissions: 0o600)
    }
    #expect(failure == FileFailure(.create, path: folder.path + "/none/file", code: ENOENT))
  }

  @Test("A finished file of others gets its name in place of what was there")
  func published() throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "name")
    try folder.write("new", to: "name.partial")
    try DurableFile.publish(folder.path + "/name.partial", as: folder.path + "/name")
    #expect(folder.names == ["name"])
    #expect(folder.text(of: "name") == "new")
    let failure = #expect(throws: FileFailure.self) {
      try DurableFile.publish(folder.path + "/name.partial", as: folder.path + "/name")
    }
    #expect(failure?.operation == .open)
    #expect(folder.text(of: "name") == "new")
  }

  @Test("Bytes that the disk has no room for are an error that says how far it came")
  func diskFull() throws {
    let descriptor = open("/dev/full", O_WRONLY | O_CLOEXEC)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    let failure = #expect(throws: FileFailure.self) {
      try DurableFile.write([1], to: descriptor, at: 7, path: "/dev/full")
    }
    #expect(failure == FileFailure(.write, path: "/dev/full", code: ENOSPC, offset: 7))
  }
}
