// swift-tools-version: 6.1
import PackageDescription

// Targets depend only on targets above them in this list. ARCHITECTURE.md describes each.

/// Kernels are optimised in debug builds too, because tests run real models through them.
let kernelSettings: [CSetting] = [.unsafeFlags(["-O3", "-fno-math-errno"])]

let package = Package(
    name: "sotto",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "sotto", targets: ["sotto"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")
    ],
    targets: [
        .plugin(name: "StampCommit", capability: .buildTool()),
        .target(name: "BuildInfo", plugins: ["StampCommit"]),
        .target(name: "CKernels", cSettings: kernelSettings),
        .systemLibrary(name: "CNcurses", providers: [.apt(["libncursesw5-dev"]), .brew(["ncurses"])]),
        .systemLibrary(
            name: "CMarkGFM", pkgConfig: "libcmark-gfm",
            providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"]), .brew(["cmark-gfm"])]),
        .systemLibrary(
            name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"]), .brew(["curl"])]),
        .target(name: "CONNXRuntime"),
        .target(name: "Files"),
        .target(name: "HTTP", dependencies: ["CCurl", "Files"]),
        .target(name: "JSON"),
        .target(name: "GGUF", dependencies: ["Files"]),
        .target(name: "Safetensors", dependencies: ["Files", "JSON"]),
        .target(name: "ONNX", dependencies: ["Files"]),
        .target(name: "ONNXRuntime", dependencies: ["CONNXRuntime", "Files"]),
        .target(name: "TorchFiles", dependencies: ["Files", "Safetensors"]),
        // Text that arrives in pieces, from tokens, pastes and pipes: needed from the bottom layer to the top.
        .target(name: "UTF8Text"),
        .target(name: "Tokenizers", dependencies: ["JSON", "UTF8Text"]),
        .target(name: "Jinja", dependencies: ["JSON"]),
        .target(name: "Sampling"),
        .target(name: "Reasoning"),
        .target(name: "Replies", dependencies: ["Sampling", "UTF8Text"]),
        .target(name: "Chat", dependencies: ["Replies", "Sampling"]),
        .target(
            name: "Inference",
            dependencies: [
                "CKernels", "Files", "JSON", "GGUF", "ONNX", "ONNXRuntime", "Safetensors", "TorchFiles", "Tokenizers",
                "Jinja", "Replies", "Sampling", "Reasoning",
            ]),
        .target(name: "Downloads", dependencies: ["Chat", "Files", "GGUF", "HTTP", "JSON"]),
        .target(name: "Sessions", dependencies: ["Chat", "Files", "JSON", "Replies", "UTF8Text"]),
        .target(name: "Providers", dependencies: ["Chat", "Files", "GGUF", "Inference", "JSON", "Replies"]),
        .target(
            name: "Services", dependencies: ["Chat", "Files", "HTTP", "JSON", "Reasoning", "Replies", "UTF8Text"]),
        .target(name: "TUI", dependencies: ["JSON", "UTF8Text"]),
        .target(name: "Markdown", dependencies: ["CMarkGFM", "UTF8Text"]),
        .target(name: "Rendering", dependencies: ["Markdown", "TUI"]),
        .target(
            name: "ChatApp", dependencies: ["Chat", "Reasoning", "Rendering", "Replies", "Sampling", "TUI", "UTF8Text"]),
        .executableTarget(
            name: "sotto",
            dependencies: [
                "BuildInfo", "CNcurses", "Files", "JSON", "GGUF", "ONNX", "Tokenizers", "Jinja", "Sampling", "Replies",
                "Chat",
                "Downloads", "HTTP", "Inference", "Sessions", "Providers", "Services", "TUI", "UTF8Text", "ChatApp",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            linkerSettings: [
                .linkedLibrary("ncursesw", .when(platforms: [.linux])),
                .linkedLibrary("ncurses", .when(platforms: [.macOS])),
            ]),

        .target(name: "TestSupport", dependencies: ["Files"], path: "Tests/TestSupport"),
        .testTarget(name: "CKernelsTests", dependencies: ["CKernels"], exclude: ["Golden"]),
        .testTarget(name: "JSONTests", dependencies: ["JSON"]),
        .testTarget(name: "GGUFTests", dependencies: ["GGUF"], exclude: ["Golden"]),
        .testTarget(
            name: "TorchFilesTests", dependencies: ["Safetensors", "TorchFiles", "TestSupport"], exclude: ["Golden"]),
        .testTarget(name: "SafetensorsTests", dependencies: ["Safetensors", "TestSupport"]),
        .testTarget(name: "ONNXTests", dependencies: ["ONNX", "TestSupport"]),
        .testTarget(name: "ONNXRuntimeTests", dependencies: ["ONNXRuntime"]),
        .testTarget(name: "UTF8TextTests", dependencies: ["UTF8Text"]),
        .testTarget(
            name: "TokenizersTests", dependencies: ["Tokenizers", "GGUF", "Inference", "JSON"], exclude: ["Golden"]),
        .testTarget(name: "JinjaTests", dependencies: ["Jinja", "JSON"], exclude: ["Golden"]),
        .testTarget(name: "SamplingTests", dependencies: ["Sampling"], exclude: ["Golden"]),
        .testTarget(name: "ReasoningTests", dependencies: ["Reasoning"]),
        .testTarget(name: "FilesTests", dependencies: ["Files"]),
        .testTarget(name: "HTTPTests", dependencies: ["HTTP", "Files", "TestSupport"], exclude: ["Server"]),
        .testTarget(name: "ChatTests", dependencies: ["Chat", "Replies", "Sampling"]),
        .testTarget(
            name: "DownloadsTests", dependencies: ["Downloads", "Chat", "Files", "HTTP", "TestSupport"],
            exclude: ["Server"]),
        .testTarget(
            name: "InferenceTests",
            dependencies: [
                "Inference", "GGUF", "Jinja", "ONNX", "ONNXRuntime", "Reasoning", "Replies", "Sampling",
                "Tokenizers",
                "TestSupport",
            ],
            exclude: ["Golden"]),
        .testTarget(
            name: "SessionsTests", dependencies: ["Sessions", "Chat", "Files", "JSON", "Replies", "Sampling"],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "ProvidersTests",
            dependencies: ["Providers", "Replies", "Sampling", "Chat", "GGUF", "Inference"]),
        .testTarget(
            name: "ServicesTests", dependencies: ["Services", "Chat", "HTTP", "JSON", "Replies", "TestSupport"],
            exclude: ["Golden", "Server"]),
        .testTarget(name: "TUITests", dependencies: ["TUI", "TestSupport"], exclude: ["Golden"]),
        .testTarget(name: "MarkdownTests", dependencies: ["Markdown"]),
        .testTarget(name: "RenderingTests", dependencies: ["Rendering", "TUI", "TestSupport"]),
        .testTarget(name: "ChatAppTests", dependencies: ["ChatApp", "Replies"], exclude: ["Golden"]),
        .testTarget(name: "EndToEndTests", dependencies: ["ChatApp", "Files", "GGUF", "TestSupport"]),
    ],
    swiftLanguageModes: [.v6]
)
