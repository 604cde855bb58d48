import Foundation

/// The unnormalised probabilities of a set of candidates: the likeliest has a weight of 1, forbidden ones of 0.
struct Softmax {
    /// exp(logit − largest), by candidate.
    private(set) var weights: [Float]
    /// The sum of the weights, at least 1.
    private(set) var total: Double
    /// ln total.
    private let logTotal: Double
    /// The largest logit.
    private let largest: Float

    /// If all candidates are forbidden, the first one gets all the weight.
    init(_ candidates: Candidates) {
        largest = candidates.largestLogit
        weights = candidates.logits
        guard largest > -.infinity else {
            for index in weights.indices { weights[index] = index == 0 ? 1 : 0 }
            total = 1
            logTotal = 0
            return
        }
        for index in weights.indices { weights[index] = Self.exponential(weights[index] - largest) }
        // Four running sums avoid a single chain of dependent additions. The order is fixed, so the result is too.
        var sums = SIMD4<Double>.zero
        var index = 0
        while index + 4 <= weights.count {
            sums += SIMD4(
                Double(weights[index]), Double(weights[index + 1]), Double(weights[index + 2]),
                Double(weights[index + 3]))
            index += 4
        }
        total = sums.sum()
        while index < weights.count {
            total += Double(weights[index])
            index += 1
        }
        logTotal = log(total)
    }

    /// The probability of the candidate at `index`, 0…1.
    func probability(_ index: Int) -> Double { Double(weights[index]) / total }

    /// −ln of the probability of a logit: ln Σ exp(x − largest) − (logit − largest), in nats.
    func surprise(of logit: Float) -> Double { logTotal + Double(largest) - Double(logit) }

    /// Shannon entropy in nats.
    func entropy(of candidates: Candidates) -> Double {
        // H = Σ p · (ln total − (x − largest)) = ln total − Σ p · (x − largest)
        var sum = 0.0
        for (weight, logit) in zip(weights, candidates.logits) where weight > 0 {
            sum += Double(weight) * (Double(logit) - Double(largest))
        }
        return largest > -.infinity ? logTotal - sum / total : 0
    }

    /// exp(x) for x ≤ 0 within 2 ulp; 0 below −87, where Float has no normal numbers.
    ///
    /// exp(x) = 2^n · exp(r), with n the nearest integer to x / ln 2, |r| ≤ ln 2 / 2, and exp(r) as a Taylor series up to
    /// r^7. Unlike the system's function, it gives the same bits on all platforms, and has no branches, so that the
    /// compiler can vectorise it.
    @inline(__always)
    static func exponential(_ x: Float) -> Float {
        let clamped = Swift.max(x, -87)
        // Adding 1.5 · 2^23 rounds to an integer, which is then in the low bits.
        let shifter: Float = 12_582_912
        let shifted = clamped * 1.442_695_04 + shifter
        let rounded = shifted - shifter
        // ln 2 in two parts, the first with few bits, so that the difference is exact.
        let r = (clamped - rounded * 0.693_359_375) + rounded * 2.121_944_4e-4
        var series: Float = 1 / 5040
        series = series * r + 1 / 720
        series = series * r + 1 / 120
        series = series * r + 1 / 24
        series = series * r + 1 / 6
        series = series * r + 0.5
        series = series * r + 1
        series = series * r + 1
        let power = Float(bitPattern: (shifted.bitPattern &+ 127) << 23)
        return x < -87 ? 0 : series * power
    }
}
