/// Which logical processors share a core, and which cores are fast, according to `/sys/devices`.
struct ProcessorTopology {
    private let files: SystemFiles
    /// The core of each processor that is switched on. A core is known by the first of its processors.
    private let cores: [Int: Int]

    /// More processors than Linux supports.
    private static let most = 8192

    /// - Parameter processors: how many there are if the files do not say it.
    init(_ files: SystemFiles, processors: Int) {
        self.files = files
        let online = files.text("sys/devices/system/cpu/online").flatMap(Self.processors)
        let all = online ?? Set(0..<min(max(1, processors), Self.most))
        cores = Dictionary(uniqueKeysWithValues: all.map { ($0, Self.core(of: $0, files)) })
    }

    /// The processors that are switched on.
    var processors: Set<Int> { Set(cores.keys) }

    /// The number of cores that some processors belong to.
    func coreCount(_ processors: Set<Int>) -> Int { Set(processors.compactMap { cores[$0] }).count }

    /// The processors that belong to fast cores; all of them if there is no difference.
    func performance(_ processors: Set<Int>) -> Set<Int> {
        let fast = hybrid(processors) ?? large(processors)
        return fast.isEmpty ? processors : fast
    }

    private static func core(of processor: Int, _ files: SystemFiles) -> Int {
        let folder = "sys/devices/system/cpu/cpu\(processor)/topology"
        // The same list under its old and its new name.
        for name in ["thread_siblings_list", "core_cpus_list"] {
            if let list = files.text("\(folder)/\(name)").flatMap(Self.processors), list.contains(processor),
                let first = list.min()
            {
                return first
            }
        }
        return processor
    }

    /// On Intel processors with two kinds of cores, those with the fast one.
    private func hybrid(_ processors: Set<Int>) -> Set<Int>? {
        files.text("sys/devices/cpu_core/cpus").flatMap(Self.processors).map(processors.intersection)
    }

    /// On ARM, the processors with at least half of the highest capacity. That leaves out the small cores, which
    /// deliver a quarter to less than a half, and keeps the medium ones of three kinds: with the single largest core
    /// alone a pass would be slower.
    ///
    /// Maximum frequencies are no substitute: some equal cores may run a little faster than others.
    private func large(_ processors: Set<Int>) -> Set<Int> {
        var capacities: [Int: Int] = [:]
        for processor in processors {
            guard let capacity = files.number("sys/devices/system/cpu/cpu\(processor)/cpu_capacity") else { return [] }
            capacities[processor] = capacity
        }
        guard let highest = capacities.values.max() else { return [] }
        return Set(capacities.filter { $0.value >= highest - highest / 2 }.keys)
    }

    /// The processors of a list such as "0-3,8"; nil if it is empty or not a list.
    static func processors(_ list: some StringProtocol) -> Set<Int>? {
        let words = list.split(whereSeparator: \.isWhitespace)
        guard let word = words.first, words.count == 1 else { return nil }
        var all = Set<Int>()
        for part in word.split(separator: ",", omittingEmptySubsequences: false) {
            let bounds = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard bounds.count <= 2, let first = bounds.first ?? nil, let last = bounds.last ?? nil,
                0 <= first, first <= last, last < most
            else { return nil }
            all.formUnion(first...last)
        }
        return all
    }
}
