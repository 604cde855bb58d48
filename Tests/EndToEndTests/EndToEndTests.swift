import Testing

/// The whole program, as a person meets it. One test at a time: each has a model to run.
@Suite(.enabled(if: Fixture.canRun, Fixture.requirement), .serialized)
struct EndToEndTests {}
