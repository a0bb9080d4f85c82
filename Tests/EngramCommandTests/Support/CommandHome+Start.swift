import Testing

extension CommandHome {
  /// Starts an episode with each of the ids.
  func start(_ ids: String..., namespace: String = "default") throws {
    for id in ids {
      try succeed(
        "episode", "start", "Task of \(id)", "--id", id, "--namespace", namespace, "--tag", "flaky")
    }
  }
}
