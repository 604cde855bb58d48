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

    // MARK: Weights that do not fit into memory

    private func large(missing: Int, fromDisk: Int) -> ModelInfo {
        var model = model("large", 18_000_000_000)
        model.activeBytes = 2_000_000_000
        model.memory = .init(
            byteCount: 19_000_000_000, contextLength: 1024, available: 16_000_000_000, residentBytes: 1_000_000_000)
        model.memory?.missingBytes = missing
        model.memory?.diskBytesPerToken = fromDisk
        return model
    }

    @Test func readingFromTheDiskIsPredicted() {
        let model = large(missing: 4_200_000_000, fromDisk: 500_000_000)
        let unmeasured = SpeedPrediction([model], ModelSpeeds())
        #expect(unmeasured.tokensPerSecond(of: model) == 1)
        #expect(
            unmeasured.pagingText(of: model) == "4.2 GB of 18 GB do not fit into memory: about 1.0 tokens/s")
        // A quarter of a second more for what is in memory.
        let measured = SpeedPrediction([model, self.model("a", 1_000_000_000)], ModelSpeeds(byKey: ["local/a": 8]))
        #expect(measured.tokensPerSecond(of: model) == 0.8)
        #expect(model.memory?.isTooLarge == false)
    }

    @Test func almostStandingStillIsSaid() {
        let text = SpeedPrediction([], ModelSpeeds()).pagingText(of: large(missing: 1, fromDisk: 18_000_000_000))
        #expect(text == "1 B of 18 GB do not fit into memory: less than 0.1 tokens/s")
    }

    @Test func whatFitsNeedsNoWords() {
        #expect(SpeedPrediction([], ModelSpeeds()).pagingText(of: large(missing: 0, fromDisk: 0)) == nil)
        #expect(SpeedPrediction([], ModelSpeeds()).pagingText(of: model("a", 1_000_000_000)) == nil)
    }

    /// The speed of a model that waits for the disk says nothing about the memory.
    @Test func speedsFromTheDiskAreNoMeasureOfMemory() {
        let model = large(missing: 1, fromDisk: 1_000_000_000)
        #expect(SpeedPrediction([model], ModelSpeeds(byKey: ["local/large": 1])).bytesPerSecond == nil)
    }

    @Test func servicesSayNothingAboutThisComputer() {
        let remote = model("big", 100_000_000_000, provider: "ollama")
        let local = model("a", 1_000_000_000)
        let prediction = SpeedPrediction([remote, local], ModelSpeeds(byKey: ["ollama/big": 50, "local/a": 10]))
        #expect(prediction.bytesPerSecond == 10e9)
        #expect(prediction.tokensPerSecond(of: remote) == nil)
    }
}
