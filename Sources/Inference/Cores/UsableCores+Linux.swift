extension UsableCores {
    /// What the files of a Linux system say.
    ///
    /// - Parameter processors: how many processors the system offers if the files do not say it.
    init(_ files: SystemFiles, processors: Int) {
        let topology = ProcessorTopology(files, processors: processors)
        let online = topology.processors
        // The mask may name processors that the computer lacks or that are switched off.
        let allowed = online.intersection(
            files.text("proc/self/status").flatMap(Self.allowedProcessors) ?? online)
        let usable = allowed.isEmpty ? online : allowed
        let total = topology.coreCount(online)
        self.init(
            total: total,
            after: [
                (.affinity, topology.coreCount(usable)),
                (.performanceCores, topology.coreCount(topology.performance(usable))),
                (.quota, CPUQuota(files)?.threads ?? total),
            ])
    }

    /// The processors in the line "Cpus_allowed_list" of `/proc/self/status`.
    private static func allowedProcessors(status: String) -> Set<Int>? {
        for line in status.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2, parts[0] == "Cpus_allowed_list" { return ProcessorTopology.processors(parts[1]) }
        }
        return nil
    }
}
