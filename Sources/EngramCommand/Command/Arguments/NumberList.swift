internal import ArgumentParser

/// Numbers as typed, separated by commas.
enum NumberList {
  static func listSizes(_ text: String) throws -> [Int] {
    try parse(text, "--list-sizes", "whole numbers from 1 to 1000000, such as 10,20,40") {
      (1...1_000_000).contains($0)
    }
  }

  static func targetRecalls(_ text: String) throws -> [Double] {
    try parse(text, "--target-recalls", "numbers from 0 to 1, such as 0.9,0.95,0.99") {
      (0...1).contains($0)
    }
  }

  static func selectivities(_ text: String) throws -> [Double] {
    try parse(text, "--selectivities", "numbers above 0, at most 1, such as 0.5,0.1,0.01") {
      $0 > 0 && $0 <= 1
    }
  }

  private static func parse<Number: LosslessStringConvertible>(
    _ text: String, _ option: String, _ expected: String, where isValid: (Number) -> Bool
  ) throws -> [Number] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
      guard let number = Number(String(part)), isValid(number) else {
        throw ArgumentParser.ValidationError("\(option) has '\(part)'; expected \(expected)")
      }
      return number
    }
  }
}
