internal import Embedders

/// The embedding model.
enum ModelCheck {
  static func findings() async -> [DoctorFinding] {
    do {
      let model = try MiniLMModel.locate()
      let vector = try await MiniLMEmbedder(model: model).embed("is the model whole")
      let length = vector.reduce(0) { $0 + $1 * $1 }
      guard abs(length - 1) < 0.01 else {
        return [.problem("model", "\(model.directory) makes no vectors", mend: again)]
      }
      return [.ok("model", "\(MiniLMModel.name) in \(model.directory)")]
    } catch let error as MiniLMModelMissing {
      return [
        .problem(
          "model", "\(error)",
          mend: "\(again); until then only 'search --mode text' and reading work")
      ]
    } catch {
      return [.problem("model", "\(error)", mend: again)]
    }
  }

  private static let again = "fetch it with 'make model', or set ENGRAM_MODEL_DIR"
}
