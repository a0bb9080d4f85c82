public import Embedders
public import Engram
public import Episodes
public import Vamana

extension CommandFailure: ExitStatusProviding {
  var exitStatus: ExitStatus { status }
}

extension EngramError: ExitStatusProviding {
  public var exitStatus: ExitStatus {
    switch code {
    case .invalidInput: .badData
    case .modelMissing, .storeAway: .unavailable
    case .unusableHome, .unusableOutput: .cannotCreate
    case .storeFailed, .cacheFailed, .modelDamaged: .inputOutput
    case .notFound, .conflict, .indexDamaged, .cancelled, .other: .failure
    }
  }
}

extension Episodes.ValidationError: ExitStatusProviding {
  public var exitStatus: ExitStatus { .badData }
}

extension VamanaError: ExitStatusProviding {
  public var exitStatus: ExitStatus {
    if case .fileFailed = self { .inputOutput } else { .badData }
  }
}

extension VectorIndexError: ExitStatusProviding {
  public var exitStatus: ExitStatus {
    switch self {
    case .vamana, .countMismatch, .invalidManifest: .badData
    case .maintenanceFailed: .inputOutput
    case .closed: .failure
    }
  }
}

extension MiniLMModelMissing: ExitStatusProviding {
  public var exitStatus: ExitStatus { .unavailable }
}

extension ModelFileError: ExitStatusProviding {
  public var exitStatus: ExitStatus { .inputOutput }
}
