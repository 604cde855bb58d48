import CKernels
import Foundation
import Testing

@Suite struct PoolTests {
    @Test func rejectsInvalidArguments() {
        #expect(sotto_compute_create(0, SOTTO_ISA_PORTABLE) == nil)
        #expect(sotto_compute_create(257, SOTTO_ISA_PORTABLE) == nil)
        #if arch(x86_64)
            #expect(sotto_compute_create(1, SOTTO_ISA_NEON) == nil)
        #endif
        #expect(sotto_isa_available(sotto_isa_best()))
    }

    /// Thousands of small jobs, with as many threads as cores and with far more, and with pauses in which workers fall
    /// asleep: every item of every job is processed exactly once.
    @Test(arguments: [1, 2, 3, 16] as [Int32])
    func manySmallJobs(threads: Int32) throws {
        let compute = try #require(Compute(threads: threads, isa: sotto_isa_best()))
        var random = Random(state: 41)
        let f32 = try #require(sotto_format_find(0)?.pointee)
        let weights = Weights(f32, rows: 200, cols: 128, using: &random)
        let x = random.normals(128), bias = random.normals(200)
        let expected = weights.project(x, tokens: 1, bias: bias, on: compute)
        for job in 0..<3000 {
            if job % 500 == 0 { Thread.sleep(forTimeInterval: 0.005) }
            let out = weights.project(x, tokens: 1, bias: bias, on: compute)
            guard out == expected else {
                Issue.record("job \(job) differs")
                return
            }
        }
    }

    /// Threads lose their core in the middle of jobs, move, and offer it: still every item is processed exactly once.
    @Test(arguments: [2, 3] as [Int32])
    func jobsAreCompleteWhileOthersUseTheCores(threads: Int32) throws {
        let others = (0..<ProcessInfo.processInfo.activeProcessorCount).map { _ in
            Thread { while !Thread.current.isCancelled {} }
        }
        for other in others { other.start() }
        defer { for other in others { other.cancel() } }
        let compute = try #require(Compute(threads: threads, isa: sotto_isa_best()))
        var random = Random(state: 43)
        let f32 = try #require(sotto_format_find(0)?.pointee)
        let weights = Weights(f32, rows: 200, cols: 128, using: &random)
        let x = random.normals(128), bias = random.normals(200)
        let expected = weights.project(x, tokens: 1, bias: bias, on: compute)
        let end = Date(timeIntervalSinceNow: 1.5)
        while Date() < end {
            guard weights.project(x, tokens: 1, bias: bias, on: compute) == expected else {
                Issue.record("a job differs")
                return
            }
        }
    }

    @Test func poolsCanBeCreatedAndDestroyed() throws {
        for threads in 1...12 as ClosedRange<Int32> {
            _ = try #require(Compute(threads: threads, isa: SOTTO_ISA_PORTABLE))
        }
    }
}
