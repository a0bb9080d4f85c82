import Engram
import Episodes
import TestSupport

extension Week {
  private static let verbs = ["fix", "move", "deploy", "test", "refund", "index"]
  private static let things = ["printer", "invoice", "parser", "login", "cable", "cache", "queue"]
  private static let namespaces = ["team", "ops", "scratch"]

  /// One act of an agent on some node that is up.
  func act() async {
    let places = nodes.indices.filter { nodes[$0].memory != nil }
    if !places.isEmpty { await act(on: random.pick(places)) }
  }

  func act(on index: Int) async {
    guard let memory = nodes[index].memory else { return }
    switch random.below(100) {
    case 0..<22: await start(memory, index)
    case 22..<42: await log(memory, index)
    case 42..<58: await complete(memory, index)
    case 58..<66: await tag(memory, index)
    case 66..<72: await update(memory, index)
    case 72..<76: await relate(memory, index)
    case 76..<79: await delete(memory, index, forgets: true)
    case 79..<82: await delete(memory, index, forgets: false)
    case 82..<88: await giveFeedback(memory, index)
    default: await search(memory, index)
    }
  }

  /// Writes, and tells whether it was acknowledged.
  ///
  /// - Parameter isCertain: whether it must succeed where nothing is in the way.
  /// - Returns: nil where it failed.
  private func write<Value>(
    _ name: String, on index: Int, isCertain: Bool, _ body: () async throws(EngramError) -> Value
  ) async -> Result<Value, EngramError> {
    do throws(EngramError) {
      let value = try await body()
      count(name)
      return .success(value)
    } catch {
      count("failed")
      if isCertain, isWell(index) {
        problems.append("\(nodes[index].name): \(name) failed: \(error.code) \(error)")
      }
      return .failure(error)
    }
  }

  private func start(_ memory: Memory, _ index: Int) async {
    let id = "w\(known.count)"
    let namespace = random.pick(Self.namespaces)
    let (verb, thing) = (random.pick(Self.verbs), random.pick(Self.things))
    let text = "\(verb) the \(thing) of order \(known.count)"
    let task = NewTask(
      text, type: random.pick(TaskType.allCases),
      context: TaskContext(domain: thing, language: random.optional { $0.pick(["swift", "c"]) }),
      namespace: namespace, agentID: nodes[index].name,
      sessionID: random.optional { "s\($0.below(20))" }, id: id)
    let result = await write("started", on: index, isCertain: true) { () throws(EngramError) in
      try await memory.startEpisode(task)
    }
    let fate: KnownEpisode.Fate =
      switch result {
      case .success: .stored
      case .failure(let error) where error.code == .storeAway: .refused
      case .failure: .unsure
      }
    known[id] = KnownEpisode(id: id, text: text, namespace: namespace, fate: fate)
    if fate != .refused { ids.append(id) }
  }

  /// One of the latest episodes that may be there and have not ended, or may have ended.
  private func pick(ended: Bool) -> KnownEpisode? {
    let fitting = ids.suffix(60).compactMap { known[$0] }.filter { $0.hasEnded == ended }
    return fitting.isEmpty ? nil : random.pick(fitting)
  }

  private func log(_ memory: Memory, _ index: Int) async {
    guard let episode = pick(ended: false) else { return }
    let tool = random.pick(["shell", "edit", "search", "verify"])
    let step = NewStep(
      tool: tool, action: "\(tool) what \(episode.id) needs",
      result: random.chance(0.7) ? .success(output: "fine") : .error(message: "no such file"),
      latency: 1)
    let result = await write("logged", on: index, isCertain: episode.isCertain) {
      () throws(EngramError) in try await memory.logStep(step, in: episode.id)
    }
    switch result {
    case .success: known[episode.id]?.steps += 1
    case .failure: known[episode.id]?.unsureSteps += 1
    }
  }

  private func complete(_ memory: Memory, _ index: Int) async {
    guard let episode = pick(ended: false) else { return }
    let outcome: TaskOutcome =
      random.chance(0.7)
      ? .success(verdict: "\(episode.id) is done", artifacts: [])
      : .failure(reason: "\(episode.id) was too hard", details: nil)
    let result = await write("completed", on: index, isCertain: episode.isCertain) {
      () throws(EngramError) in try await memory.completeEpisode(episode.id, outcome: outcome)
    }
    switch result {
    case .success: known[episode.id]?.hasEnded = true
    case .failure: known[episode.id]?.hasPerhapsEnded = true
    }
  }

  private func tag(_ memory: Memory, _ index: Int) async {
    guard let episode = pick(ended: random.chance(0.5)) else { return }
    guard let tag = try? Tag(random.pick(["urgent", "paper", "network", "slow"])) else { return }
    let result = await write("tagged", on: index, isCertain: episode.fate == .stored) {
      () throws(EngramError) in try await memory.addTags([tag], to: episode.id)
    }
    if case .success = result { known[episode.id]?.tags.insert(tag) }
  }

  private func update(_ memory: Memory, _ index: Int) async {
    guard let episode = pick(ended: random.chance(0.5)) else { return }
    let (key, value) = ("k\(counts.count)-\(random.next())", "v\(random.below(9))")
    let result = await write("updated", on: index, isCertain: episode.fate == .stored) {
      () throws(EngramError) in
      try await memory.updateEpisode(episode.id, EpisodeChanges(metadata: [key: value]))
    }
    if case .success = result { known[episode.id]?.metadata[key] = value }
  }

  private func relate(_ memory: Memory, _ index: Int) async {
    guard let one = pick(ended: true),
      let other = pick(ended: true), one.id != other.id, one.namespace == other.namespace
    else { return }
    // May be there already, or close a circle.
    _ = await write("related", on: index, isCertain: false) { () throws(EngramError) in
      try await memory.relate(one.id, to: other.id, kind: .relatedTo, reason: "both wait")
    }
  }

  private func delete(_ memory: Memory, _ index: Int, forgets: Bool) async {
    guard let episode = pick(ended: random.chance(0.5)) else { return }
    let result = await write("deleted", on: index, isCertain: episode.fate == .stored) {
      () throws(EngramError) in
      if forgets {
        _ = try await memory.forget(ids: [episode.id], erasing: false)
      } else {
        try await memory.deleteEpisode(episode.id)
      }
    }
    if case .success = result { return isGone(episode.id) }
    // Other writes follow it, and may be what failed.
    known[episode.id]?.fate = .perhapsGone
  }

  private func giveFeedback(_ memory: Memory, _ index: Int) async {
    let namespace = random.pick(Self.namespaces)
    let text = "\(random.pick(Self.verbs)) the \(random.pick(Self.things))"
    let effect = random.pick([AppliedPattern.Effect.helped, .noEffect, .hindered])
    var request = PatternRequest(text, namespace: namespace)
    request.likenessMin = 0
    let result = await write("recommended", on: index, isCertain: true) {
      [request] () throws(EngramError) in try await memory.recommend(request)
    }
    guard case .success(let recommendation) = result, let first = recommendation.patterns.first
    else { return }
    _ = await write("judged", on: index, isCertain: true) { () throws(EngramError) in
      try await memory.recordFeedback(effect, on: first.pattern.id, in: recommendation.id)
    }
  }

  /// Whatever is cut or down, a search answers; where nothing is, it finds what any node has just written.
  private func search(_ memory: Memory, _ index: Int) async {
    let latest = ids.suffix(5).compactMap { known[$0] }.filter { $0.fate == .stored }
    guard !latest.isEmpty else { return }
    let wanted = random.pick(latest)
    let filter = EpisodeFilter(namespace: wanted.namespace)
    do {
      let results = try await memory.search(SearchRequest(wanted.text, limit: 10, filter: filter))
      count(results.isStoreAway ? "searched alone" : "searched")
      guard isWell(index) else { return }
      if !results.hits.contains(where: { $0.episode.id == wanted.id }) {
        problems.append(
          "\(nodes[index].name) does not find \(wanted.id), away: \(results.isStoreAway)")
      }
    } catch {
      problems.append("\(nodes[index].name): a search failed: \(error.code) \(error)")
    }
  }
}
