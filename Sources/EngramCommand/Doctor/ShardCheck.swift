internal import DurableStore
internal import Engram
internal import Platform

/// Shards: whether each answers, with which schema, and takes its token.
enum ShardCheck {
  static let secondsMax = 10.0

  static func findings(
    _ shards: ShardSettings, _ settings: Settings, isHomeUsable: Bool
  ) async -> [DoctorFinding] {
    let configurations: [String: MemoryConfiguration]
    do {
      configurations = try shards.configurations(settings)
    } catch {
      return [.problem("shards", "\(error)", mend: "leave one of the two out")]
    }
    var found = await asked(configurations, shards)
    let own = shards.map.shard(of: settings.namespace)
    let answers = !found.contains { $0.check == name(own) && $0.status == .problem }
    // The one that commands work in.
    if let configuration = configurations[own], answers, isHomeUsable, configuration.home.exists {
      found += await MemoryCheck.findings(configuration)
    }
    return found
  }

  private static func name(_ shard: String) -> String { "shard \(shard)" }

  private static func asked(
    _ configurations: [String: MemoryConfiguration], _ shards: ShardSettings
  ) async -> [DoctorFinding] {
    let findings = await withTaskGroup(of: (String, DoctorFinding).self) { group in
      for (shard, configuration) in configurations {
        let place = shards.place(of: shard)
        let hasToken = shards.tokenFile(of: shard) != nil
        group.addTask {
          let answer = await Deadline.run(secondsMax: secondsMax) {
            try await finding(of: shard, at: place, hasToken: hasToken, configuration)
          }
          switch answer {
          case .success(let finding): return (shard, finding)
          case .failure(let error): return (shard, problem(shard, place, "\(error)"))
          case nil:
            return (
              shard, problem(shard, place, "it has not answered within \(Int(secondsMax)) s")
            )
          }
        }
      }
      var findings: [String: DoctorFinding] = [:]
      for await (shard, finding) in group { findings[shard] = finding }
      return findings
    }
    return findings.sorted { $0.key < $1.key }.map(\.value)
  }

  private static func problem(_ shard: String, _ place: String, _ text: String) -> DoctorFinding {
    .problem(
      name(shard), "\(place): \(text)",
      mend: "see the message; [shards.url] and [shards.tokenFile] say where it is and its token")
  }

  /// Opens the store alone: no cache is filled to see whether it answers.
  private static func finding(
    of shard: String, at place: String, hasToken: Bool, _ configuration: MemoryConfiguration
  ) async throws -> DoctorFinding {
    let store: DurableStore
    if let open = configuration.openStore {
      store = try await open(configuration.store)
    } else {
      guard configuration.home.exists else {
        return .ok(name(shard), "\(place), nothing in it yet")
      }
      store = try await DurableStore.open(
        path: configuration.home.databasePath, configuration: configuration.store)
    }
    defer { store.close() }
    let health = await store.health()
    guard health.isReachable else {
      return problem(shard, place, health.problem ?? "it does not answer")
    }
    let token = configuration.openStore == nil ? "" : hasToken ? ", token accepted" : ", no token"
    return .ok(name(shard), "\(place), schema \(health.schemaVersion)\(token)")
  }
}
