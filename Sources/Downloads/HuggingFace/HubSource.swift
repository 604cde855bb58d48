import Chat
import HTTP

/// A model on the Hugging Face hub. Its files go to OWNER/NAME in the models folder.
struct HubSource: Sendable {
    let repository: HubRepository
    let quant: String?
    let address: ModelAddress
    let memory: Int

    func contents() async throws(PullError) -> PullContents {
        let listing = try await repository.listing()
        let models = HubModel.models(in: listing.files)
        guard !models.isEmpty else {
            if quant == nil, let checkpoint = HubCheckpoint(listing.files) { return try contents(checkpoint, listing) }
            let hasSafetensors = listing.files.contains { $0.name.lowercased().hasSuffix(".safetensors") }
            throw .noGGUF(repository.text, hasSafetensors: hasSafetensors)
        }
        let choice = try HubChoice.choose(from: models, quant: quant, memory: memory)
        try checkAccess(listing)
        let model = choice.model
        let plan = PullPlan(
            address: address(of: model), format: model.format, bytes: model.bytes,
            memoryBytes: MemoryEstimate.byteCount(fileBytes: model.bytes), license: listing.license, note: choice.note)
        let files = model.files.map { remote($0, listing) }
        return PullContents(plan: plan, files: files, name: model.listedName)
    }

    /// The folder of a model in PyTorch's formats.
    private func contents(
        _ checkpoint: HubCheckpoint, _ listing: HubRepository.Listing
    ) throws(PullError) -> PullContents {
        try checkAccess(listing)
        let needed = MemoryEstimate.byteCount(fileBytes: checkpoint.bytes)
        guard needed <= memory else {
            throw .tooLargeForMemory(smallest: repository.name, needed: needed, memory: memory)
        }
        let plan = PullPlan(
            address: "\(address)", format: nil, bytes: checkpoint.bytes, memoryBytes: needed, license: listing.license,
            note: "It has no GGUF files; this is the folder with its original weights")
        let files = checkpoint.files.map { file in
            var file = remote(file, listing)
            file.isGGUF = false
            return file
        }
        return PullContents(plan: plan, files: files, name: repository.name)
    }

    private func checkAccess(_ listing: HubRepository.Listing) throws(PullError) {
        guard listing.isGated, repository.requests.settings.hubToken == nil else { return }
        throw .gated(page: repository.page, hasToken: false)
    }

    private func remote(_ file: HubFile, _ listing: HubRepository.Listing) -> RemoteFile {
        let url = repository.url(of: file, revision: listing.revision)
        return RemoteFile(
            url: url, secretHeaders: repository.requests.hubHeaders(for: url),
            path: "\(repository.text)/\(file.name)", bytes: file.bytes, sha256: file.sha256,
            refusal: { [repository] in repository.refusal($0) })
    }

    /// With what was chosen.
    private func address(of model: HubModel) -> String {
        guard case .huggingFace(let owner, let name, nil) = address else { return "\(address)" }
        return "\(ModelAddress.huggingFace(owner: owner, name: name, quant: model.label))"
    }
}
