/// The tools of the server, in the order in which they are listed: as an agent needs them.
package enum Tools {
  package static let all: [Tool] = [
    searchMemory, recommend, getPlaybook, startEpisode, logSteps, completeEpisode, recordEpisode,
    getEpisode, listEpisodes, updateEpisode, searchPatterns, giveFeedback, checkpoint, resume,
    forget, memoryStatus,
  ]

  static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
