import Episodes
import Testing

@Suite("The kind of work by the subject of a commit")
struct ConventionalSubjectTests {
  @Test(
    "Subjects of many habits are told apart",
    arguments: [
      ("fix: leak in the pool", TaskType.debugging), ("Fix leak in the pool", .debugging),
      ("Fixed #311", .debugging), ("hotfix(api): x", .debugging),
      ("mm/slub: fix a leak", .debugging), ("[ci skip] Prevent a race", .debugging),
      ("feat(cli)!: add import", .codeGeneration), ("Add import of Git histories", .codeGeneration),
      ("net: sched: support offload", .codeGeneration), ("Refactor the parser", .refactoring),
      ("Rename Foo to Bar", .refactoring), ("perf: fewer copies", .refactoring),
      ("test: cover the pool", .testing), ("Add tests for the pool", .testing),
      ("Improve the tests of the pool", .testing), ("docs: say why", .documentation),
      ("Update README", .documentation), ("Add more documentation", .documentation),
      ("Benchmark the pool", .analysis), ("chore: bump version", .other),
      ("Bump version to 1.2", .other), ("Merge branch 'x'", .other), ("", .other),
      ("WIP", .other), ("Update the pool", .other), ("fixture: something", .other),
      ("日本語の件名", .other),
    ])
  func types(subject: String, expected: TaskType) {
    #expect(ConventionalSubject(subject).taskType == expected)
  }

  @Test(
    "Type, scope and the mark of a breaking change are tags where they fit the rules of one",
    arguments: [
      ("fix(auth)!: x", ["fix", "auth", "breaking"]), ("feat: x", ["feat"]),
      ("feat(api/http): x", ["feat"]), ("Fix(UI-Kit): x", ["fix", "ui-kit"]),
      ("fix(fix): x", ["fix"]), ("note: x", []), ("Add x", []),
    ])
  func tags(subject: String, expected: [String]) {
    #expect(ConventionalSubject(subject).tags.map(\.name) == expected)
  }

  @Test("Languages are told by the ends of names, the most frequent one first")
  func languages() {
    #expect(SourceLanguage.mostFrequent(in: ["a.py", "b.py", "c.swift"]) == "python")
    #expect(SourceLanguage.mostFrequent(in: ["a.swift", "b.py"]) == "python")
    #expect(SourceLanguage.mostFrequent(in: ["LICENSE", ".gitignore", "x/"]) == nil)
    #expect(SourceLanguage.language(of: "x/y.d/Makefile") == "make")
    #expect(SourceLanguage.language(of: "src/a.b.TSX") == "typescript")
  }
}
