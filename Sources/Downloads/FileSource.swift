import Chat
import Foundation
import GGUF
import HTTP

/// A GGUF file at any http or https address. It goes into the models folder itself.
struct FileSource: Sendable {
    let url: String
    let requests: SourceRequests
    let memory: Int

    private static let magic = Array("GGUF".utf8)

    /// Asks for the first four bytes: the answer also says how long the file is and what it is called.
    func contents() async throws(PullError) -> PullContents {
        let secretHeaders = requests.hubHeaders(for: url)
        let headers = [HTTPHeader("Accept-Encoding", "identity"), HTTPHeader("Range", "bytes=0-3")]
        let answer = try await requests.head(
            HTTPRequest(url, headers: headers, secretHeaders: secretHeaders), bytes: Self.magic.count)
        guard [200, 206].contains(answer.head.status) else { throw refusal(answer.head) }
        guard answer.body.starts(with: Self.magic) else {
            throw .notAModel(host: host, isWebPage: answer.body.first == UInt8(ascii: "<"))
        }
        guard let file = fileName(answer.head) else { throw .noFileName }
        let bytes = Self.length(answer.head)
        let stem = String(file.dropLast(".gguf".count))
        let plan = PullPlan(
            address: shownAddress, format: FormatLabel.format(in: stem), bytes: bytes,
            memoryBytes: bytes.map { MemoryEstimate.byteCount(fileBytes: $0) },
            note: bytes.flatMap { MemoryEstimate.shortage(forFile: $0, memory: memory) })
        let remote = RemoteFile(
            url: url, secretHeaders: secretHeaders, path: file, bytes: bytes, keepsOther: true,
            refusal: { [self] in refusal($0) })
        return PullContents(plan: plan, files: [remote], name: stem)
    }

    private var host: String { HTTPOrigin(url)?.text ?? "" }

    private func refusal(_ head: HTTPHead) -> PullError {
        switch head.status {
        case 401, 403: .signInNeeded(host: host)
        case 404, 410: .notFound("such file", host: host, near: [])
        default: .status(host: host, code: head.status)
        }
    }

    /// Without the query, which may contain a secret.
    private var shownAddress: String {
        let shown = url.prefix { $0 != "?" && $0 != "#" }
        return shown.count == url.count ? url : "\(shown)?…"
    }

    /// Of the whole file; nil if the server does not say.
    private static func length(_ head: HTTPHead) -> Int? {
        if head.status == 206 { return ContentRange(head["content-range"] ?? "")?.total }
        guard head["content-encoding"] == nil else { return nil }
        return head["content-length"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
    }

    // MARK: Name

    /// The name in the address, or else the one that the server suggests, if it is one of a GGUF file.
    private func fileName(_ head: HTTPHead) -> String? {
        let path = url.prefix { $0 != "?" && $0 != "#" }
        let last = path.split(separator: "/").dropFirst(2).last.flatMap { String($0).removingPercentEncoding }
        let names = [last, head["content-disposition"].flatMap(Self.suggestedName)].compactMap(\.self)
        return names.first { FileName.isSafe($0) && FileName.isGGUF($0) && $0.utf8.count > ".gguf".utf8.count }
    }

    /// The name in a header such as `attachment; filename="model.gguf"`, without folders.
    private static func suggestedName(_ header: String) -> String? {
        guard let match = header.firstMatch(of: /(?:^|[;\s])filename="?([^";]+)"?/.ignoresCase()) else { return nil }
        return match.1.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init)
    }
}
