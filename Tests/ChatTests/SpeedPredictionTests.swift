import Chat
import Testing

/// Speeds that are predicted from those that were measured.
@Suite struct SpeedPredictionTests {
    private func model(
        _ name: String, _ bytes: Int?, provider: String = "local", parameters: Int? = nil, active: Int? = nil
    ) -> ModelInfo {
        var model = ModelInfo(
            reference: ModelReference(provider: provider, name: name), parameters: parameters, fileBytes: bytes)
        model.activeParameters = active
        return model
    }

    @Test func withoutAMeasurementThereIsNoPrediction() {
        let models = [model("a", 1_000_000_000), model("b", nil)]
        #expect(SpeedPrediction(models, ModelSpeeds()).tokensPerSecond(of: models[0]) == nil)
        let sizeless = SpeedPrediction(models, ModelSpeeds(byKey: ["local/b": 20]))
        #expect(sizeless.bytesPerSecond == nil)
        let removed = SpeedPrediction(models, ModelSpeeds(byKey: ["local/gone": 20]))
        #expect(removed.bytesPerSecond == nil)
    }

    @Test func theFastestMeasurementCounts() {
        let models = [model("a", 1_000_000_000), model("b", 4_000_000_000), model("c", 2_000_000_000)]
        let prediction = SpeedPrediction(models, ModelSpeeds(byKey: ["local/a": 20, "local/b": 6]))
        #expect(prediction.bytesPerSecond == 24e9)
        #expect(prediction.tokensPerSecond(of: models[2]) == 12)
        #expect(prediction.tokensPerSecond(of: model("d", nil)) == nil)
    }

    @Test func expertsReadOnlyWhatATokenUses() {
        let experts = model("moe", 18_000_000_000, parameters: 30_000_000_000, active: 3_000_000_000)
        let small = model("a", 1_000_000_000)
        let fromDense = SpeedPrediction([small, experts], ModelSpeeds(byKey: ["local/a": 18]))
        #expect(fromDense.tokensPerSecond(of: experts) == 10)
        let fromExperts = SpeedPrediction([small, experts], ModelSpeeds(byKey: ["local/moe": 10]))
        #expect(fromExperts.tokensPerSecond(of: small) == 18)
        // Numbers that make no sense are as if they were missing.
        let wrong = model("x", 1_000_000_000, parameters: 10, active: 20)
        #expect(fromDense.tokensPerSecond(of: wrong) == 18)
    }

    /// What a token reads is known exactly once the file is here: experts may be in a smaller format than the rest.
    @Test func theBytesOfATokenCountIfTheyAreKnown() {
        var experts = model("moe", 18_000_000_000, parameters: 30_000_000_000, active: 3_000_000_000)
        experts.activeBytes = 3_600_000_000
        let models = [model("a", 1_000_000_000), experts]
        #expect(SpeedPrediction(models, ModelSpeeds(byKey: ["local/a": 18])).tokensPerSecond(of: experts) == 5)
    }

    @Test func servicesSayNothingAboutThisComputer() {
        let remote = model("big", 100_000_000_000, provider: "ollama")
        let local = model("a", 1_000_000_000)
        let prediction = SpeedPrediction([remote, local], ModelSpeeds(byKey: ["ollama/big": 50, "local/a": 10]))
        #expect(prediction.bytesPerSecond == 10e9)
        #expect(prediction.tokensPerSecond(of: remote) == nil)
    }
}
