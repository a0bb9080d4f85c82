internal import FoundationEssentials

/// The descriptions of the packages that Debian's package manager knows.
public enum DebianPackages {
  /// Reads the packages in the order of their names, each once.
  ///
  /// The text of a package is its long description. The short one is a question that the package answers: it is
  /// no part of the text. Packages that share a short description answer it together. Systems that fetch no
  /// translations keep short descriptions only; those are the texts then, and there are no questions.
  ///
  /// - Parameter countMax: how many texts to read at most; nil for all.
  /// - Throws: ``DatasetError``, which says what to do when there are no package lists.
  public static func read(countMax: Int? = nil) throws(DatasetError) -> DatasetTexts {
    try read(
      listing: ["apt-cache", "dumpavail"], translations: translationFiles(), countMax: countMax)
  }

  /// Reads what the program `listing` writes, joined with long descriptions from `translations`.
  static func read(
    listing: [String], translations: [[String]], countMax: Int?
  ) throws(DatasetError) -> DatasetTexts {
    var longDescriptions: [String: String] = [:]
    for command in translations {
      try forEachStanza(of: command) { stanza in
        if let digest = stanza["Description-md5"], let text = stanza.description {
          longDescriptions[digest] = text.long
        }
      }
    }
    var packages: [String: DatasetText] = [:]
    var shortDescriptions: [String: String] = [:]
    try forEachStanza(of: listing) { stanza in
      guard let name = stanza["Package"], packages[name] == nil,
        let description = stanza.description
      else { return }
      let long = description.long ?? stanza["Description-md5"].flatMap { longDescriptions[$0] }
      var metadata: [String: String] = ["package": name]
      metadata["version"] = stanza["Version"]
      metadata["section"] = stanza["Section"]
      metadata["priority"] = stanza["Priority"]
      metadata["installedSizeKiB"] = stanza["Installed-Size"]
      let id = "debian-" + name
      packages[name] = DatasetText(id: id, text: long ?? description.short, metadata: metadata)
      if long != nil { shortDescriptions[id] = description.short }
    }
    guard !packages.isEmpty else {
      throw .missingSource(
        "the list of Debian's packages", advice: "fetch it with 'apt-get update'")
    }
    let texts = packages.values.sorted { $0.id < $1.id }.prefix(max(0, countMax ?? .max))
    return DatasetTexts(
      texts: Array(texts), questions: questions(texts.map(\.id), shortDescriptions),
      origin: DatasetOrigin(
        source: "Descriptions of Debian packages, from apt-cache dumpavail", package: "apt",
        packageVersion: DebianPackage.installedVersion(of: "apt"),
        licence: "each description is under the licence of its package"))
  }

  /// Each short description once, in the order of the first package that has it.
  private static func questions(
    _ ids: [String], _ shortDescriptions: [String: String]
  ) -> [DatasetQuestion] {
    var questions: [DatasetQuestion] = []
    var places: [String: Int] = [:]
    for id in ids {
      guard let query = shortDescriptions[id] else { continue }
      if let place = places[query] {
        questions[place].relevant.append(id)
      } else {
        places[query] = questions.count
        questions.append(DatasetQuestion(query: query, relevant: [id]))
      }
    }
    return questions
  }

  /// Commands that write the English long descriptions, which apt may keep compressed.
  private static func translationFiles() -> [[String]] {
    let folder = "/var/lib/apt/lists"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.contains("_i18n_Translation-en") }.sorted()
      .map { ["/usr/lib/apt/apt-helper", "cat-file", "\(folder)/\($0)"] }
  }

  private static func forEachStanza(
    of command: [String], _ body: (DebianStanza) -> Void
  ) throws(DatasetError) {
    let ending: ChildProcess.Ending
    do throws(FileError) {
      var environment = ProcessInfo.processInfo.environment
      environment["LC_ALL"] = "C.UTF-8"
      var process = try ChildProcess(
        command[0], Array(command.dropFirst()), environment: environment)
      var lines = LineReader(process.takeOutput(), lineBytesMax: 1 << 24)
      var stanza = DebianStanza()
      while let line = try lines.next({ line in
        if case .text(let bytes) = line { String(decoding: bytes, as: UTF8.self) } else { "" }
      }) {
        if line.isEmpty {
          body(stanza)
          stanza = DebianStanza()
        } else {
          stanza.add(line)
        }
      }
      body(stanza)
      ending = process.wait()
    } catch {
      guard error.isMissing else { throw .file(error) }
      throw .missingSource(
        "the program '\(command[0])'", advice: "this data set is made on Debian systems")
    }
    guard ending.status == 0 else {
      let message = ending.message.split(separator: "\n").first.map(String.init) ?? "no message"
      throw .badSource(
        path: command[0], line: 1,
        problem: "failed (status \(ending.status)): " + TerminalText.printable(message))
    }
  }
}
