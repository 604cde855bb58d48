import Foundation

@testable import Inference

/// A made-up tree of `/proc` and `/sys`, which is removed with this object.
final class MadeUpSystem {
    private let root: URL

    /// - Parameter files: the content of files by path.
    init(_ files: [String: String]) throws {
        root = FileManager.default.temporaryDirectory.appending(path: "system-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        for (path, text) in files {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    var files: SystemFiles { SystemFiles(root: root.path) }

    /// - Parameter processors: how many the system reports without these files.
    func cores(processors: Int = 1) -> UsableCores { UsableCores(files, processors: processors) }

    /// The quota in processors' worth of time.
    var quota: Double? { CPUQuota(files)?.processors }

    /// In bytes.
    var memoryLimit: Int? { MemoryLimit(files)?.bytes }
    var memory: Int { Machine.memory(files) }

    /// The files of a system whose cores have these processors.
    ///
    /// - Parameter allowed: the affinity of the process, such as "0-1,4"; nil for all processors.
    static func processors(_ cores: [[Int]], allowed: String? = nil) -> [String: String] {
        let all = "0-\(cores.joined().max() ?? 0)"
        var files = [
            "sys/devices/system/cpu/online": "\(all)\n",
            "proc/self/status":
                "Name:\tsotto\nCpus_allowed:\tff\nCpus_allowed_list:\t\(allowed ?? all)\nMems_allowed:\t1\n",
        ]
        for core in cores {
            let siblings = core.map(String.init).joined(separator: ",")
            for processor in core {
                files["sys/devices/system/cpu/cpu\(processor)/topology/thread_siblings_list"] = "\(siblings)\n"
            }
        }
        return files
    }

    /// The files of a system with control groups.
    ///
    /// - Parameters:
    ///   - groups: the lines of `/proc/self/cgroup`.
    ///   - mounts: root, mount point, and file system with its options, such as "cgroup2 rw".
    ///   - limits: the content of files in the groups' folders.
    static func groups(
        _ groups: [String], mounts: [(root: String, point: String, system: String)], limits: [String: String]
    ) -> [String: String] {
        let table =
            ["22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw"]
            + mounts.map { mount in
                let words = mount.system.split(separator: " ")
                return "31 22 0:28 \(mount.root) \(mount.point) rw,nosuid shared:9 - \(words[0]) none \(words[1])"
            }
        return limits.merging([
            "proc/self/cgroup": groups.joined(separator: "\n") + "\n",
            "proc/self/mountinfo": table.joined(separator: "\n") + "\n",
        ]) { $1 }
    }
}
