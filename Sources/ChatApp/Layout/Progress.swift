import Chat
import Foundation

/// The progress of long work: how far it is, how fast, and how long it will take.
extension AppState {
    /// Whether something is running that can be stopped.
    var isWorking: Bool { session.reply != nil || library.pull != nil }

    /// "40 % · 350 MB/s · 2 s left"; the time so far if the share is not known.
    func loadingProgress(_ reply: RunningReply, _ fraction: Double?, separator: String) -> String {
        guard let fraction else { return DurationText.whole(instant.seconds(since: reply.started)) }
        let share = max(0, min(1, fraction.isFinite ? fraction : 0))
        var parts = ["\(Int((share * 100).rounded())) %"]
        let seconds = instant.seconds(since: reply.started)
        if share > 0, share < 1, seconds > 0.2 {
            if let bytes = library.info(of: reply.model)?.fileBytes {
                parts.append("\(ByteText.size(Int(Double(bytes) * share / seconds)))/s")
            }
            parts.append("\(DurationText.whole(seconds / share * (1 - share))) left")
        }
        return parts.joined(separator: separator)
    }

    /// " · 410 tokens/s · 4 s left": the speed of prefill and the time left; empty before anything is known.
    ///
    /// - Parameters:
    ///   - done: tokens of the prompt that have been read, those in the cache included.
    ///   - cached: tokens that were in the cache before.
    func prefillRate(_ reply: RunningReply, _ done: Int, _ total: Int, _ cached: Int, separator: String) -> String {
        let read = done - cached
        guard let started = reply.prefillStarted, read > 0 else { return "" }
        let seconds = instant.seconds(since: started)
        guard seconds > 0.05 else { return "" }
        let rate = Double(read) / seconds
        var parts: [String] = []
        if let text = Format.rate(rate) { parts.append(text) }
        if done < total { parts.append("\(DurationText.whole(Double(total - done) / rate)) left") }
        return parts.map { separator + $0 }.joined()
    }

    /// What a reply that has not begun is waiting for, in words; nil if there is nothing to report.
    func progress(of reply: RunningReply) -> String? {
        switch reply.phase {
        case .loading(let name, let fraction):
            "loading \(name), \(loadingProgress(reply, fraction, separator: ", "))"
        case .prefill(let done, let total, let cached):
            "reading the prompt, \(Format.grouped(done)) of \(Format.count(total, "token"))"
                + prefillRate(reply, done, total, cached, separator: ", ")
        case .retrying(let reason, let until):
            "\(reason), next try in \(DurationText.whole(max(0, until.seconds(since: instant))))"
        case .starting: waiting(for: reply)
        case .streaming: nil
        }
    }

    /// What a service is being waited for; nil for the local engine, which reports what it does.
    func waiting(for reply: RunningReply) -> String? {
        guard let profile = library.profile(of: reply.model), profile.place != .here else { return nil }
        return "waiting for \(profile.title), \(DurationText.whole(instant.seconds(since: reply.started)))"
    }
}
