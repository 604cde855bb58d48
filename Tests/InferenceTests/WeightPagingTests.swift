import Testing

@testable import Inference

/// What is read from the disk for a token when weights do not fit into memory.
@Suite struct WeightPagingTests {
    private static let gigabyte = 1_000_000_000

    /// Sizes in gigabytes.
    private func use(always: Int, experts: Int = 0, count: Int = 10, used: Int = 1, unused: Int = 0) -> WeightUse {
        func tensor(_ name: String, _ size: Int, _ dimensions: [Int]) -> WeightUse.Tensor {
            .init(name: name, dimensions: dimensions, elementCount: size, byteCount: size * Self.gigabyte)
        }
        var tensors = [tensor("blk.0.attn_q.weight", always, [always, 1])]
        if experts > 0 { tensors.append(tensor("blk.0.ffn_up_exps.weight", experts, [1, experts / count, count])) }
        if unused > 0 { tensors.append(tensor("blk.7.attn_q.weight", unused, [unused, 1])) }
        return WeightUse(tensors, experts: experts > 0 ? (count, used) : nil, layers: 4)
    }

    private func predicted(_ use: WeightUse, resident: Int, memory: Int) -> WeightPaging? {
        WeightPaging(use, resident: resident * Self.gigabyte, memory: memory * Self.gigabyte)
    }

    @Test func whatFitsNeedsNoPaging() {
        #expect(predicted(use(always: 10), resident: 2, memory: 12) == nil)
        #expect(predicted(use(always: 2, experts: 10), resident: 2, memory: 14) == nil)
        // Weights that no token uses need not be in memory.
        #expect(predicted(use(always: 10, unused: 5), resident: 2, memory: 12) == nil)
    }

    /// Weights that are read in order are dropped just before they are used again, however few are missing.
    @Test func ofADenseModelAllWeightsAreReadForEachToken() throws {
        let paging = try #require(predicted(use(always: 18), resident: 2, memory: 16))
        #expect(paging.missingBytes == 4 * Self.gigabyte)
        #expect(paging.diskBytesPerToken == 18 * Self.gigabyte)
    }

    @Test func ofExpertsAPartIsReadForEachToken() throws {
        let few = try #require(predicted(use(always: 2, experts: 20), resident: 2, memory: 23))
        #expect(few.missingBytes == Self.gigabyte)
        // A twentieth is missing, and what a token uses of the experts is read again three times as often.
        #expect(few.diskBytesPerToken == 2 * Self.gigabyte * 3 / 20)
        let half = try #require(predicted(use(always: 2, experts: 20), resident: 2, memory: 14))
        #expect(half.diskBytesPerToken == 2 * Self.gigabyte, "no more than what a token uses")
    }

    @Test func withoutRoomForWhatEveryTokenUsesEverythingIsRead() throws {
        let paging = try #require(predicted(use(always: 4, experts: 20), resident: 2, memory: 5))
        #expect(paging.diskBytesPerToken == (4 + 2) * Self.gigabyte)
    }

    @Test func whatIsAllocatedMustFit() {
        #expect(predicted(use(always: 10), resident: 13, memory: 12) == nil)
    }

    @Test func theCacheGetsRoomEvenIfWeightsDoNot() {
        func room(_ memory: Int, fixed: Int, weights: Int) -> Int {
            WeightPaging.cacheRoom(memory: memory, fixed: fixed, weights: weights)
        }
        #expect(room(16, fixed: 10, weights: 9) == 3, "half of the rest")
        #expect(room(16, fixed: 15, weights: 15) == 0, "a model that fits is not made to need the disk")
        #expect(room(16, fixed: 20, weights: 20) == 2, "an eighth")
        #expect(room(1 << 40, fixed: .max, weights: 0) == 0)
    }
}
