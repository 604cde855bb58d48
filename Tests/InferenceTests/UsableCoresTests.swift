import Foundation
import Testing

@testable import Inference

/// The default number of threads, with made-up processors.
struct UsableCoresTests {
    private static let eightWithHyperthreads = (0..<8).map { [$0, $0 + 8] }

    private func cores(_ files: [String: String]) throws -> UsableCores { try MadeUpSystem(files).cores() }

    @Test func countsCores() throws {
        #expect(try cores(MadeUpSystem.processors([[0], [1]])).description == "2 cores")
        #expect(try cores(MadeUpSystem.processors([[0]])).description == "1 core")
        let many = try cores(MadeUpSystem.processors((0..<300).map { [$0] }))
        #expect(many.count == 256 && many.description == "256 of 300 cores (limited to 256 threads)")
    }

    @Test func countsHyperthreadsOnce() throws {
        #expect(try cores(MadeUpSystem.processors([[0, 2], [1, 3]])).description == "2 cores")
        #expect(try cores(MadeUpSystem.processors(Self.eightWithHyperthreads)).count == 8)
        // Under the list's new name.
        var files = MadeUpSystem.processors([[0], [1]])
        for processor in 0...1 {
            files["sys/devices/system/cpu/cpu\(processor)/topology/thread_siblings_list"] = nil
            files["sys/devices/system/cpu/cpu\(processor)/topology/core_cpus_list"] = "0-1\n"
        }
        #expect(try cores(files).count == 1)
    }

    @Test(arguments: [
        ("0", 1), ("0,8", 1), ("0-3", 4), ("8-15", 8), ("3,7,11,15", 2),
        // Processors that the system lacks, as virtual machines report them.
        ("0-127", 8), ("2,64", 1),
    ]) func followsTheAffinity(allowed: String, count: Int) throws {
        let cores = try cores(MadeUpSystem.processors(Self.eightWithHyperthreads, allowed: allowed))
        #expect(cores.count == count && cores.total == 8)
        #expect(cores.limits == (count < 8 ? [.affinity] : []))
        if count == 1 { #expect(cores.description == "1 of 8 cores (limited by CPU affinity)") }
    }

    @Test func usesPerformanceCoresOfIntelHybrids() throws {
        // Two fast cores with hyper-threads, four slow ones without.
        func hybrid(_ allowed: String?) throws -> UsableCores {
            let files = MadeUpSystem.processors([[0, 1], [2, 3], [4], [5], [6], [7]], allowed: allowed)
            return try cores(
                files.merging(["sys/devices/cpu_core/cpus": "0-3\n", "sys/devices/cpu_atom/cpus": "4-7\n"]) { $1 })
        }
        #expect(try hybrid(nil).description == "2 of 6 cores (performance cores only)")
        #expect(try hybrid("0-1,4-7").description == "1 of 6 cores (limited by CPU affinity, performance cores only)")
        #expect(try hybrid("5-7").description == "3 of 6 cores (limited by CPU affinity)")
    }

    @Test(
        arguments: [
            ([1024, 1024, 1024, 1024], nil, 4), ([446, 446, 1024, 1024], nil, 2),
            ([250, 250, 250, 768, 768, 1024], nil, 3),
            ([446, 446, 1024, 1024], "0-1", 2), ([446, 446, 1024, 1024], "0,3", 1),
        ] as [([Int], String?, Int)]) func usesLargeCoresOfARM(capacities: [Int], allowed: String?, count: Int) throws
    {
        var files = MadeUpSystem.processors(capacities.indices.map { [$0] }, allowed: allowed)
        for (processor, capacity) in capacities.enumerated() {
            files["sys/devices/system/cpu/cpu\(processor)/cpu_capacity"] = "\(capacity)\n"
        }
        let cores = try cores(files)
        #expect(cores.count == count && cores.total == capacities.count)
        // A missing capacity: nothing is known about the kinds of cores.
        files["sys/devices/system/cpu/cpu0/cpu_capacity"] = nil
        #expect(try self.cores(files).limits == (allowed == nil ? [] : [.affinity]))
    }

    @Test(arguments: [
        "", "\n", "x", "-1", "1-", "-", "5-2", "0-1-2", "1,,x", "0-99999999999999999999", "0-4000000000", "0-8192",
        "\0",
    ]) func damagedListsAreIgnored(list: String) throws {
        #expect(ProcessorTopology.processors(list) == nil)
        var files = MadeUpSystem.processors([[0], [1]], allowed: list)
        files["sys/devices/system/cpu/cpu1/topology/thread_siblings_list"] = list
        files["sys/devices/cpu_core/cpus"] = list
        #expect(try cores(files).count == 2)
        files["sys/devices/system/cpu/online"] = list
        #expect(try cores(files).count == 1)
        #expect(try MadeUpSystem(files).cores(processors: 3).count == 3)
    }

    @Test func missingFilesLeaveWhatTheSystemReports() throws {
        let system = try MadeUpSystem([:])
        #expect(system.cores(processors: 4).description == "4 cores")
        #expect(system.cores(processors: -1).count == 1)
        #expect(system.cores(processors: .max).count == 256)
    }

    @Test func filesThatAreFoldersOrHugeAreHarmless() throws {
        let system = try MadeUpSystem([
            "proc/self/status/file": "", "sys/devices/system/cpu/online/file": "",
            "proc/self/cgroup": String(repeating: "0::/\n", count: 100_000),
            "proc/self/mountinfo": String(repeating: "1 - cgroup2\n", count: 1_000_000),
        ])
        #expect(system.cores().count == 1)
        #expect(system.files.text("proc/self/mountinfo", limit: 5) == "1 - c")
    }

    @Test func thisComputerHasUsableCores() {
        let cores = UsableCores.current
        #expect((1...256).contains(cores.count) && cores.count <= cores.total)
        #expect(cores.count <= ProcessInfo.processInfo.activeProcessorCount)
    }

    @Test func engineUsesThemByDefault() throws {
        let model = try Model.load(path: Golden.path("tiny/llama.gguf"))
        #expect(try Engine(model: model).threads == UsableCores.current.count)
        #expect(try Engine(model: model, options: EngineOptions(threads: 3)).threads == 3)
    }
}
