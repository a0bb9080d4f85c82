import Episodes

/// How the use of a pattern counts.
struct FeedbackCount {
  var success: Int64
  var failure: Int64

  init(_ effect: AppliedPattern.Effect) {
    success = effect == .helped ? 1 : 0
    failure = effect == .hindered ? 1 : 0
  }

  /// - Parameter succeeded: nil for neither.
  init(_ succeeded: Bool?) {
    success = succeeded == true ? 1 : 0
    failure = succeeded == false ? 1 : 0
  }
}
