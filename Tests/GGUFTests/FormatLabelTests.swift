import GGUF
import Testing

@Suite struct FormatLabelTests {
    @Test(arguments: [
        ("Llama-3.2-1B-Instruct-Q4_K_M", "Q4_K_M"), ("SmolLM2-135M-Instruct.Q4_1", "Q4_1"),
        ("Qwen3-0.6B-UD-Q4_K_XL", "UD-Q4_K_XL"), ("model-iq3_xxs", "IQ3_XXS"), ("model.bf16", "BF16"),
        ("gpt-oss-20b-MXFP4", "MXFP4"), ("Q8_0/weights", "Q8_0"), ("mistral-7b", nil), ("Q4-model-Q6_K", "Q6_K"),
        ("hf.co/unsloth/Qwen3-8B-GGUF:UD-Q4_K_XL", "UD-Q4_K_XL"), ("/models/a-ud-iq2_m.gguf", "UD-IQ2_M"),
    ])
    func readsFormatsFromNames(name: String, format: String?) {
        #expect(FormatLabel.format(in: name) == format)
    }

    /// Names that a file's metadata can express do not count: a file that was renamed would be shown wrong.
    @Test(arguments: [
        ("Qwen3-0.6B-UD-Q4_K_XL.gguf", "UD-Q4_K_XL"), ("m-UD-IQ1_S.gguf", "UD-IQ1_S"), ("m-Q8_K_XL.gguf", "Q8_K_XL"),
        ("m-Q4_K_L.gguf", "Q4_K_L"), ("m-Q3_K_L.gguf", nil), ("m-Q4_K_M.gguf", nil), ("UD-Q4_K_XL/m-Q8_0.gguf", nil),
        ("m.gguf", nil),
    ])
    func knowsTheMixesOfMakers(name: String, mix: String?) {
        #expect(FormatLabel.makersMix(in: name) == mix)
    }
}
