import Testing

@testable import Episodes

/// Names of single things in what episodes say: the same experience with another thing is the same pattern.
@Suite("Names in patterns")
struct NamedThingsTests {
  private static let ok = StepResult.success(output: "")
  private static let services = [
    "invoices", "payments", "basket", "ledger", "geocoder", "mailer", "thumbnails", "quotes",
    "warehouse", "loyalty",
  ]

  /// A deployment that fails because a release is stuck, and how that was overcome.
  private func deployment(of service: String, id: String, error: String? = nil) -> Episode {
    var episode = LearningSamples.episode(
      id, domain: "kubernetes", language: nil,
      steps: LearningSamples.steps([
        ("kubectl", "check whether \(service) answers in staging", Self.ok),
        (
          "helm", "upgrade \(service) to 2.\(service.count).7",
          .error(message: error ?? "UPGRADE FAILED: \(service) has no deployed releases")
        ),
        ("kubectl", "delete the pending release secret of \(service)", Self.ok),
        ("helm", "upgrade \(service) with --atomic", Self.ok),
      ]))
    episode.taskDescription = "Deploy \(service) to production"
    return episode
  }

  @Test(
    "A name stays only where the other says it whole",
    arguments: [
      ("check ‹db› is ready", "check ‹db2› is ready", "check ‹…› is ready"),
      ("check ‹db› is ready", "check ‹db-main› is ready", "check ‹…› is ready"),
      ("check ‹db› is ready", "look at db.", "check ‹db› is ready"),
      ("check ‹db› is ready", "look at db.local", "check ‹…› is ready"),
      ("apply ‹app›", "apply ‹web›", "apply ‹…›"), ("wait ‹1›", "wait ‹10›", "wait ‹…›"),
      ("wait ‹1› of ‹2›", "wait ‹1› of ‹3›", "wait ‹1› of ‹…›"),
    ])
  func wholeNames(text: String, other: String, expected: String) {
    #expect(SlottedText.generalized(text, over: other) == expected)
  }

  private func patterns(_ name: PatternKind.Name, of known: KnownPatterns) -> [Pattern] {
    known.patterns.values.filter { $0.kind.name == name }.sorted { $0.id < $1.id }
  }

  @Test("Ten deployments of ten services with the same failure are one pattern of each kind")
  func tenServices() throws {
    let (known, lessons) = LearningSamples.learn(
      Self.services.enumerated().map { deployment(of: $1, id: "e\($0)") })
    let ids = (0..<10).map { "e\($0)" }
    for name in PatternKind.Name.allCases {
      let found = patterns(name, of: known)
      #expect(found.map(\.occurrenceCount) == [10], "\(name)")
      #expect(found.map(\.evidence) == [ids], "\(name)")
    }
    #expect(lessons.map(\.newPatternCount) == [4] + Array(repeating: 0, count: 9))
    let recovery = try #require(patterns(.errorRecovery, of: known).first)
    #expect(
      recovery.kind
        == .errorRecovery(
          errorType: "upgrade failed ‹…› has no: UPGRADE FAILED: ‹…› has no deployed releases",
          recoverySteps: [
            "kubectl: delete the pending release secret of ‹…›", "helm: upgrade ‹…› with --atomic",
          ]))
    #expect(
      recovery.kind.summary == "if “UPGRADE FAILED: … has no deployed releases” happens: "
        + "kubectl: delete the pending release secret of …; helm: upgrade … with --atomic")
    let decision = try #require(patterns(.decisionPoint, of: known).first)
    let heuristic = HeuristicRule.heuristic(from: decision)
    // The step after the check failed each time: that is no rule to follow.
    #expect(heuristic == nil)
    #expect(decision.kind.summary == "check whether … answers in staging ⇒ helm: upgrade … to …")
  }

  @Test("Two failures of one service are two patterns")
  func twoFailures() {
    let (known, _) = LearningSamples.learn([
      deployment(of: "invoices", id: "a"),
      deployment(
        of: "invoices", id: "b", error: "UPGRADE FAILED: another operation is in progress"),
      deployment(of: "invoices", id: "c"),
    ])
    let found = patterns(.errorRecovery, of: known)
    #expect(found.map(\.occurrenceCount) == [2, 1])
    #expect(found.map(\.evidence) == [["a", "c"], ["b"]])
    // The name is that of both.
    #expect(found.first?.kind.summary.contains("release secret of invoices") == true)
  }

  @Test("The same failure with another way out is another pattern")
  func twoWaysOut() {
    var other = deployment(of: "payments", id: "b")
    other.steps[2].action = "roll back by hand and free the lock"
    other.steps[3].action = "install from scratch"
    let (known, _) = LearningSamples.learn([deployment(of: "invoices", id: "a"), other])
    #expect(patterns(.errorRecovery, of: known).map(\.occurrenceCount) == [1, 1])
  }

  @Test("A thing is not a kind of thing: deleting a pod is not deleting a secret")
  func generalWords() {
    func deletion(of kind: String, id: String) -> Episode {
      var episode = LearningSamples.episode(
        id, domain: "kubernetes", language: nil,
        steps: LearningSamples.steps([
          ("kubectl", "check the \(kind)", Self.ok), ("kubectl", "delete the \(kind)", Self.ok),
        ]))
      episode.taskDescription = "Delete the \(kind) that hangs"
      return episode
    }
    let (known, _) = LearningSamples.learn([
      deletion(of: "pod", id: "a"), deletion(of: "secret", id: "b"),
    ])
    #expect(patterns(.decisionPoint, of: known).map(\.occurrenceCount) == [1, 1])
  }

  @Test(
    "Names are marked: what the task speaks of, what stands alone in parameters, and what looks like one"
  )
  func marks() throws {
    var episode = LearningSamples.episode(
      "e", domain: "web", language: "swift", steps: LearningSamples.steps("git helm"))
    episode.taskDescription = "Release the zanzibar service, it's late"
    episode.steps[0].parameters = .object([
      "name": .string("quokka"), "command": .string("sweep everything"),
    ])
    episode.metadata = ["repository": "gate"]
    let names = TaskNames(of: episode)
    let marked: [(String, String)] = [
      ("restart zanzibar", "restart ‹zanzibar›"),
      ("restart the Zanzibar service", "restart the ‹Zanzibar› service"),
      ("Zanzibar is restarted", "Zanzibar is restarted"),
      ("merge quokka and gate", "merge ‹quokka› and ‹gate›"),
      ("sweep everything with git", "sweep everything with git"),
      ("open /etc/hosts on db-7.example.org:8080", "open ‹/etc/hosts› on ‹db-7.example.org:8080›"),
      ("wait 30 s (at most)", "wait ‹30› s (at most)"),
      ("say \"good night\", don't shout", "say \"‹good night›\", don't shout"),
      ("run with --timeout=10m", "run with --timeout=10m"),
      ("call now().then(x)", "call ‹now().then(x)›"),
      ("a ‹mark› of its own", "a <mark> of its own"), ("", ""),
      ("  two  blanks ", "  two  blanks "),
    ]
    for (text, expected) in marked {
      #expect(names.marking(text) == expected)
      if !text.contains(SlottedText.open) {
        #expect(SlottedText.shown(names.marking(text)) == text)
      }
    }
  }

  @Test("Slots that differ count as the same where two words are the same for each")
  func similarity() {
    func similarity(_ first: String, _ second: String) -> Double {
      SlottedText(first).similarity(to: SlottedText(second))
    }
    #expect(similarity("helm: upgrade ‹invoices›", "helm: upgrade ‹payments›") == 1)
    #expect(similarity("helm: upgrade ‹invoices›", "helm: upgrade ‹…›") == 1)
    // One word is too few for a slot: the word is the same, the slots are two that differ.
    #expect(abs(similarity("upgrade ‹invoices›", "upgrade ‹payments›") - 1.0 / 3) < 1e-12)
    #expect(similarity("upgrade ‹…›", "upgrade ‹payments›") == 1)
    // The same name is the same word.
    #expect(similarity("upgrade ‹invoices›", "upgrade invoices") == 1)
    // Three words are the same, and one of two slots is only in one.
    #expect(
      similarity("helm: upgrade release ‹a1›", "helm: upgrade release ‹b›, but ‹c›") == 4.0 / 5)
    #expect(similarity("of the", "of the") == 1)
    #expect(similarity("", "") == 1)
    #expect(similarity("‹a›", "‹b›") == 0)
  }

  @Test("An episode that goes takes along the names that only it said")
  func unlearning() throws {
    let episodes = ["invoices", "payments", "payments"].enumerated().map {
      deployment(of: $1, id: "e\($0)")
    }
    let pattern = try #require(
      patterns(.errorRecovery, of: LearningSamples.learn(episodes).0).first)
    #expect(pattern.occurrenceCount == 3)
    let rest = try #require(
      PatternUnlearning.pattern(
        pattern, without: [episodes[0]], count: 2, evidence: ["e1", "e2"],
        sample: Array(episodes[1...])))
    #expect(rest.occurrenceCount == 2 && rest.evidence == ["e1", "e2"])
    #expect(!"\(rest.kind)".contains("invoices"))
    // A word of its own that is no name goes as well.
    var telling = deployment(of: "invoices", id: "e0")
    telling.steps[2].action += " quokkaword"
    let two = [telling, episodes[1]]
    let learned = try #require(patterns(.errorRecovery, of: LearningSamples.learn(two).0).first)
    #expect(learned.occurrenceCount == 2 && "\(learned.kind)".contains("quokkaword"))
    let left = try #require(
      PatternUnlearning.pattern(
        learned, without: [telling], count: 1, evidence: ["e1"], sample: [episodes[1]]))
    #expect(!"\(left.kind)".contains("quokkaword") && "\(left.kind)".contains("‹payments›"))
  }
}
