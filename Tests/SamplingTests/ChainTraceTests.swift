import Foundation
import Sampling
import Testing

/// Token reports and traces of the next token, compared with the chain itself.
@Suite struct ChainTraceTests {
    private let logits: [Float] = (0..<128).map { Float(($0 * 37) % 128) / 8 }

    private func snapshot(_ settings: SamplingSettings, after tokens: [Int32] = [], _ logits: [Float]) -> NextToken {
        var chain = SamplerChain(settings, count: logits.count)
        for token in tokens { chain.accept(token) }
        return logits.withUnsafeBufferPointer { chain.snapshot(logits: $0) }
    }

    private func softmax(_ logits: [Float]) -> [Double] {
        let largest = Double(logits.max() ?? 0)
        let weights = logits.map { exp(Double($0) - largest) }
        return weights.map { $0 / weights.reduce(0, +) }
    }

    @Test(arguments: GoldenCase.all)
    func rowsHaveTheChainsProbabilities(_ golden: GoldenCase) {
        var next = snapshot(golden.settings, after: golden.history, golden.logits)
        let trace = next.trace(golden.settings, rows: golden.logits.count)
        let before = softmax(golden.logits)
        #expect(trace.rows.count == golden.logits.count)
        #expect(abs(trace.rows.reduce(0) { $0 + Double($1.probabilities.after) } - 1) < 1e-5)
        for row in trace.rows {
            #expect(abs(Double(row.probabilities.before) - before[Int(row.probabilities.token)]) < 1e-6)
            let index = golden.tokens.firstIndex(of: row.probabilities.token)
            #expect(abs(Double(row.probabilities.after) - (index.map { golden.probabilities[$0] } ?? 0)) < 1e-4)
            #expect((row.removedBy == nil) == (row.probabilities.after > 0 || index != nil), "\(row)")
        }
        #expect(
            zip(trace.rows, trace.rows.dropFirst()).allSatisfy { $0.probabilities.before >= $1.probabilities.before })
        #expect(trace.steps.last.map { $0.left == golden.tokens.count } ?? true)
    }

    @Test func stepsCountRemainingCandidates() {
        let chosen = settings {
            $0.topK = 40; $0.topP = 0.9; $0.minP = 0.2; $0.presencePenalty = 1; $0.temperature = 0.5
        }
        var next = snapshot(chosen, after: [3, 4, 3], logits)
        let trace = next.trace(chosen, rows: 30)
        #expect(trace.vocabulary == 128)
        #expect(trace.steps.map(\.kind) == [.penalties, .topK, .topP, .minP, .temperature])
        #expect(trace.steps[0].moved == 2)
        #expect(trace.steps[1].left == 40)
        #expect(zip(trace.steps, trace.steps.dropFirst()).allSatisfy { $0.left >= $1.left })
        #expect(trace.rows.count == 30)
        #expect(trace.rows.contains { $0.removedBy == .topP || $0.removedBy == .minP })
        #expect(trace.rows.allSatisfy { ($0.removedBy == nil) == ($0.probabilities.after > 0) })
    }

    @Test func tryingOtherSettingsHasNoLastingEffect() {
        let first = settings { $0.topK = 5 }
        var next = snapshot(first, logits)
        let before = next.trace(first, rows: 12)
        let greedy = next.trace(settings { $0.temperature = 0 }, rows: 12)
        #expect(greedy.steps.map(\.kind) == [.temperature])
        #expect(greedy.steps.map(\.left) == [1])
        #expect(greedy.rows[0].probabilities.after == 1)
        #expect(greedy.rows.dropFirst().allSatisfy { $0.removedBy == .temperature })
        #expect(next.trace(first, rows: 12) == before)
    }

    /// An unlikely token is shown if a bias makes it likely, and a forbidden one names the bias as the reason.
    @Test func showsTheEffectOfBiases() {
        let unlikely = Int32(logits.indices.min { logits[$0] < logits[$1] } ?? 0)
        let likely = Int32(logits.indices.max { logits[$0] < logits[$1] } ?? 0)
        let biased = settings { $0.logitBias = [unlikely: 100, likely: -.infinity] }
        var next = snapshot(biased, logits)
        let trace = next.trace(biased, rows: 4)
        #expect(trace.rows.count == 4)
        #expect(trace.rows.last?.probabilities.token == unlikely)
        #expect(trace.rows.last.map { $0.probabilities.after > 0.99 } == true)
        #expect(trace.rows.first?.probabilities.token == likely)
        #expect(trace.rows.first?.removedBy == .logitBias)
    }

    @Test func reportsMatchTheTrace() {
        for temperature: Float in [0, 0.7] {
            let chosen = settings {
                $0.topK = 6; $0.temperature = temperature
            }
            var chain = SamplerChain(chosen, seed: 5)
            var next = snapshot(chosen, logits)
            let rows = next.trace(chosen, rows: 128).rows
            logits.withUnsafeBufferPointer { buffer in
                for _ in 0..<10 {
                    let token = chain.sample(logits: buffer)
                    let report = chain.report(on: token, logits: buffer, alternatives: 8) { largest in
                        buffer.reduce(0) { $0 + exp(Double($1) - Double(largest)) }
                    }
                    #expect(report.chosen.token == token)
                    #expect(report.chosen.after > 0)
                    #expect(report.alternatives.count == 8)
                    for (alternative, row) in zip(report.alternatives, rows) {
                        #expect(alternative.token == row.probabilities.token)
                        #expect(abs(alternative.before - row.probabilities.before) < 1e-6)
                        #expect(abs(alternative.after - row.probabilities.after) < 1e-6)
                    }
                    #expect(report.alternatives.contains(report.chosen))
                }
            }
        }
    }

    @Test func toleratesInvalidLogits() {
        for logits: [Float] in [[], [.nan], [-.infinity, -.infinity], [.infinity, 1, .nan]] {
            var next = snapshot(SamplingSettings(), logits)
            let trace = next.trace(SamplingSettings(), rows: 12)
            #expect(trace.rows.count == max(1, logits.count))
        }
    }
}
