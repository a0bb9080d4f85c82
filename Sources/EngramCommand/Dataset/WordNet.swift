/// The texts of Princeton's WordNet: for each set of synonyms its words and their definition.
public enum WordNet {
  /// Where Debian's package `wordnet-base` puts the data.
  public static let defaultFolder = "/usr/share/wordnet"

  /// Reads the data files; the texts stand in the order noun, verb, adjective, adverb.
  ///
  /// The sentences that show a word in use are no part of the texts: they are questions, whose
  /// answer is the set of synonyms they belong to.
  ///
  /// - Parameters:
  ///   - folder: the folder of `data.noun` and the other files.
  ///   - countMax: how many texts to read at most; nil for all, 117,659 in WordNet 3.0.
  /// - Throws: ``DatasetError``, which says what to install when the files are not there.
  public static func read(
    folder: String = defaultFolder, countMax: Int? = nil
  ) throws(DatasetError) -> DatasetTexts {
    var texts: [DatasetText] = []
    var questions: [DatasetQuestion] = []
    let limit = countMax ?? .max
    for part in WordNetSynset.PartOfSpeech.allCases where texts.count < limit {
      for synset in try synsets(folder: folder, part: part, countMax: limit - texts.count) {
        texts.append(synset.text)
        questions += synset.questions
      }
    }
    let version = DebianPackage.installedVersion(of: "wordnet-base")
    return DatasetTexts(
      texts: texts, questions: questions,
      origin: DatasetOrigin(
        source: "WordNet, https://wordnet.princeton.edu",
        package: version == nil ? nil : "wordnet-base", packageVersion: version,
        licence: "WordNet 3.0 licence, copyright 2006 by Princeton University"))
  }

  private static func synsets(
    folder: String, part: WordNetSynset.PartOfSpeech, countMax: Int
  ) throws(DatasetError) -> [WordNetSynset] {
    let path = "\(folder)/data.\(part.rawValue)"
    var synsets: [WordNetSynset] = []
    var badLine: Int?
    do throws(FileError) {
      var lines = LineReader(try InputFile(path: path), lineBytesMax: 1 << 20)
      while synsets.count < countMax, badLine == nil,
        let line = try lines.next({ line in
          if case .text(let bytes) = line { String(decoding: bytes, as: UTF8.self) } else { "" }
        })
      {
        // The licence stands at the top, behind two spaces.
        if line.hasPrefix("  ") { continue }
        if let synset = WordNetSynset(line, part: part) {
          synsets.append(synset)
        } else {
          badLine = lines.lineNumber
        }
      }
    } catch {
      guard error.isMissing else { throw .file(error) }
      throw .missingSource(
        "WordNet ('\(path)')", advice: "install it with 'apt-get install wordnet-base'")
    }
    if let badLine {
      throw .badSource(path: path, line: badLine, problem: "is not a set of synonyms")
    }
    return synsets
  }
}
