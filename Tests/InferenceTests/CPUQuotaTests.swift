import Testing

@testable import Inference

/// Quotas of made-up control groups.
struct CPUQuotaTests {
    private typealias System = MadeUpSystem

    private static let unified = (root: "/", point: "/sys/fs/cgroup", system: "cgroup2 rw,nsdelegate")
    private static let legacy = (root: "/", point: "/sys/fs/cgroup/cpu,cpuacct", system: "cgroup rw,cpu,cpuacct")

    private func quota(_ files: [String: String]) throws -> Double? {
        try System(files).quota
    }

    @Test(arguments: [
        ("10000 100000", 1), ("100000 100000", 1), ("140000 100000", 1), ("150000 100000", 2), ("640000 100000", 6),
        ("9223372036854775807 1", 16),
    ]) func limitsTheThreads(quota: String, count: Int) throws {
        let groups = System.groups(["0::/"], mounts: [Self.unified], limits: ["sys/fs/cgroup/cpu.max": quota])
        let cores = try System(System.processors((0..<16).map { [$0] }).merging(groups) { $1 }).cores()
        #expect(cores.count == count && cores.total == 16)
        if count < 16 { #expect(cores.description == "\(count) of 16 cores (limited by CPU quota)") }
    }

    /// Both apply, and the smaller one decides.
    @Test func limitsTheThreadsNextToTheAffinity() throws {
        let groups = System.groups(["0::/"], mounts: [Self.unified], limits: ["sys/fs/cgroup/cpu.max": "300000 100000"])
        func cores(_ allowed: String) throws -> UsableCores {
            try System(System.processors((0..<8).map { [$0] }, allowed: allowed).merging(groups) { $1 }).cores()
        }
        #expect(try cores("0-1").description == "2 of 8 cores (limited by CPU affinity)")
        #expect(try cores("0-3").description == "3 of 8 cores (limited by CPU affinity, limited by CPU quota)")
    }

    @Test func readsVersion2() throws {
        func quota(_ limits: [String: String]) throws -> Double? {
            let files = System.groups(["0::/user.slice/chat.scope"], mounts: [Self.unified], limits: limits)
            return try self.quota(files)
        }
        #expect(try quota([:]) == nil)
        #expect(try quota(["sys/fs/cgroup/user.slice/chat.scope/cpu.max": "max 100000\n"]) == nil)
        #expect(try quota(["sys/fs/cgroup/user.slice/chat.scope/cpu.max": "150000 100000\n"]) == 1.5)
        // In a group above.
        #expect(try quota(["sys/fs/cgroup/user.slice/cpu.max": "200000 100000\n"]) == 2)
        #expect(try quota(["sys/fs/cgroup/cpu.max": "400000 100000\n"]) == 4)
        // The smallest of several.
        let both = [
            "sys/fs/cgroup/user.slice/cpu.max": "30000 10000\n",
            "sys/fs/cgroup/user.slice/chat.scope/cpu.max": "900000 100000\n",
        ]
        #expect(try quota(both) == 3)
        // Another group's.
        #expect(try quota(["sys/fs/cgroup/system.slice/cpu.max": "100000 100000\n"]) == nil)
    }

    @Test func readsVersion1() throws {
        func quota(_ group: String, _ limits: [String: String]) throws -> Double? {
            let other = (root: "/", point: "/sys/fs/cgroup/cpuset", system: "cgroup rw,cpuset")
            let files = System.groups(
                ["5:cpuset:/sets", "4:cpu,cpuacct:\(group)", "0::/"], mounts: [other, Self.legacy], limits: limits)
            return try self.quota(files)
        }
        let folder = "sys/fs/cgroup/cpu,cpuacct"
        let half = ["\(folder)/a/cpu.cfs_quota_us": "50000\n", "\(folder)/a/cpu.cfs_period_us": "100000\n"]
        #expect(try quota("/a", half) == 0.5)
        #expect(try quota("/a/b", half) == 0.5)
        #expect(try quota("/b", half) == nil)
        #expect(try quota("/", half) == nil)
        let none = ["\(folder)/a/cpu.cfs_quota_us": "-1\n", "\(folder)/a/cpu.cfs_period_us": "100000\n"]
        #expect(try quota("/a", none) == nil)
    }

    @Test func readsBothVersions() throws {
        let mounts = [Self.legacy, (root: "/", point: "/sys/fs/cgroup/unified", system: "cgroup2 rw")]
        let folder = "sys/fs/cgroup/cpu,cpuacct"
        let limits = [
            "\(folder)/a/cpu.cfs_quota_us": "300000", "\(folder)/a/cpu.cfs_period_us": "100000",
            "sys/fs/cgroup/unified/b/cpu.max": "200000 100000",
        ]
        #expect(try quota(System.groups(["4:cpu,cpuacct:/a", "0::/b"], mounts: mounts, limits: limits)) == 2)
        #expect(try quota(System.groups(["4:cpu,cpuacct:/a", "0::/"], mounts: mounts, limits: limits)) == 3)
    }

    @Test func readsTheContainersOwnGroup() throws {
        let limits = ["sys/fs/cgroup/cpu.max": "250000 100000", "sys/fs/cgroup/below/cpu.max": "100000 100000"]
        func quota(_ group: String, root: String) throws -> Double? {
            let mount = (root: root, point: "/sys/fs/cgroup", system: "cgroup2 ro")
            return try self.quota(System.groups(["0::\(group)"], mounts: [mount], limits: limits))
        }
        // The mount starts at the container's group.
        #expect(try quota("/docker/1f", root: "/docker/1f") == 2.5)
        #expect(try quota("/docker/1f/below", root: "/docker/1f") == 1)
        #expect(try quota("/docker/1f/other", root: "/docker/1f") == 2.5)
        // The group's path is not that of the mount.
        #expect(try quota("/docker/1f", root: "/docker/1f2") == 2.5)
        #expect(try quota("/", root: "/docker/1f") == 2.5)
        #expect(try quota("/../../below", root: "/") == 2.5)
        #expect(try quota("/../below", root: "/..") == 2.5)
    }

    @Test func readsMountPointsWithSpaces() throws {
        let mount = (root: "/", point: "/my\\040groups", system: "cgroup2 rw")
        let files = System.groups(["0::/"], mounts: [mount], limits: ["my groups/cpu.max": "100000 100000"])
        #expect(try quota(files) == 1)
    }

    @Test(arguments: [
        "", "\n", "max", "100000", "100000 0", "0 100000", "-1 100000", "x y", "1 2 3", "99999999999999999999 1",
        "nan 100000", "1e5 100000", "\0 \0",
    ]) func damagedLimitsAreIgnored(text: String) throws {
        let files = System.groups(["0::/"], mounts: [Self.unified], limits: ["sys/fs/cgroup/cpu.max": text])
        #expect(try quota(files) == nil)
    }

    @Test(arguments: [
        "", ":", "::", "0::", "0:", "a\nb", "0::////", "4:cpu", "0::" + String(repeating: "/a", count: 30_000),
    ]) func damagedGroupsAreHarmless(groups: String) throws {
        for table in ["", "-", "1 2 3 4 5 6 - cgroup2 a rw", "1 2 3 / / 6 - cgroup2", "- - - - - - - - -"] {
            #expect(try quota(["proc/self/cgroup": groups, "proc/self/mountinfo": table]) == nil)
        }
        _ = try quota(System.groups([groups], mounts: [Self.unified, Self.legacy], limits: [:]))
    }
}
