import Foundation
import Inference
import Replies
import Testing

/// Data generated from the reference implementation by the scripts in scripts/golden.
enum Golden {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")

    static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// Little-endian floats.
    static func floats(_ name: String) throws -> [Float] {
        let data = try Data(contentsOf: folder.appendingPathComponent(name))
        return data.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { index in
                Float(bitPattern: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
            }
        }
    }

    /// Little-endian half-precision floats, converted to floats. (Without infinities.)
    static func halves(_ name: String) throws -> [Float] {
        let data = try Data(contentsOf: folder.appendingPathComponent(name))
        return data.withUnsafeBytes { bytes in
            (0..<bytes.count / 2).map { index in
                let bits = bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)
                let exponent = Int(bits >> 10 & 31)
                let fraction = Float(bits & 1023) / 1024
                let magnitude =
                    exponent == 0
                    ? fraction * Float(sign: .plus, exponent: -14, significand: 1)
                    : Float(sign: .plus, exponent: exponent - 15, significand: 1 + fraction)
                return bits >> 15 == 1 ? -magnitude : magnitude
            }
        }
    }
}

/// The real models, in the folder that `SOTTO_TEST_MODELS` names.
enum RealModel: String, CaseIterable, CustomTestStringConvertible {
    case smol = "SmolLM2-135M-Instruct.Q4_1"
    case gemma = "gemma-3-270m-Q4_K_M"

    static let folder = ProcessInfo.processInfo.environment["SOTTO_TEST_MODELS"]

    var path: String { "\(Self.folder ?? "")/\(rawValue).gguf" }
    var testDescription: String { rawValue }
}

/// The normalised mean squared error of `a` relative to the reference `b`: mse(a − b) / mse(b).
func nmse(_ a: some Collection<Float>, _ b: some Collection<Float>) -> Double {
    let difference = zip(a, b).reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
    return difference / b.reduce(0.0) { $0 + Double($1) * Double($1) }
}

/// All events of a reply.
func events(_ engine: Engine, _ request: GenerationRequest) async throws -> [ReplyEvent] {
    var events: [ReplyEvent] = []
    for try await event in engine.generate(request) { events.append(event) }
    return events
}

extension [ReplyEvent] {
    var chunks: [ReplyChunk] { compactMap { if case .chunk(let chunk) = $0 { chunk } else { nil } } }
    var text: String { chunks.map(\.text).joined() }
    var tokens: [Int32] { chunks.compactMap(\.token) }
    var stats: ReplyStats? { if case .finished(let stats)? = last { stats } else { nil } }
}
