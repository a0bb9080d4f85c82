internal import Engram
internal import EngramServer
internal import Episodes
internal import HTTPTypes
internal import NIOCore

/// Why a request is refused, as its client is told.
struct Problem: Error {
  var status: HTTPResponse.Status
  /// A name that programs can tell apart.
  var code: String
  var message: String
  var headers: HTTPFields = [:]

  static func badRequest(_ message: String) -> Problem {
    Problem(status: .badRequest, code: "invalidInput", message: message)
  }

  static let unknownPath = Problem(
    status: .notFound, code: "notFound",
    message: "there is nothing at this path; /v1/openapi.json lists what there is")

  static let tooLong = Problem(
    status: .contentTooLarge, code: "tooLarge", message: "the body is longer than is taken")

  static let badBody = badRequest(
    "the body was cut off, or is not what HTTP allows; expected it whole")

  static let timeOut = Problem(
    status: .gatewayTimeout, code: "timeOut",
    message: "the request took too long, and was given up; what it has written stays")

  static func busy(_ message: String) -> Problem {
    Problem(
      status: .serviceUnavailable, code: "busy", message: message, headers: [.retryAfter: "1"])
  }

  /// The problem of an import of which so many records are stored.
  func after(_ recordCount: Int) -> Problem {
    var problem = self
    problem.message += " (\(recordCount) records were stored before it)"
    return problem
  }

  init(
    status: HTTPResponse.Status, code: String, message: String, headers: HTTPFields = [:]
  ) {
    self.status = status
    self.code = code
    self.message = message
    self.headers = headers
  }

  /// - Parameter error: of whatever was asked of the memory.
  init(_ error: any Error) {
    switch error {
    case let error as Problem: self = error
    case let error as ToolInputError: self = .badRequest(error.description)
    case let error as ValidationError: self = .badRequest(error.description)
    case let error as JSONSyntaxError:
      self = .badRequest("the body is no JSON: column \(error.column): \(error.problem)")
    case let error as EngramError: self.init(error)
    case is NIOTooManyBytesError: self = .tooLong
    case is CancellationError:
      self.init(status: .serviceUnavailable, code: "cancelled", message: "the request was given up")
    default:
      self.init(
        status: .internalServerError, code: "other", message: "the request failed; see the log")
    }
  }

  private init(_ error: EngramError) {
    let status: HTTPResponse.Status
    switch error.code {
    case .invalidInput: status = .badRequest
    case .notFound: status = .notFound
    case .conflict: status = .conflict
    case .storeAway, .modelMissing, .modelDamaged, .cancelled: status = .serviceUnavailable
    case .unusableHome, .unusableOutput, .storeFailed, .cacheFailed, .indexDamaged, .other:
      status = .internalServerError
    }
    self.init(status: status, code: error.code.rawValue, message: error.message)
    if status == .serviceUnavailable { headers[.retryAfter] = "5" }
  }

  /// As the body of the answer.
  func json(requestID: String) -> JSONValue {
    [
      "error": ["code": .string(code), "message": .string(message)],
      "requestID": .string(requestID),
    ]
  }
}
