/// The processor time that the process's control groups allow.
struct CPUQuota: Equatable {
    /// Processors' worth of time, such as 1.5.
    let processors: Double

    /// The smallest quota of the process's groups and all groups above them; nil if there is none.
    init?(_ files: SystemFiles) {
        let quotas = ControlGroup.folders(.cpu, files).flatMap { group in
            group.folders.compactMap { folder in
                group.version == 2 ? Self.unified(folder, files) : Self.legacy(folder, files)
            }
        }
        guard let least = quotas.min() else { return nil }
        processors = least
    }

    /// How many threads use the quota best: the nearest whole number. With too many threads, every period ends with
    /// all of them stopped, some in the middle of a job that the others wait for. Decode of SmolLM2 Q4_1 with two
    /// threads, compared with one: 0.8 times as fast with a quota of 1, as fast with 1.25, 1.5 times with 1.5.
    var threads: Int { max(1, Int(min(processors, 1e6).rounded())) }

    /// Version 2: "150000 100000", or "max 100000" for no limit.
    private static func unified(_ folder: String, _ files: SystemFiles) -> Double? {
        let words = files.text("\(folder)/cpu.max", limit: 64)?.split(whereSeparator: \.isWhitespace) ?? []
        guard words.count == 2 else { return nil }
        return ratio(SystemFiles.number(words[0]), SystemFiles.number(words[1]))
    }

    /// Version 1: a quota of -1 is no limit.
    private static func legacy(_ folder: String, _ files: SystemFiles) -> Double? {
        ratio(files.number("\(folder)/cpu.cfs_quota_us"), files.number("\(folder)/cpu.cfs_period_us"))
    }

    private static func ratio(_ quota: Int?, _ period: Int?) -> Double? {
        guard let quota, let period else { return nil }
        return Double(quota) / Double(period)
    }
}
