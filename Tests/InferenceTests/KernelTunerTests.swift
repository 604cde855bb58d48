import Testing

@testable import Inference

struct KernelTunerTests {
    @Test(arguments: InstructionSet.available)
    func everyCandidateIsMeasured(_ set: InstructionSet) throws {
        var tuner = KernelTuner(rounds: 1)
        tuner.memoryBytes = 4 << 20
        let result = try tuner.measure(instructionSet: set, threads: 2)
        #expect(result.rates.map(\.prefetch) == WeightPrefetch.candidates)
        #expect(result.rates.allSatisfy { $0.bytesPerSecond > 0 && $0.bytesPerSecond.isFinite })
        #expect(WeightPrefetch.candidates.contains(result.best.prefetch))
        #expect((result.copies != nil) == [.avx2, .avxVNNI, .avx512].contains(set))
        #expect(result.copies.map { $0.original > 0 && $0.interleaved > 0 } ?? true)
    }

    @Test func onlyAClearDifferenceCounts() {
        let others = WeightPrefetch.candidates.dropFirst()
        func best(_ gain: Double) -> WeightPrefetch {
            KernelTuner.Result(
                rates: [(.standard, 100)] + others.enumerated().map { ($1, $0 == 2 ? 100 * gain : 50) }
            ).best.prefetch
        }
        #expect(best(1.03) == .standard)
        #expect(best(1.06) == others[others.startIndex + 2])
        #expect(KernelTuner.Result(rates: []).best == DecodeKernels(prefetch: .standard, interleaves: false))
    }

    /// Copies take memory, so they have to be clearly faster.
    @Test(arguments: [(1.03, false), (1.06, true)]) func onlyClearlyFasterCopiesAreMade(gain: Double, expected: Bool) {
        let result = KernelTuner.Result(rates: [(.standard, 100)], copies: (original: 90, interleaved: 90 * gain))
        #expect(result.best.interleaves == expected)
    }

    @Test func distancesStayInRange() {
        #expect(WeightPrefetch(target: .firstLevel, distance: -5).kernel.distance == 0)
        #expect(WeightPrefetch(target: .firstLevel, distance: .max).kernel.distance == 1 << 20)
        #expect("\(WeightPrefetch.standard)" == "into L2, 8 KiB ahead")
    }
}
