import Testing

@testable import EngramCommand

@Suite("The descriptions of Debian packages")
struct DebianPackagesTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let listing = """
    Package: zoo
    Version: 1:2.10-1
    Installed-Size: 211
    Section: utils
    Priority: optional
    Description: manipulate zip-like archives
    Description-md5: aaaa
    Tag: role::program,
     use::compressing

    Package: bash
    Version: 5.2
    Priority: required
    Description: GNU Bourne Again SHell
     Bash is an sh-compatible command language
     interpreter.
     .
     Second paragraph.
    Description-md5: bbbb

    Package: bash
    Version: 5.1
    Description: an older one

    Package: nameless

    """

  private static let translations = """
    Package: zoo
    Description-md5: aaaa
    Description-en: manipulate zip-like archives
     The old format of an old time.

    """

  /// The lists are read from files by `cat`, as from apt by its own tools.
  private func read(
    _ listing: String, translations: String? = nil, countMax: Int? = nil
  ) throws -> DatasetTexts {
    let path = try folder.write(listing, to: "listing")
    let other = try translations.map { ["cat", try folder.write($0, to: "translations")] }
    return try DebianPackages.read(
      listing: ["cat", path], translations: other.map { [$0] } ?? [], countMax: countMax)
  }

  @Test("Packages are read once each, by name, with their metadata")
  func packages() throws {
    let read = try read(Self.listing)
    #expect(
      read.texts == [
        DatasetText(
          id: "debian-bash",
          text: "Bash is an sh-compatible command language\ninterpreter.\n\nSecond paragraph.",
          metadata: ["package": "bash", "version": "5.2", "priority": "required"]),
        DatasetText(
          id: "debian-zoo", text: "manipulate zip-like archives",
          metadata: [
            "package": "zoo", "version": "1:2.10-1", "section": "utils", "priority": "optional",
            "installedSizeKiB": "211",
          ]),
      ])
    // Only what has a long description as well: the short one would be its own answer.
    #expect(
      read.questions == [
        DatasetQuestion(query: "GNU Bourne Again SHell", relevant: ["debian-bash"])
      ])
    #expect(try self.read(Self.listing, countMax: 1).texts.map(\.id) == ["debian-bash"])
  }

  @Test("Long descriptions are joined from the translations")
  func translations() throws {
    let read = try read(Self.listing, translations: Self.translations)
    #expect(
      read.texts.last?.text == "The old format of an old time.")
    #expect(read.questions.last?.query == "manipulate zip-like archives")
  }

  @Test("Packages with the same short description answer it together")
  func sharedDescription() throws {
    let listing = ["b", "a", "c"].map {
      """
      Package: \($0)
      Description: fast parser
       The parser \($0).

      """
    }.joined(separator: "\n")
    let all = try read(listing)
    #expect(
      all.questions == [
        DatasetQuestion(query: "fast parser", relevant: ["debian-a", "debian-b", "debian-c"])
      ])
    let two = try read(listing, countMax: 2)
    #expect(two.questions.map(\.relevant) == [["debian-a", "debian-b"]])
  }

  @Test("No packages, no program and a program that fails are named")
  func failures() throws {
    let empty = #expect(throws: DatasetError.self) { try read("") }
    #expect(empty?.description.hasSuffix("fetch it with 'apt-get update'") == true)
    let missing = #expect(throws: DatasetError.self) {
      try DebianPackages.read(listing: ["engram-no-such-apt"], translations: [], countMax: nil)
    }
    #expect(missing?.description.contains("made on Debian systems") == true)
    let failing = #expect(throws: DatasetError.self) {
      try DebianPackages.read(
        listing: ["cat", folder.path("none")], translations: [], countMax: nil)
    }
    #expect(failing?.description.contains("No such file or directory") == true)
    #expect(failing?.exitStatus == .badData)
  }
}
