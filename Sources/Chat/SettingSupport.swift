/// Which settings a provider has, and in which range.
public struct SettingSupport: Sendable, Equatable {
    /// By `SettingRow.command`; nil if the provider has every setting.
    private let names: Set<String>?
    private let ranges: [String: ClosedRange<Double>]

    /// Every setting, in its whole range.
    public static let everything = SettingSupport(names: nil, ranges: [:])

    private init(names: Set<String>?, ranges: [String: ClosedRange<Double>]) {
        self.names = names
        self.ranges = ranges
    }

    /// - Parameters:
    ///   - ranges: settings with ranges of the provider's own, by `SettingRow.command`.
    ///   - others: settings that have their whole range.
    public init(ranges: [String: ClosedRange<Double>], others: [String]) {
        self.init(names: Set(ranges.keys).union(others), ranges: ranges)
    }

    public func isAvailable(_ row: SettingRow) -> Bool { names?.contains(row.command) ?? true }

    /// The row with the provider's range; unchanged if it has none of its own.
    public func narrowed(_ row: SettingRow) -> SettingRow {
        ranges[row.command].map { row.limited(to: $0) } ?? row
    }

    /// The settings with every number inside the provider's ranges. Settings that it lacks are unchanged.
    public func clamped(_ settings: GenerationSettings) -> GenerationSettings {
        var settings = settings
        for row in SettingTable.rows where isAvailable(row) {
            let narrow = narrowed(row)
            // A setting that is off may be outside the range: it is not sent.
            guard row.value(in: settings) != row.off, let value = narrow.clamped(row.value(in: settings)) else {
                continue
            }
            try? narrow.set(value, in: &settings)
        }
        return settings
    }
}

extension SettingRow {
    /// The row with the part of its range that is in `range`.
    public func limited(to range: ClosedRange<Double>) -> SettingRow {
        var row = self
        switch kind {
        case .number(let path, let own, let step):
            let limits = Float(range.lowerBound)...Float(range.upperBound)
            row.kind = .number(path, own.clamped(to: limits), step: step)
        case .integer(let path, let own, let step):
            let limits = Int(range.lowerBound)...Int(range.upperBound)
            row.kind = .integer(path, own.clamped(to: limits), step: step)
        default: break
        }
        return row
    }
}
