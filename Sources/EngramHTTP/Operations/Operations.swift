internal import EngramServer
internal import HTTPTypes

/// What the API has, in the order in which it is documented.
enum Operations {
  static let all: [Operation] =
    episodes + search + patterns + tags + relations + upkeep + maintenance

  private static let episodes: [Operation] = [
    Operation(
      .post, "/v1/episodes", "episodes", Tools.recordEpisode.withAllOfTask, status: .created),
    Operation(.get, "/v1/episodes", "episodes", Tools.listEpisodes.withAllFilters),
    Operation(
      .post, "/v1/episodes/start", "episodes", Tools.startEpisode.withAllOfTask, status: .created),
    Operation(.post, "/v1/episodes/forget", "episodes", Tools.forget),
    Operation(.post, "/v1/episodes/forget/preview", "episodes", Tools.previewForgetting),
    Operation(.post, "/v1/episodes/forget/matching", "episodes", Tools.forgetMatching),
    Operation(.post, "/v1/episodes/readmit", "episodes", Tools.readmit),
    Operation(.get, "/v1/episodes/{episodeID}", "episodes", Tools.getEpisode),
    Operation(.patch, "/v1/episodes/{episodeID}", "episodes", Tools.updateEpisode.withAllChanges),
    Operation(.delete, "/v1/episodes/{episodeID}", "episodes", Tools.deleteEpisode),
    Operation(
      .post, "/v1/episodes/{episodeID}/steps", "episodes", Tools.logSteps, status: .created),
    Operation(.post, "/v1/episodes/{episodeID}/complete", "episodes", Tools.completeEpisode),
    Operation(
      .post, "/v1/episodes/{episodeID}/checkpoints", "episodes", Tools.checkpoint, status: .created),
    Operation(.get, "/v1/episodes/{episodeID}/checkpoints", "episodes", Tools.listCheckpoints),
    Operation(.get, "/v1/checkpoints/{checkpointID}", "episodes", Tools.getCheckpoint),
    Operation(.delete, "/v1/checkpoints/{checkpointID}", "episodes", Tools.deleteCheckpoint),
    Operation(.post, "/v1/episodes/{episodeID}/resume", "episodes", Tools.resume),
    Operation(.get, "/v1/episodes/{episodeID}/handoff", "episodes", Tools.getHandoff),
    Operation(.get, "/v1/episodes/{episodeID}/history", "episodes", Tools.getHistory),
  ]

  private static let search: [Operation] = [
    Operation(.post, "/v1/search", "search", Tools.searchMemory.withAllOfSearch),
    Operation(.post, "/v1/search/vector", "search", Tools.searchVector.withAllFilters),
    Operation(.post, "/v1/embed", "search", Tools.embed),
  ]

  private static let patterns: [Operation] = [
    Operation(.get, "/v1/patterns", "patterns", Tools.listPatterns),
    Operation(.get, "/v1/patterns/{patternID}", "patterns", Tools.getPattern),
    Operation(
      .get, "/v1/patterns/{patternID}/history", "patterns", Tools.getPatternHistory),
    Operation(.post, "/v1/patterns/{patternID}/explain", "patterns", Tools.explainPattern),
    Operation(.post, "/v1/patterns/search", "patterns", Tools.searchPatterns),
    Operation(.post, "/v1/recommendations", "patterns", Tools.recommend),
    Operation(
      .get, "/v1/recommendations/{recommendationID}", "patterns", Tools.getRecommendation),
    Operation(
      .post, "/v1/recommendations/{recommendationID}/feedback", "patterns", Tools.giveFeedback),
    Operation(.post, "/v1/playbook", "patterns", Tools.getPlaybook),
    Operation(.get, "/v1/heuristics", "patterns", Tools.listHeuristics),
  ]

  private static let tags: [Operation] = [
    Operation(.get, "/v1/tags", "tags", Tools.listTags),
    Operation(.post, "/v1/tags/replace", "tags", Tools.replaceTags),
    Operation(.post, "/v1/episodes/{episodeID}/tags", "tags", Tools.changeTags),
  ]

  private static let relations: [Operation] = [
    Operation(.post, "/v1/relations", "relations", Tools.addRelation, status: .created),
    Operation(.get, "/v1/relations", "relations", Tools.listRelations),
    Operation(.get, "/v1/relations/order", "relations", Tools.orderRelations),
    Operation(.get, "/v1/relations/{relationID}", "relations", Tools.getRelation),
    Operation(.patch, "/v1/relations/{relationID}", "relations", Tools.updateRelation),
    Operation(.delete, "/v1/relations/{relationID}", "relations", Tools.deleteRelation),
    Operation(.get, "/v1/episodes/{episodeID}/relations", "relations", Tools.listEpisodeRelations),
    Operation(.get, "/v1/episodes/{episodeID}/graph", "relations", Tools.getGraph),
  ]

  private static let upkeep: [Operation] = [
    Operation(.get, "/v1/status", "upkeep", Tools.memoryStatus),
    Operation(.get, "/v1/stats", "upkeep", Tools.getStatistics),
    Operation(.get, "/v1/health", "upkeep", Tools.getHealthReport),
    Operation(.get, "/v1/map", "upkeep", Tools.getMap),
    Operation(.post, "/v1/index/measure", "upkeep", Tools.measureIndex),
    Operation(.get, "/v1/namespaces", "upkeep", Tools.listNamespaces),
    Operation(.post, "/v1/sync", "upkeep", Tools.syncCache),
  ]

  // A store is restored while nobody has it open, which no server can offer.
  private static let maintenance: [Operation] = [
    Operation(.get, "/v1/changes", "maintenance", Tools.listChanges),
    Operation(.get, "/v1/analytics", "maintenance", Tools.getAnalytics.withAllFilters),
    Operation(.post, "/v1/store/check", "maintenance", Tools.checkStore),
    Operation(.post, "/v1/store/vacuum", "maintenance", Tools.vacuumStore),
    Operation(.post, "/v1/store/backups", "maintenance", Tools.backUpStore, status: .created),
    Operation(.post, "/v1/cache/validate", "maintenance", Tools.validateCache),
    Operation(.post, "/v1/cache/check", "maintenance", Tools.checkCache),
    Operation(.post, "/v1/cache/sweep", "maintenance", Tools.sweepCache),
    Operation(.post, "/v1/cache/refill", "maintenance", Tools.refillCache),
    Operation(.get, "/v1/learning", "maintenance", Tools.getPendingLearning),
    Operation(.post, "/v1/learning", "maintenance", Tools.learnPending),
    Operation(.get, "/v1/capacity", "maintenance", Tools.getCapacity),
    Operation(.put, "/v1/capacity", "maintenance", Tools.setCapacity),
    Operation(.post, "/v1/capacity/preview", "maintenance", Tools.previewCapacity),
    Operation(.post, "/v1/capacity/enforce", "maintenance", Tools.enforceCapacity),
    Operation(.get, "/v1/duplicates", "maintenance", Tools.findDuplicates.withAllFilters),
    Operation(.delete, "/v1/namespaces/{namespace}", "maintenance", Tools.deleteNamespace),
    Operation(.post, "/v1/namespaces/{namespace}/rename", "maintenance", Tools.renameNamespace),
    Operation(
      .post, "/v1/index/builds", "maintenance", Tools.startIndexBuild, status: .accepted),
    Operation(.get, "/v1/index/builds", "maintenance", Tools.listIndexBuilds),
    Operation(.get, "/v1/index/builds/{buildID}", "maintenance", Tools.getIndexBuild),
    Operation(.post, "/v1/index/builds/{buildID}/cancel", "maintenance", Tools.cancelIndexBuild),
    Operation(.post, "/v1/index/verify", "maintenance", Tools.verifyIndex),
  ]
}
