import Testing

@testable import Downloads

@Suite struct HubChoiceTests {
    private static let gigabyte = 1_000_000_000

    private func models(_ sizes: KeyValuePairs<String, Int>) -> [HubModel] {
        HubModel.models(in: sizes.map { HubFile(path: $0.key, bytes: $0.value) })
    }

    private func choice(
        _ models: [HubModel], _ quant: String? = nil, gigabytes: Int = 16
    ) throws(PullError) -> HubChoice {
        try HubChoice.choose(from: models, quant: quant, memory: gigabytes * Self.gigabyte)
    }

    @Test func groupsThePartsOfAModel() {
        let models = models([
            "b-Q8_0-00002-of-00002.gguf": 7, "b-Q8_0-00001-of-00002.gguf": 5, "a-Q4_0.gguf": 3,
            "c-F16-00001-of-00002.gguf": 9, "mmproj-a-F16.gguf": 1, "imatrix.gguf": 1, "README.md": 1,
        ])
        #expect(models.map(\.label) == ["Q4_0", "Q8_0"])
        #expect(models.last?.bytes == 12 && models.last?.name == "b-Q8_0-00001-of-00002")
        #expect(models.last?.files.map(\.bytes) == [5, 7])
    }

    @Test func prefersQ4KMIfItFits() throws {
        let models = models(["m-Q8_0.gguf": 8 * Self.gigabyte, "m-Q4_K_M.gguf": 4 * Self.gigabyte, "m-Q2_K.gguf": 1])
        #expect(try choice(models).model.label == "Q4_K_M")
        #expect(try choice(models).note == nil)
    }

    @Test func takesTheLargestThatFitsElse() throws {
        let models = models([
            "m-Q8_0.gguf": 80 * Self.gigabyte, "m-Q4_K_M.gguf": 40 * Self.gigabyte, "m-Q2_K.gguf": 9 * Self.gigabyte,
            "m-Q3_K_S.gguf": 10 * Self.gigabyte,
        ])
        let chosen = try choice(models)
        #expect(chosen.model.label == "Q3_K_S")
        #expect(chosen.note == "Q4_K_M needs 45 GB of memory, this computer has 16 GB")
        let other = try choice(self.models(["m-Q8_0.gguf": 2 * Self.gigabyte, "m-F16.gguf": 4 * Self.gigabyte]))
        #expect(other.model.label == "F16" && other.note?.contains("no Q4_K_M") == true)
    }

    @Test func takesUnslothsVariantIfThereIsNoPlainOne() throws {
        let models = models(["m-UD-Q4_K_M.gguf": 4, "m-Q8_0.gguf": 8])
        #expect(try choice(models).model.label == "UD-Q4_K_M")
        #expect(try choice(models, "q4_k_m").model.label == "UD-Q4_K_M")
    }

    @Test func saysWhatTheSmallestNeedsIfNothingFits() {
        let models = models(["m-Q8_0.gguf": 80 * Self.gigabyte, "m-Q4_K_M.gguf": 40 * Self.gigabyte])
        #expect(
            throws: PullError.tooLargeForMemory(smallest: "Q4_K_M", needed: 44_512_000_000, memory: 16 * Self.gigabyte)
        ) { try self.choice(models) }
    }

    @Test(arguments: ["q8_0", "Q8_0", "m-Q8_0.gguf", "m-q8_0", "sub/m-Q8_0.gguf"])
    func findsWhatTheUserNamed(quant: String) throws {
        let models = models(["sub/m-Q8_0.gguf": 80 * Self.gigabyte, "m-Q4_K_M.gguf": 4])
        let chosen = try choice(models, quant)
        #expect(chosen.model.label == "Q8_0")
        // The user decides, and knows.
        #expect(chosen.note == "Q8_0 needs 89 GB of memory, this computer has 16 GB")
    }

    @Test func namesWhatThereIs() {
        let models = models(["m-Q8_0.gguf": 8, "m-Q4_K_M.gguf": 4, "mmproj-m.gguf": 1])
        #expect(throws: PullError.unknownQuantization("Q5_K_M", known: ["Q4_K_M", "Q8_0"])) {
            try self.choice(models, "Q5_K_M")
        }
        #expect(throws: PullError.unknownQuantization("mmproj-m.gguf", known: ["Q4_K_M", "Q8_0"])) {
            try self.choice(models, "mmproj-m.gguf")
        }
    }

    @Test func prefersThePlainNameAmongSeveral() throws {
        let models = models(["m-instruct-abliterated-Q4_K_M.gguf": 5, "m-Q4_K_M.gguf": 4])
        #expect(try choice(models).model.name == "m-Q4_K_M")
    }
}
