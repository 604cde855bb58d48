import Foundation
import Safetensors
import TestSupport
import Testing

@testable import TorchFiles

/// Files of torch.save (scripts/golden/torch_files.py).
@Suite struct TorchFileTests {
    @Test func tensorsAreReadInPlace() throws {
        let file = try TorchFile(path: path("good.bin"))
        #expect(file.tensors.map(\.name) == ["f32", "part", "f16", "bf16", "i64", "empty"])
        #expect(file.tensors.map(\.shape) == [[3, 4], [2, 3], [2], [2, 1], [], [0, 3]])
        #expect(file.tensors.map(\.type) == [.f32, .f32, .f16, .bf16, .i64, .f32])
        #expect(floats(file, 0) == (0..<12).map(Float.init))
        #expect(floats(file, 1) == [4, 5, 6, 7, 8, 9])
        #expect(Array(file.bytes(of: file.tensors[2])) == [0x00, 0x3c, 0x00, 0xc1])
        #expect(Array(file.bytes(of: file.tensors[3])) == [0x00, 0x3f, 0x40, 0x40])
        #expect(file.bytes(of: file.tensors[4]).loadUnaligned(as: Int64.self) == -7)
    }

    @Test func aModelBesideOtherThingsIsFound() throws {
        let file = try TorchFile(path: path("nested.pth"))
        #expect(file.tensors.map(\.name) == ["a"])
        #expect(floats(file, 0) == [1, 1])
    }

    @Test(arguments: [
        ("command.bin", "system, which could run anything"), ("module.bin", "torch.nn.modules.linear.Linear"),
        ("transposed.bin", "not one after the other"), ("old.bin", "since PyTorch 1.6"),
    ])
    func anythingElseIsRefused(name: String, reason: String) throws {
        let error = try #require(throws: TorchFileError.self) { try TorchFile(path: path(name)) }
        #expect(error.reason.contains(reason), "\(error)")
        #expect(error.reason.contains("safetensors"), "\(error)")
    }

    /// Any bytes give an error or a file whose tensors all lie inside of it.
    @Test(arguments: ["good.bin", "command.bin"])
    func changedBytesNeverReachOutside(name: String) throws {
        let original = Array(try Data(contentsOf: URL(filePath: path(name))))
        let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).bin")
        defer { try? FileManager.default.removeItem(at: url) }
        var random = SeededGenerator(seed: 5)
        var opened = 0
        for _ in 0..<2_000 {
            let bytes = random.damaged(original, changes: 1...4, cut: 300)
            try Data(bytes).write(to: url)
            guard let file = try? TorchFile(path: url.path) else { continue }
            opened += 1
            for tensor in file.tensors {
                #expect(tensor.range.upperBound <= bytes.count)
                #expect(file.bytes(of: tensor).count == tensor.elementCount * tensor.type.bits / 8)
            }
        }
        #expect(opened > 0 || name != "good.bin")
    }

    private func path(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)").path
    }

    private func floats(_ file: TorchFile, _ index: Int) -> [Float] {
        let bytes = file.bytes(of: file.tensors[index])
        return stride(from: 0, to: bytes.count, by: 4).map { bytes.loadUnaligned(fromByteOffset: $0, as: Float.self) }
    }
}
