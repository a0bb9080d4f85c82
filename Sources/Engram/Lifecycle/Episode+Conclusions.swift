internal import Episodes

extension Episode {
  /// Sets what follows from how the episode ended: its reward, its reflection and, where there are none, its
  /// salient features.
  mutating func conclude() {
    reward = RewardFormula.reward(for: self)
    reflection = ReflectionRules.reflection(on: self, at: endTime ?? startTime)
    if salientFeatures == nil { salientFeatures = SalientFeatures.features(of: self) }
  }
}
