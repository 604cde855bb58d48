import Chat
import Foundation
import TUI

/// The bottom line: the current activity, the draft's length, how full the context is, the most used settings, and
/// two keys.
enum StatusView {
    static func draw(_ state: AppState, _ layout: ScreenLayout, on surface: inout Surface) {
        let width = layout.status.width - 2
        if state.reading.selection != nil, state.screen.panels.isEmpty {
            return drawMessageKeys(state, layout, on: &surface)
        }
        let keys = keys(state)
        let room = width - keys.width - 2
        var parts = [activity(state, room: room)]
        if let draft = draft(state, room: room) {
            // If there is little room, "ready" is left out.
            if width < 60, state.session.reply == nil { parts = [] }
            parts.append(draft)
        }
        if let context = context(state) { parts.append(context) }
        if let cost = state.session.record.cost {
            parts.append(StyledLine("session \(CostText.dollars(cost))", .status))
        }
        if let reply = state.session.reply, let first = reply.firstToken {
            parts.append(StyledLine("first token \(Format.seconds(first.seconds(since: reply.started)))", .status))
        }
        parts.append(settings(state))
        // If the line is too short, the last parts are left out, but never the keys.
        while parts.count > 1, total(parts) > room { parts.removeLast() }
        var line = StyledLine()
        for part in parts where !part.spans.isEmpty {
            if !line.spans.isEmpty { line.append("   ", .text) }
            for span in part.spans { line.append(span.text, span.role) }
        }
        if line.width > room {
            line = StyledLine(Wrapping.truncate(line.text, width: room), line.spans.first?.role ?? .status)
        }
        surface.write(line, at: Point(x: 1, y: layout.status.y), theme: state.screen.theme)
        surface.write(
            keys, at: Point(x: layout.status.width - 1 - keys.width, y: layout.status.y), theme: state.screen.theme)
    }

    /// The state of a running reply, and as many of the keys for the selected message as fit.
    private static func drawMessageKeys(_ state: AppState, _ layout: ScreenLayout, on surface: inout Surface) {
        let keys = keys(state)
        if let progress = progress(state, layout) {
            surface.write(progress, at: Point(x: 1, y: layout.status.y), theme: state.screen.theme)
        }
        for hint in messageHints(state, layout) {
            surface.write(hint.line, at: Point(x: hint.column, y: layout.status.y), theme: state.screen.theme)
        }
        surface.write(
            keys, at: Point(x: layout.status.width - 1 - keys.width, y: layout.status.y), theme: state.screen.theme)
    }

    /// The state of a running reply, if there is room for it next to the keys.
    private static func progress(_ state: AppState, _ layout: ScreenLayout) -> StyledLine? {
        guard state.session.reply != nil else { return nil }
        let line = activity(state, room: layout.status.width)
        return line.width + keys(state).width + 4 <= layout.status.width ? line : nil
    }

    private static func messageHints(
        _ state: AppState, _ layout: ScreenLayout
    ) -> [(key: Key, column: Int, line: StyledLine)] {
        var hints: [(key: Key, column: Int, line: StyledLine)] = []
        var column = progress(state, layout).map { $0.width + 4 } ?? 1
        let end = layout.status.width - 1 - keys(state).width - 2
        for row in KeyMap.rows where row.group == .message {
            guard let label = row.label, let key = row.keys.first else { continue }
            var line = StyledLine(key.description, .statusKey)
            line.append(" \(label)", .status)
            if column + line.width > end { break }
            hints.append((key, column, line))
            column += line.width + 2
        }
        return hints
    }

    private static func total(_ parts: [StyledLine]) -> Int {
        parts.reduce(0) { $0 + $1.width + ($1.spans.isEmpty ? 0 : 3) }
    }

    /// What the chat is doing, in as many words as fit.
    private static func activity(_ state: AppState, room: Int) -> StyledLine {
        let texts = activityTexts(state)
        if texts.isEmpty { return StyledLine("ready", .status) }
        let lines = texts.map { StyledLine("● \($0)", .statusActive) }
        return lines.first { $0.width <= room } ?? lines[lines.count - 1]
    }

    /// What the chat is doing, in decreasing length; empty if it is idle.
    private static func activityTexts(_ state: AppState) -> [String] {
        guard let reply = state.session.reply else {
            guard let pull = state.library.pull else { return [] }
            return [pull.text(now: state.instant, separator: " · ")]
        }
        if reply.isStopping { return ["stopping"] }
        switch reply.phase {
        case .starting:
            return [state.waiting(for: reply), state.waiting(for: reply) == nil ? nil : "waiting", "starting"]
                .compactMap(\.self)
        case .retrying(let reason, let until):
            let wait = DurationText.whole(max(0, until.seconds(since: state.instant)))
            return ["\(reason) · next try in \(wait)", "busy · next try in \(wait)", "retry in \(wait)"]
        case .loading(let name, let fraction):
            let progress = state.loadingProgress(reply, fraction, separator: " · ")
            let share = progress.prefix { $0 != "·" }.trimmed
            return [
                "loading \(Sanitizer.visible(name)) \(progress)", "loading \(progress)", "loading \(share)", share,
            ]
        case .prefill(let done, let total, let cached):
            let count = "\(Format.grouped(done))/\(Format.grouped(total))"
            let rate = state.prefillRate(reply, done, total, cached, separator: " · ")
            return ["reading prompt \(count)\(rate)", "reading prompt \(count)", "prompt \(count)", count]
        case .streaming:
            let tokens = reply.figures?.tokens ?? reply.tokens
            let count = Format.count(tokens, "token")
            let rate = reply.figures?.tokensPerSecond.flatMap(Format.rate)
            return (rate.map { ["\(count) · \($0)", $0] } ?? []) + [count, Format.grouped(tokens)]
        }
    }

    /// How many tokens the draft needs, and how many it leaves in the context, in as many words as fit.
    private static func draft(_ state: AppState, room: Int) -> StyledLine? {
        guard let use = state.draftUse else { return nil }
        let count = (use.isEstimate ? "≈ " : "") + Format.count(use.tokens, "token")
        let price = state.draftCost.map { ", ≈ \(CostText.dollars($0))" } ?? ""
        guard let left = use.left else { return StyledLine("draft \(count)\(price)", .status) }
        let isTooLong = left < 0
        let rest = isTooLong ? "\(Format.grouped(-left)) too many" : "\(Format.grouped(left)) left"
        let lines = ["draft \(count)\(price), ", "draft \(count), ", "\(count), "].map { beginning in
            var line = StyledLine(beginning, .status)
            line.append(rest, isTooLong ? .warning : .status)
            return line
        }
        return lines.first { $0.width <= room } ?? StyledLine(isTooLong ? rest : count, isTooLong ? .warning : .status)
    }

    private static func context(_ state: AppState) -> StyledLine? {
        guard let context = state.session.reply?.figures?.context ?? state.session.context, context.limit > 0 else {
            return nil
        }
        let cells = 8
        let filled = max(0, min(cells, (context.used * cells + context.limit - 1) / context.limit))
        return StyledLine([
            .init("context ", .status), .init(String(repeating: "▓", count: filled), .gauge),
            .init(String(repeating: "░", count: cells - filled), .gaugeEmpty),
            .init(" \(Format.grouped(context.used))/\(Format.grouped(context.limit))", .status),
        ])
    }

    private static func settings(_ state: AppState) -> StyledLine {
        let settings = state.session.record.settings.sampling
        return StyledLine(
            "temp \(SettingValue.number(settings.temperature))  top-p \(SettingValue.number(settings.topP))", .status)
    }

    /// The key that the bottom line names at a column; nil if there is none.
    static func key(at column: Int, _ state: AppState, _ layout: ScreenLayout) -> Key? {
        if state.reading.selection != nil, state.screen.panels.isEmpty,
            let hint = messageHints(state, layout).first(where: {
                ($0.column..<$0.column + $0.line.width).contains(column)
            })
        {
            return hint.key
        }
        let keys = keys(state)
        let text = keys.text
        let start = layout.status.width - 1 - keys.width
        guard column >= start, column < start + keys.width else { return nil }
        guard let escape = text.range(of: "Esc") else { return .function(1) }
        let escapeColumn = start + text.distance(from: text.startIndex, to: escape.lowerBound)
        return column >= escapeColumn ? .escape : .function(1)
    }

    private static func keys(_ state: AppState) -> StyledLine {
        var line = StyledLine("F1", .statusKey)
        line.append(" help", .status)
        let escape =
            state.screen.panels.top?.isEntering == true
            ? "back"
            : !state.screen.panels.isEmpty
                ? "close" : state.reading.selection != nil ? "back" : state.isWorking ? "stop" : nil
        if let escape {
            if state.screen.size.width < 40 { line = StyledLine() } else { line.append("  ", .status) }
            line.append("Esc", .statusKey)
            line.append(" \(escape)", .status)
        }
        return line
    }
}
