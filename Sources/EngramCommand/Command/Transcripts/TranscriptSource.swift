internal import ArgumentParser
internal import Transcripts

/// The program that wrote a transcript, as people type it.
enum TranscriptSource: String, CaseIterable, ExpressibleByArgument {
  case claudeCode = "claude-code"
  case codex
  case openAI = "openai"

  var format: TranscriptFormat {
    switch self {
    case .claudeCode: .claudeCode
    case .codex: .codex
    case .openAI: .openAI
    }
  }
}
