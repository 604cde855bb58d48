import Chat
import Testing

@Suite struct ModelSpeedsTests {
    private let model = ModelReference(provider: "local", name: "a")

    @Test func speedsAreAveraged() {
        var speeds = ModelSpeeds()
        #expect(speeds[model] == nil)
        speeds.add(100, of: model)
        #expect(speeds[model] == 100)
        speeds.add(200, of: model)
        #expect(speeds[model] == 140)
        #expect(speeds.byKey == ["local/a": 140])
    }

    @Test func invalidSpeedsAreDropped() {
        let speeds = ModelSpeeds(byKey: ["local/a": .nan, "local/b": -1, "local/c": 0, "local/d": 2])
        #expect(speeds.byKey == ["local/d": 2])
    }

    @Test func theNumberOfModelsIsLimited() {
        var speeds = ModelSpeeds()
        for number in 0..<1001 { speeds.add(1, of: ModelReference(provider: "local", name: "\(number)")) }
        #expect(speeds.byKey.count == 1)
    }
}
