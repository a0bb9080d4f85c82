public import ArgumentParser
public import DurableStore
public import Engram
public import Episodes

// What options may be: the values of types that are not of the command line.

extension EpisodeAnalytics.Interval: ExpressibleByArgument {}
extension EvictionPolicy: ExpressibleByArgument {}
extension PatternKind.Name: ExpressibleByArgument {}
extension RelationshipKind: ExpressibleByArgument {}
extension RetrievalMode: ExpressibleByArgument {}
extension TaskComplexity: ExpressibleByArgument {}
extension TaskOutcome.Kind: ExpressibleByArgument {}
extension TaskType: ExpressibleByArgument {}
