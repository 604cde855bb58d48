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
            let hasSafetensors = listing.files.contains { $0.name.lowercased().hasSuffix(".safetensors") }
            throw .noGGUF(repository.text, hasSafetensors: hasSafetensors)
        }
        let choice = try HubChoice.choose(from: models, quant: quant, memory: memory)
        let settings = repository.requests.settings
        if listing.isGated, settings.hubToken == nil { throw .gated(page: repository.page, hasToken: false) }
        let model = choice.model
        let plan = PullPlan(
            address: address(of: model), format: model.format, bytes: model.bytes,
            memoryBytes: MemoryEstimate.byteCount(fileBytes: model.bytes), license: listing.license, note: choice.note)
        let files = model.files.map { file in
            let url = repository.url(of: file, revision: listing.revision)
            return RemoteFile(
                url: url, secretHeaders: repository.requests.hubHeaders(for: url),
                path: "\(repository.text)/\(file.name)", bytes: file.bytes, sha256: file.sha256,
                refusal: { [repository] in repository.refusal($0) })
        }
        return PullContents(plan: plan, files: files, name: model.listedName)
    }

    /// With what was chosen.
    private func address(of model: HubModel) -> String {
        guard case .huggingFace(let owner, let name, nil) = address else { return "\(address)" }
        return "\(ModelAddress.huggingFace(owner: owner, name: name, quant: model.label))"
    }
}
