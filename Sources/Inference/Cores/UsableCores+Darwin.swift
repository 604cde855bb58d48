#if canImport(Darwin)
    import Darwin

    extension UsableCores {
        /// macOS has neither affinity masks nor quotas. Level 0 is the fastest kind of core.
        static func fromSystemControl() -> UsableCores {
            let total = number("hw.physicalcpu") ?? 1
            return UsableCores(
                total: total, after: [(.performanceCores, number("hw.perflevel0.physicalcpu") ?? total)])
        }

        private static func number(_ name: String) -> Int? {
            var value: Int32 = 0
            var size = MemoryLayout<Int32>.size
            guard sysctlbyname(name, &value, &size, nil, 0) == 0, value > 0 else { return nil }
            return Int(value)
        }
    }
#endif
