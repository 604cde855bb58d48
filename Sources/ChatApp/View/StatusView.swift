import Chat
import Foundation
import TUI

/// The bottom line: what is going on, how full the context is, the settings people turn most, and two keys.
enum StatusView {
    static func draw(_ state: AppState, _ layout: ScreenLayout, on surface: inout Surface) {
        let width = layout.status.width - 2
        if state.reading.selection != nil, state.screen.panels.isEmpty {
            return drawMessageKeys(state, layout, on: &surface)
        }
        var parts = [activity(state)]
        if let draft = draft(state, isShort: width < 60) {
            // Where there is little room, that nothing is going on need not be said.
            if width < 60, state.session.reply == nil { parts = [] }
            parts.append(draft)
        }
        if let context = context(state) { parts.append(context) }
        if let reply = state.session.reply, let first = reply.firstToken {
            parts.append(StyledLine("first \(Format.seconds(first.timeIntervalSince(reply.started)))", .status))
        }
        parts.append(settings(state))
        let keys = keys(state)
        // The parts to the right go first where the line is short, but never the keys that one needs.
        while parts.count > 1, total(parts) + 2 + keys.width > width { parts.removeLast() }
        var line = StyledLine()
        for part in parts where !part.spans.isEmpty {
            if !line.spans.isEmpty { line.append("   ", .text) }
            for span in part.spans { line.append(span.text, span.role) }
        }
        let room = width - keys.width - 2
        if line.width > room {
            line = StyledLine(Wrapping.truncate(line.text, width: room), line.spans.first?.role ?? .status)
        }
        surface.write(line, at: Point(x: 1, y: layout.status.y), theme: state.screen.theme)
        surface.write(
            keys, at: Point(x: layout.status.width - 1 - keys.width, y: layout.status.y), theme: state.screen.theme)
    }

    /// How a running reply stands, and what keys do to the selected message, as many as fit.
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

    /// Of a running reply, where there is room for it beside the keys.
    private static func progress(_ state: AppState, _ layout: ScreenLayout) -> StyledLine? {
        guard state.session.reply != nil else { return nil }
        let line = activity(state)
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

    private static func activity(_ state: AppState) -> StyledLine {
        guard let reply = state.session.reply else {
            guard let download = state.library.download else { return StyledLine("ready", .status) }
            return StyledLine("● \(download.text(now: state.now, separator: " · "))", .statusActive)
        }
        if reply.isStopping { return StyledLine("● stopping", .statusActive) }
        switch reply.phase {
        case .starting: return StyledLine("● starting", .statusActive)
        case .loading(let name, let fraction):
            let text = state.loading(reply, fraction, separator: " · ")
            return StyledLine("● loading \(Sanitizer.visible(name)) \(text)", .statusActive)
        case .prefill(let done, let total, let cached):
            let text = state.reading(reply, done, total, cached, separator: " · ")
            return StyledLine("● reading \(done)/\(total)\(text)", .statusActive)
        case .streaming:
            let rate = reply.figures?.tokensPerSecond.flatMap(Format.rate)
            return StyledLine(
                (["● \(reply.figures?.tokens ?? reply.tokens) tok"] + (rate.map { [$0] } ?? [])).joined(
                    separator: " · "), .statusActive)
        }
    }

    /// What the draft takes of the context, and what it leaves.
    private static func draft(_ state: AppState, isShort: Bool) -> StyledLine? {
        guard let use = state.draftUse else { return nil }
        var line = StyledLine("\(isShort ? "" : "draft ")\(use.tokens) tok", .status)
        guard let left = use.left else { return line }
        if left >= 0 { line.append(", \(left) left", .status) } else { line.append(", \(-left) too many", .warning) }
        return line
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
            .init(" \(context.used)/\(context.limit)", .status),
        ])
    }

    private static func settings(_ state: AppState) -> StyledLine {
        let settings = state.session.record.settings.sampling
        return StyledLine(
            "temp \(SettingValue.number(settings.temperature))  top-p \(SettingValue.number(settings.topP))", .status)
    }

    /// The key that is named at a column of the bottom line; nil where none is.
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
