/// A control group (cgroup) of the process that can limit what it uses.
struct ControlGroup: Equatable {
    /// 1 or 2.
    let version: Int
    /// The folders of the group and of those above it, as far as they can be seen, without a leading slash.
    let folders: [String]

    /// More than any system has; what exceeds them is ignored.
    private static let mostGroups = 64, mostLevels = 64

    /// What a group can limit, by the name of its controller in version 1.
    enum Controller: String {
        case cpu, memory
    }

    /// The groups according to `/proc/self/cgroup` and the mounts according to `/proc/self/mountinfo`.
    static func folders(_ controller: Controller, _ files: SystemFiles) -> [ControlGroup] {
        guard let groups = files.text("proc/self/cgroup"),
            let table = files.text("proc/self/mountinfo", limit: 4 << 20)
        else { return [] }
        let mounts = table.split(separator: "\n").compactMap { Mount($0, controller) }
        return groups.split(separator: "\n").prefix(mostGroups).compactMap { line in
            // "0::/user.slice" for version 2, "4:cpu,cpuacct:/docker/1f" for version 1.
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return nil }
            let isUnified = parts[1].isEmpty
            guard isUnified || parts[1].split(separator: ",").contains(Substring(controller.rawValue)) else {
                return nil
            }
            let version = isUnified ? 2 : 1
            let folders = folders(ofGroup: parts[2].split(separator: "/"), in: mounts.filter { $0.version == version })
            return ControlGroup(version: version, folders: folders)
        }
    }

    private static func folders(ofGroup path: [Substring], in mounts: [Mount]) -> [String] {
        // A path with ".." is outside of what the process's namespace shows.
        if !path.contains("..") {
            for mount in mounts where path.starts(with: mount.root) {
                let below = path.dropFirst(mount.root.count).prefix(mostLevels)
                return (0...below.count).map { level in
                    ([mount.point] + below.prefix(level).map(String.init)).joined(separator: "/")
                }
            }
        }
        // In a container the path can be that of the host, while the mount shows only the container's own group.
        return mounts.prefix(1).map(\.point)
    }

    /// A mounted hierarchy of control groups.
    private struct Mount {
        let version: Int
        /// The group that is visible at the mount point.
        let root: [Substring]
        /// Without a leading slash.
        let point: String

        /// - Parameter line: such as "32 31 0:29 /docker/1f /sys/fs/cgroup/cpu ro,nosuid - cgroup none rw,cpu,cpuacct".
        init?(_ line: Substring, _ controller: Controller) {
            let words = line.split(separator: " ")
            guard let dash = words.firstIndex(of: "-"), dash >= 6, words.count >= dash + 4 else { return nil }
            switch words[dash + 1] {
            case "cgroup2": version = 2
            case "cgroup" where words[dash + 3].split(separator: ",").contains(Substring(controller.rawValue)):
                version = 1
            default: return nil
            }
            root = Self.unescaped(words[3]).split(separator: "/")
            point = String(Self.unescaped(words[4]).drop { $0 == "/" })
        }

        /// Spaces, tabs, line ends and backslashes are written as octal numbers, such as "\040".
        private static func unescaped(_ word: Substring) -> Substring {
            guard word.contains("\\") else { return word }
            return [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")].reduce(word) {
                $0.replacing($1.0, with: $1.1)
            }
        }
    }
}
