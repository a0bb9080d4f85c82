internal import DurableStore
internal import Engram
internal import Episodes

extension Tools {
  /// What cannot be undone asks whether it is meant.
  static let confirm = JSONShape.Field.required(
    "confirm", .yes, "True, to say that it is meant.")

  package static let checkStore = Tool(
    "check_store", title: "Check the durable store",
    summary: "Looks for damage of the store's file, of references and of indexes; reads all of it.",
    input: [],
    output: .init(
      "a check of the store", [.required("problems", .list(of: .text), "Empty when all is well.")]),
    hints: .reads
  ) { (_: NoInput, call: ToolCall) async throws -> [String: [String]] in
    ["problems": try await call.memory().checkStore()]
  }

  package static let vacuumStore = Tool(
    "vacuum_store", title: "Vacuum the durable store",
    summary: "Rewrites the store's file without what was deleted; writes wait meanwhile.",
    input: [confirm],
    output: .init(
      "a vacuum", [.required("bytesBefore", .whole), .required("bytesAfter", .whole)]),
    hints: ToolHints(isReadOnly: false, isDestructive: true, isIdempotent: true)
  ) { (_: Confirmation, call: ToolCall) async throws -> VacuumReport in
    try await call.memory().vacuumStore()
  }

  package static let backUpStore = Tool(
    "back_up_store", title: "Back up the durable store",
    summary:
      "Copies the store as it is at one moment into a new file of the folder that the server was given for it; 'engram store restore' brings it back.",
    input: [
      .required(
        "name", .text, "The new file's name in the folder that --backup-folder names.")
    ],
    output: .init(
      "a backup",
      [
        .required("name", .text), .required("byteCount", .whole),
        .required("episodeCount", .whole), .required("schemaVersion", .whole),
      ]), hints: ToolHints(isReadOnly: false, isDestructive: false, isIdempotent: false)
  ) { (input: BackupInput, call: ToolCall) async throws -> BackupOutput in
    let path = try input.path(in: call.backupFolder)
    // What is there is never replaced from afar.
    do {
      return BackupOutput(input.name, try await call.memory().backUpStore(to: path))
    } catch let error as EngramError where error.code == .unusableOutput {
      // Where the folder is, is the operator's affair.
      let problem = error.message.replacing(path, with: input.name)
      throw ValidationError(
        field: "name", problem: problem, expected: "the name of a new file")
    }
  }

  package static let listChanges = Tool(
    "list_changes", title: "List changes",
    summary: "What any process has written to the store after a change, oldest first.",
    input: [
      .required("after", .count(0...1 << 53), "The number of the last change seen; 0 for none."),
      .optional("limit", .count(1...1000), "The most to return; 500 by default."),
    ],
    output: .init(
      "changes",
      [
        .required(
          "changes",
          .list(
            of: .object(
              .init(
                "a change",
                [
                  .required("sequence", .whole),
                  .required("kind", .choice(RecordKind.allCases.map(\.rawValue))),
                  .required("recordID", .text),
                  .required("operation", .choice(["insert", "update", "delete"])),
                ])))),
        .required(
          "isCutOff", .flag, "Some are no longer in the log: anything may have changed."),
        .required("lastChange", .whole),
      ]), hints: .reads
  ) { (input: ChangesInput, call: ToolCall) async throws -> ChangePage in
    let memory = try await call.memory()
    let last = try await memory.lastChange()
    return ChangePage(
      try await memory.changes(after: input.after, limit: input.limit ?? 500), lastChange: last)
  }

  package static let getAnalytics = Tool(
    "get_analytics", title: "Analytics",
    summary: "Counts, success rates and rewards of episodes: by domain, type, language and time.",
    input: [
      .optional(
        "interval", .choice(EpisodeAnalytics.Interval.allCases.map(\.rawValue)),
        "The stretches of time; day by default."),
      .optional("limit", .count(1...1000), "The most groups and stretches; 100 by default."),
    ], filters: FilterArguments.fields, output: AnalyticsShape.fields, hints: .reads
  ) { (input: AnalyticsInput, call: ToolCall) async throws -> EpisodeAnalytics in
    try await call.memory().analytics(
      matching: try input.filter.filter(), interval: input.interval ?? .day,
      groupsMax: input.limit ?? 100)
  }
}
