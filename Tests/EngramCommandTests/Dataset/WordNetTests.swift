import Testing

@testable import EngramCommand

@Suite("The texts of WordNet")
struct WordNetTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let noun =
    "00002684 03 n 02 object 0 physical_object 0 002 @ 00001930 n 0000 + 00532607 v 0105 | "
    + "a tangible and visible entity; an entity that can cast a shadow; "
    + "\"it was full of rackets, balls and other objects\"  "

  private func write(noun: String) throws {
    _ = try folder.write("  1 This software\n  2 and database\n" + noun + "\n", to: "data.noun")
    _ = try folder.write("", to: "data.verb")
    _ = try folder.write(
      "00013662 00 s 01 galore(ip) 0 001 & 00013160 a 0000 | in great numbers; \"fish galore\"\n",
      to: "data.adj")
    _ = try folder.write("", to: "data.adv")
  }

  @Test("Words and definition are the text, example sentences are questions")
  func synsets() throws {
    try write(noun: Self.noun)
    let read = try WordNet.read(folder: folder.path(""))
    #expect(
      read.texts == [
        DatasetText(
          id: "wordnet-noun-00002684",
          text: "object, physical object: a tangible and visible entity; "
            + "an entity that can cast a shadow",
          metadata: ["partOfSpeech": "noun", "category": "noun.Tops"]),
        DatasetText(
          id: "wordnet-adj-00013662", text: "galore: in great numbers",
          metadata: ["partOfSpeech": "adjective", "category": "adj.all"]),
      ])
    #expect(
      read.questions == [
        DatasetQuestion(
          query: "it was full of rackets, balls and other objects",
          relevant: ["wordnet-noun-00002684"]),
        DatasetQuestion(query: "fish galore", relevant: ["wordnet-adj-00013662"]),
      ])
    #expect(try WordNet.read(folder: folder.path(""), countMax: 1).texts.count == 1)
  }

  @Test(
    "Definition and examples are told apart",
    arguments: [
      ("a part; \"one of\"; \"two\"; \"three of\"", "a part", ["one of", "three of"]),
      ("a part", "a part", []),
      ("\"only said\"", "", ["only said"]),
      ("called \"x\" by some; of old", "called \"x\" by some; of old", []),
      ("a saying; \"To be\"- Shakespeare", "a saying", ["To be"]),
      ("cut off; \"no end", "cut off", ["no end"]),
      ("a;  \"b c\" ", "a", ["b c"]),
      ("travel up, \"We went up\"", "travel up", ["We went up"]),
      ("in its place: \"he came\"", "in its place", ["he came"]),
    ])
  func glosses(gloss: String, definition: String, examples: [String]) {
    let found = WordNetSynset.gloss(gloss[...])
    #expect(found.definition == definition)
    #expect(found.examples == examples)
  }

  @Test("A line that is no set of synonyms is named")
  func badLine() throws {
    for bad in ["nonsense", "00002684 99 n 01 x 0 000 | y", "00002684 03 n 09 x 0 000 | y"] {
      try write(noun: Self.noun + "\n" + bad)
      let error = #expect(throws: DatasetError.self) {
        try WordNet.read(folder: folder.path(""))
      }
      #expect(error?.description.contains("data.noun', line 4: is not a set of synonyms") == true)
    }
  }

  @Test("Without the data the error says what to install")
  func missing() throws {
    let error = #expect(throws: DatasetError.self) {
      try WordNet.read(folder: folder.path("none"))
    }
    #expect(error?.description.hasSuffix("install it with 'apt-get install wordnet-base'") == true)
    #expect(error?.exitStatus == .missingInput)
  }

  @Test(
    "All of WordNet is read where it is installed",
    .enabled(if: InputFile.isFolder(WordNet.defaultFolder)))
  func installed() throws {
    let read = try WordNet.read(countMax: 2_000)
    #expect(read.texts.count == 2_000)
    #expect(Set(read.texts.map(\.id)).count == 2_000)
    #expect(read.texts.allSatisfy { $0.text.contains(": ") })
    // Definitions hold quotes of their own now and then.
    #expect(read.texts.count { $0.text.contains("\"") } < 5)
    #expect(read.texts[0].text.hasPrefix("entity: that which is perceived"))
    #expect(read.questions.count > 100)
  }
}
