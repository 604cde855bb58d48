import Testing

@testable import Inference

struct ModelCardTests {
    @Test(
        arguments: [
            ("---\nlicense: apache-2.0\n---\n# Model", ["apache-2.0"]),
            (
                "---\r\nlanguage:\r\n- en\r\nlicense: other\r\nlicense_name: \"qwen-research\"\r\nlicense_link: LICENSE\r\n---\r\n",
                ["other", "qwen-research", "LICENSE"]
            ),
            ("---\nlicense:\n---\n", []), ("# Model\n---\nlicense: mit\n---", []),
            ("---\ntags: x\n---\nlicense: mit", []),
            ("", []),
        ] as [(String, [String])])
    func theLicenseIsInTheFields(readme: String, license: [String]) {
        #expect(ModelCard.license(in: readme) == license)
    }
}
