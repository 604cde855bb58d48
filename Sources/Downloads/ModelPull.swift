import Chat
import Files
import HTTP

/// Fetches a model into the models folder: finds out what there is, checks the disk, downloads, verifies, and puts every
/// file in its place. What an earlier try left is used. No incomplete file ever has its final name.
public struct ModelPull: Sendable {
    private let address: ModelAddress
    /// The models folder.
    private let folder: String
    private let settings: PullSettings
    private let client: HTTPClient
    /// Of this computer, in bytes.
    private let memory: Int
    private let cancellation: Cancellation
    private let conditions: PullConditions

    /// - Parameters:
    ///   - folder: the models folder; created with the first file.
    ///   - memory: this computer's, in bytes.
    ///   - cancellation: makes `plan` and `run` throw `.cancelled` soon. What has arrived stays for a later try.
    public init(
        _ address: ModelAddress, into folder: String, settings: PullSettings, client: HTTPClient, memory: Int,
        cancellation: Cancellation
    ) {
        self.init(
            address, into: folder, settings: settings, client: client, memory: memory, cancellation: cancellation,
            conditions: PullConditions())
    }

    package init(
        _ address: ModelAddress, into folder: String, settings: PullSettings, client: HTTPClient, memory: Int,
        cancellation: Cancellation, conditions: PullConditions
    ) {
        self.address = address
        self.folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        self.settings = settings
        self.client = client
        self.memory = memory
        self.cancellation = cancellation
        self.conditions = conditions
    }

    /// Asks the source what there is, and downloads nothing.
    public func plan() async throws(PullError) -> PullPlan {
        guard let contents = try await contents() else { return PackagePull.plan(memory: memory) }
        return plan(of: contents)
    }

    /// Fetches the model.
    ///
    /// - Parameter report: called with `.planned`, `.progress` (about ten times a second) and `.checking`. How it ended
    ///   is what this returns or throws.
    /// - Returns: the name under which the model is listed.
    public func run(report: @escaping @Sendable (PullEvent) -> Void) async throws(PullError) -> String {
        guard let contents = try await contents() else {
            let package = PackagePull(
                folder: folder, memory: memory, cancellation: cancellation, conditions: conditions)
            return try await package.run(report: report)
        }
        let plan = plan(of: contents)
        report(.planned(plan))
        if let bytes = plan.bytes { try conditions.checkDisk(of: folder, for: bytes - plan.presentBytes) }
        let progress = PullProgress(total: plan.bytes, report: report)
        for file in contents.files {
            let download = FileDownload(
                file: file, root: folder, client: client, conditions: conditions, cancellation: cancellation,
                progress: { progress.update(bytes: $0) }, checking: { report(.checking) })
            try await download.run()
            progress.finishFile()
        }
        if let manifest = contents.manifest {
            try FileIO<PullError>.replace("\(folder)/\(manifest.path)", with: manifest.bytes)
        }
        return contents.name
    }

    /// What the source offers; nil for the package.
    private func contents() async throws(PullError) -> PullContents? {
        let requests = SourceRequests(settings: settings, client: client, cancellation: cancellation)
        switch address {
        case .huggingFace(let owner, let name, let quant):
            let repository = HubRepository(requests: requests, owner: owner, name: name)
            return try await HubSource(repository: repository, quant: quant, address: address, memory: memory)
                .contents()
        case .ollama(let host, let namespace, let name, let tag):
            let model = RegistryModel(host: host, namespace: namespace, name: name, tag: tag)
            return try await RegistrySource(model, requests: requests, address: address, memory: memory).contents()
        case .file(let url): return try await FileSource(url: url, requests: requests, memory: memory).contents()
        case .package:
            guard !settings.isOffline else { throw .offline(host: "The package index") }
            return nil
        }
    }

    private func plan(of contents: PullContents) -> PullPlan {
        var plan = contents.plan
        plan.presentBytes = contents.files.reduce(0) { $0 + PartialFile.presentBytes(of: $1, in: folder) }
        return plan
    }
}

extension PullConditions {
    /// Throws unless a folder's disk has room for so many bytes.
    func checkDisk(of folder: String, for bytes: Int) throws(PullError) {
        guard bytes > 0, let free = freeBytes(folder) else { return }
        let needed = bytes + Disk.margin(for: bytes)
        guard needed <= free else { throw .notEnoughDisk(folder: folder, needed: needed, free: free) }
    }
}
