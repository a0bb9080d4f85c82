internal import ArgumentParser

/// A command that runs where the settings are wrong, to say so.
protocol DescribesSettings: ParsableCommand {}
