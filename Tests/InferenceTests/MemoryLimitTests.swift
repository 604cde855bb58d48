import Foundation
import Testing

@testable import Inference

/// Memory limits of made-up control groups.
struct MemoryLimitTests {
    private typealias System = MadeUpSystem

    private static let unified = (root: "/", point: "/sys/fs/cgroup", system: "cgroup2 rw,nsdelegate")
    private static let legacy = (root: "/", point: "/sys/fs/cgroup/memory", system: "cgroup rw,memory")

    private func limit(_ files: [String: String]) throws -> Int? { try System(files).memoryLimit }

    @Test func readsVersion2() throws {
        func limit(_ limits: [String: String]) throws -> Int? {
            try self.limit(System.groups(["0::/docker/1f"], mounts: [Self.unified], limits: limits))
        }
        #expect(try limit([:]) == nil)
        #expect(try limit(["sys/fs/cgroup/docker/1f/memory.max": "max\n"]) == nil)
        #expect(try limit(["sys/fs/cgroup/docker/1f/memory.max": "2147483648\n"]) == 2 << 30)
        // The smallest of the group and those above it.
        let both = [
            "sys/fs/cgroup/docker/memory.max": "1073741824\n", "sys/fs/cgroup/docker/1f/memory.max": "4294967296\n",
        ]
        #expect(try limit(both) == 1 << 30)
        #expect(try limit(["sys/fs/cgroup/other/memory.max": "1\n"]) == nil)
    }

    @Test func readsVersion1() throws {
        let folder = "sys/fs/cgroup/memory"
        func limit(_ text: String) throws -> Int? {
            let other = (root: "/", point: "/sys/fs/cgroup/cpu", system: "cgroup rw,cpu,cpuacct")
            return try self.limit(
                System.groups(
                    ["4:cpu,cpuacct:/a", "3:memory:/a", "0::/"], mounts: [other, Self.legacy],
                    limits: ["\(folder)/a/memory.limit_in_bytes": text, "sys/fs/cgroup/cpu/a/memory.max": "5"]))
        }
        #expect(try limit("536870912\n") == 512 << 20)
        // What version 1 has for "no limit" is more than any computer has.
        #expect(try System([:]).memory == Int(clamping: ProcessInfo.processInfo.physicalMemory))
        let none = try System(
            System.groups(
                ["3:memory:/a"], mounts: [Self.legacy],
                limits: ["\(folder)/a/memory.limit_in_bytes": "9223372036854771712\n"]))
        #expect(none.memory == Int(clamping: ProcessInfo.processInfo.physicalMemory))
    }

    @Test(arguments: ["", "max max", "-1", "0", "1e9", "99999999999999999999", "\0"])
    func damagedLimitsAreIgnored(_ text: String) throws {
        let files = System.groups(["0::/"], mounts: [Self.unified], limits: ["sys/fs/cgroup/memory.max": text])
        #expect(try limit(files) == nil)
    }

    /// The context shrinks until it fits. Weights may be larger than the memory, but not cache and buffers.
    @Test(.enabled(if: RealModel.folder != nil, "SOTTO_TEST_MODELS is not set"))
    func plansStayWithinTheLimit() throws {
        let model = try Model.load(path: RealModel.smol.path)
        let whole = try MemoryPlan(model: model, memory: 16 << 30)
        #expect(whole.contextLength == 8192)
        let tight = try MemoryPlan(model: model, memory: 400 << 20)
        #expect(tight.contextLength < 8192 && tight.byteCount <= 400 << 20)
        let paged = try MemoryPlan(model: model, memory: 90 << 20)
        #expect(paged.byteCount > 90 << 20 && paged.interleavedBytes == 0 && paged.contextLength == 1024)
        let error = #expect(throws: EngineError.self) { try MemoryPlan(model: model, memory: 8 << 20) }
        guard case .notEnoughMemory(_, let available, let fitting) = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        #expect(available == 8 << 20 && fitting == 0)
    }
}
