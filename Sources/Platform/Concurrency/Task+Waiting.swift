extension Task where Success == Void, Failure == Never {
  /// Waits for the task, but no longer than a time, whether or not the waiting one is cancelled; the task goes on.
  ///
  /// - Returns: whether it has ended.
  @discardableResult
  package func hasEnded(withinSeconds secondsMax: Double) async -> Bool {
    let race = Race<Bool>()
    let timer = Task<Void, Never> {
      try? await Task<Never, Never>.sleep(for: .seconds(bounding: secondsMax))
      race.finish(false)
    }
    _ = Task<Void, Never> {
      await self.value
      race.finish(true)
    }
    defer { timer.cancel() }
    return await race.value()
  }
}
