import Foundation

/// Divides the logits by a temperature: below 1, likely tokens gain probability; above 1, unlikely ones do.
///
/// With a range, the temperature depends on the entropy H of the n candidates (dynamic temperature, kalomaze 2023):
///
///     T = low + (high − low) · (H / ln n)^exponent,   low = max(0, temperature − range),   high = temperature + range
///
/// A temperature of 0 keeps only the likeliest candidate; of equal ones, the first.
struct Temperature: SamplerStep {
    var kind: SamplerStepKind { .temperature }
    let temperature: Float
    let range: Float
    let exponent: Float

    func apply(to candidates: inout Candidates, state: inout SamplerState) {
        let value = range > 0 ? dynamicTemperature(for: candidates) : temperature
        if value > 0 { candidates.scale(by: value) } else { candidates.keepLargest(1) }
    }

    private func dynamicTemperature(for candidates: Candidates) -> Float {
        guard candidates.count > 1 else { return 1 }
        let spread = Softmax(candidates).entropy(of: candidates) / log(Double(candidates.count))
        let low = max(0, Double(temperature) - Double(range))
        let high = Double(temperature) + Double(range)
        return Float(low + (high - low) * pow(spread, Double(exponent)))
    }
}
