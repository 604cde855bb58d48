import Chat
import ChatApp
import TUI
import Testing

/// Text from files, models and the user is shown as visible characters, wherever it appears.
@Suite struct HostileTextTests {
    private let hostile = "\u{1B}]0;owned\u{7}\u{1B}[2J\u{9B}31m\u{202E}evil\u{2066}\u{0}\r\u{301}\u{200D}日\u{7F}"

    @Test func neverReachesTheScreenAsControlCharacters() {
        var scene = Scene(60, 20)
        let model = ModelReference(provider: "local", name: hostile)
        scene.send(.modelsLoaded([ModelInfo(reference: model, architecture: hostile, format: hostile, problem: nil)]))
        scene.send(.presetsLoaded([Preset(name: hostile, summary: hostile, system: nil, settings: .init())]))
        let session = SessionSummary(
            id: hostile, title: hostile, updated: scene.now, model: hostile, messageCount: 1)
        scene.send(.sessionsListed([session]))
        scene.press(.paste(hostile), .enter)
        scene.stream(hostile + "\n```\(hostile)\n\(hostile)\n```\n# \(hostile)\n- \(hostile)\n> \(hostile)")
        check(scene)
        scene.send(.replyFailed(ReplyID(number: 1), hostile))
        scene.enter("/rename \(hostile.filter { !$0.isNewline })")
        check(scene)
        for key: Key in [.function(1), .function(2), .function(3), .function(4), .function(5), .control("p")] {
            scene.press(key)
            check(scene)
            scene.press(.paste(hostile))
            check(scene)
            scene.press(.escape)
        }
        scene.enter("/regen")
        scene.stream(hostile)
        scene.finish()
        scene.press(.alt(.up), "/", .paste(hostile))
        check(scene)
        scene.press(.enter)
        check(scene)
        scene.press(.function(6))
        check(scene)
        scene.press("s")
        check(scene)
        scene.press(.escape, .escape)
        scene.send(.document(title: hostile, text: hostile))
        check(scene)
    }

    /// What servers and tables say about models to fetch.
    @Test func neverReachesThePanelForFetchingAsControlCharacters() {
        var scene = Scene(100, 30)
        let model = RecommendedModel(
            address: hostile, title: hostile, parameters: 1, bytes: 1, license: hostile, use: .small, date: hostile,
            source: hostile)
        scene.send(.recommendationsLoaded([model], problems: [hostile]))
        scene.enter("/pull")
        check(scene)
        scene.press(.paste(hostile))
        check(scene)
        scene.press(.enter)
        check(scene)
        let address = hostile.prefix { !$0.isNewline }
        scene.send(
            .pull(
                String(address), .planned(PullPlan(address: hostile, format: hostile, license: hostile, note: hostile)))
        )
        check(scene)
        scene.press(.enter)
        scene.send(.pull(hostile, .progress(bytes: 2, of: nil)))
        check(scene)
        scene.send(.pull(hostile, .failed(hostile)))
        scene.press(.escape)
        check(scene)
    }

    /// In previews and prompts of lists, too.
    @Test func neverReachesAListAsControlCharacters() {
        var scene = Scene(100, 30)
        let model = ModelReference(provider: "local", name: hostile)
        var info = ModelInfo(reference: model, path: hostile, architecture: hostile, format: hostile)
        info.notes = [hostile]
        info.defaults = ModelDefaults(system: hostile, stop: [hostile])
        scene.send(.modelsLoaded([info]))
        scene.send(.presetsLoaded([Preset(name: hostile, summary: hostile, system: hostile, settings: .init())]))
        scene.send(.themesLoaded(ThemeLibrary([.init(label: "x", name: hostile, text: "{}")]).themes))
        scene.send(
            .sessionsListed([
                SessionSummary(id: "s2", title: hostile, updated: scene.now, model: hostile, messageCount: 1)
            ]))
        for key: Key in [.function(1), .function(2), .function(3), .function(5), .control("p")] {
            scene.press(key)
            check(scene)
            if key == .function(3) {
                scene.send(
                    .sessionPreviewed(
                        SessionPreview(
                            session: "s2", messages: [.init(role: .assistant, model: hostile, text: hostile)])))
                check(scene)
                scene.press(.paste("evil"))
                scene.send(.sessionsFound(query: "evil", [SessionMatch(session: "s2", excerpts: [hostile])]))
                check(scene)
                for question: Key in [.control("r"), .control("x")] {
                    scene.press(question, .paste(hostile))
                    check(scene)
                    scene.press(.escape)
                }
            }
            scene.press(.escape)
        }
        scene.enter("/theme")
        check(scene)
    }

    private func check(_ scene: Scene) {
        for cell in view(scene.state).cells {
            for scalar in cell.text.unicodeScalars {
                switch scalar.value {
                case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069:
                    Issue.record("U+\(String(scalar.value, radix: 16)) on the screen")
                default: break
                }
            }
        }
    }
}
