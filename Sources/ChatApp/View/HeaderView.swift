import TUI

/// The top line: the session's title, the model and the preset.
enum HeaderView {
    static func draw(_ state: AppState, _ layout: ScreenLayout, on surface: inout Surface) {
        let width = layout.header.width - 2
        let title = Sanitizer.visible(state.session.record.title.isEmpty ? "new chat" : state.session.record.title)
        var parts = [state.session.record.model.map(state.displayName) ?? "no model"]
        let host = state.profile?.remoteHost.map { "→ \($0)" }
        // Part of the first one, which is left out last.
        if let host { parts[0] += " \(host)" }
        if let format = state.modelInfo?.format { parts.append(format) }
        if let preset = state.presetName { parts.append(preset) }
        parts = parts.map(Sanitizer.visible)

        // The model's name takes precedence over the title, which keeps at least a third of the line.
        let right = DisplayWidth.of(parts.joined(separator: " · "))
        let room = max(width / 3, width - right - 2) - DisplayWidth.of("sotto · ")
        var left = StyledLine("sotto", .headerTitle)
        if let host, DisplayWidth.of(parts[0]) + left.width + 2 > width {
            // That words leave this computer is shown however narrow the window is.
            left = StyledLine(Wrapping.truncate(host, width: width), .header)
            parts = []
        } else if room >= 4 {
            left.append(" · ", .header)
            left.append(Wrapping.truncate(title, width: room), .headerTitle)
        }
        let line = StyledLine.justified(left, parts: parts, role: .header, width: width)
        surface.write(line, at: Point(x: 1, y: 0), theme: state.screen.theme)
        if let rule = layout.headerRule { surface.rule(rule, theme: state.screen.theme) }
    }
}

extension AppState {
    /// The preset's name, with a star if the settings have been changed since.
    var presetName: String? {
        guard let name = session.record.preset else { return nil }
        let original = library.presets.first { $0.name == name }
        return original.map { $0.settings == session.record.settings } ?? true ? name : "\(name)*"
    }
}
