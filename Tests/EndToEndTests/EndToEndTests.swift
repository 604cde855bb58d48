import Testing

/// Tests of the complete program, as a user runs it. They run one at a time, since each runs a model.
@Suite(.enabled(if: Fixture.canRun, Fixture.requirement), .serialized)
struct EndToEndTests {}
