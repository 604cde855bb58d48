@testable import ChatApp
import Chat
import Foundation
import TUI
import Testing

/// The lists that one chooses from.
@Suite struct PickerTests {
    private static let hour = 3600.0

    private static func sessions(_ now: Date) -> [SessionSummary] {
        [
            SessionSummary(
                id: "s1", title: "What is a good first day in Kyoto?", updated: now, model: "SmolLM2", messageCount: 4,
                fileBytes: 4100),
            SessionSummary(
                id: "s2", title: "Sorting in Swift", updated: now - 5 * hour, model: "SmolLM2", messageCount: 12,
                fileBytes: 21_000),
            SessionSummary(
                id: "s3", title: "料理 and \u{1B}[31mescapes", updated: now - 75 * hour, model: nil, messageCount: 2,
                fileBytes: 900),
            SessionSummary(
                id: "s4", title: "broken", updated: now - 99 * hour, model: nil, messageCount: 0,
                problem: "broken.json is damaged and nothing in it can be read"),
        ]
    }

    /// A chat with something of everything.
    private func scene(_ width: Int = 100, _ height: Int = 30) -> Scene {
        var scene = Scene(width, height)
        var models = Scene.models
        models[0].memory = .init(byteCount: 310_000_000, contextLength: 8192, available: 16_000_000_000)
        models[1].memory = .init(byteCount: 21_000_000_000, contextLength: 32_768, available: 16_000_000_000)
        scene.send(.modelsLoaded(models))
        scene.send(.speedsLoaded(["local/SmolLM2-135M-Instruct.Q4_1": 213.6]))
        scene.send(.sessionsListed(Self.sessions(scene.now)))
        scene.send(.themesLoaded(Self.themes))
        scene.talk("What is a good first day in Kyoto?", "Start early at **Fushimi Inari**.")
        return scene
    }

    private static let themes: [Theme] = ThemeLibrary([
        .init(label: "dark", name: "dark", text: ##"{ "styles": { "text": { "fg": "#cccccc", "bg": "#101010" } } }"##),
        .init(
            label: "paper", name: "paper", text: ##"{ "styles": { "text": { "fg": "#222222", "bg": "#f8f8f8" } } }"##),
        .init(label: "sea", name: "sea", text: ##"{ "styles": { "text": { "fg": "#ccddee", "bg": "#002233" } } }"##),
    ]).themes

    private static let preview = SessionPreview(
        session: "s2",
        messages: [
            .init(role: .user, model: nil, text: "How do I sort by two keys?"),
            .init(
                role: .assistant, model: "SmolLM2",
                text: "Compare tuples:\n\nitems.sort { ($0.a, $0.b) < ($1.a, $1.b) }"),
        ])

    // MARK: Screens

    enum Picker: String, CaseIterable, Sendable { case models, sessions, presets, themes, palette, help, search }

    @Test(arguments: Picker.allCases, [(100, 30), (60, 20), (40, 12)])
    func screens(picker: Picker, size: (Int, Int)) throws {
        var scene = scene(size.0, size.1)
        switch picker {
        case .models: scene.press(.function(2), .down)
        case .sessions:
            scene.press(.function(3), .down)
            scene.send(.sessionPreviewed(Self.preview))
        case .presets: scene.press(.function(5), .down)
        case .themes:
            scene.enter("/theme")
            scene.press(.down)
        case .palette:
            scene.press(.control("p"))
            scene.type("temp")
        case .help:
            scene.press(.function(3), .function(1))
        case .search:
            scene.press(.function(3))
            scene.type("tuples")
            scene.send(
                .sessionsFound(
                    query: "tuples",
                    [
                        SessionMatch(session: "s2", excerpts: ["Compare tuples: items.sort { ($0.a, $0.b)"])
                    ]))
        }
        try expectScreen(view(scene.state), "picker-\(picker.rawValue)-\(size.0)x\(size.1)")
    }

    @Test func whatTheFilterMetIsMarked() {
        var scene = Scene()
        scene.press(.control("p"))
        scene.type("thm")
        let surface = view(scene.state)
        let match = scene.state.screen.theme.style(.match, on: .selected)
        let marked = surface.cells.filter { $0.style == match }.map(\.text).joined()
        #expect(marked == "thm")
    }

    // MARK: The palette

    @Test(arguments: [
        ("temperature", "setting"), ("/theme", "command"), ("gemma", "model"), ("sorting in", "session"),
        ("creative", "preset"), ("paper", "theme"), ("select the message before", "key"),
    ])
    func thePaletteFindsEveryKindOfThing(text: String, kind: String) {
        var scene = scene()
        scene.press(.control("p"))
        scene.type(text)
        guard case .list(let list)? = scene.state.screen.panel else { return }
        #expect(list.selectedEntry?.kind == kind)
    }

    /// Names first, exact ones before all; what is told about a thing last.
    @Test(arguments: [
        ("stop", ["/stop", "stop"]), ("/stop", ["/stop"]), ("theme", ["/theme"]), ("temp", ["temperature"]),
        ("bye", ["/quit"]), ("set", ["/set", "seed"]), ("nucleus", ["top_p"]), ("paper", ["paper"]),
        ("the", ["/theme"]), ("alt-up", ["select the message before"]),
    ])
    func thePalettePutsNamesFirst(text: String, titles: [String]) {
        var scene = scene()
        scene.press(.control("p"))
        scene.type(text)
        guard case .list(let list)? = scene.state.screen.panel else { return }
        let first = list.entries.map(\.title)
        #expect(
            text == "set" ? first.first == "/set" : Array(first.prefix(titles.count)) == titles, "\(first.prefix(6))")
    }

    /// Letters strewn over a sentence or over a command's arguments are no match.
    @Test(arguments: [("theme", "select the message before"), ("paper", "/preset"), ("temp", "/preset")])
    func thePaletteDoesNotFindWhatIsNotThere(text: String, title: String) {
        var scene = scene()
        scene.press(.control("p"))
        scene.type(text)
        guard case .list(let list)? = scene.state.screen.panel else { return }
        #expect(!list.entries.contains { $0.title == title })
    }

    @Test(arguments: [
        ("temperature", "how freely"), ("/export", "markdown"), ("gemma", "32768 tokens"),
        ("sorting in", "21 kB"), ("creative", "Be vivid."), ("select the message before", "Alt-Up"),
        ("paper", "a quotation"),
    ])
    func thePaletteTellsAboutWhatIsSelected(text: String, told: String) {
        var scene = scene(120, 40)
        scene.press(.control("p"))
        scene.type(text)
        // Beside the list, on the right.
        #expect(scene.rows.contains { String($0.suffix(58)).contains(told) }, "\(scene)")
        scene.send(.resize(Size(width: 60, height: 30)))
        #expect(scene.shows("Everything"))
    }

    @Test func thePaletteWearsTheThemeThatIsSelected() {
        var scene = scene(120, 40)
        scene.press(.control("p"))
        scene.type("paper")
        #expect(scene.state.screen.theme.name == "paper")
        scene.press(.escape)
        #expect(scene.state.screen.theme.name == "dark")
    }

    @Test func thePaletteReadsTheEndOfASelectedSession() {
        var scene = scene(120, 40)
        scene.press(.control("p"))
        scene.type("sorting in")
        #expect(scene.effects.contains(.session(.preview("s2"))))
        scene.send(.sessionPreviewed(Self.preview))
        #expect(scene.shows("Compare tuples:"))
    }

    @Test func thePaletteDoesWhatIsChosen() {
        var scene = scene()
        scene.press(.control("p"))
        scene.type("sorting in")
        #expect(scene.press(.enter) == [.loadSession("s2")])
        scene.press(.control("p"))
        scene.type("top_k")
        scene.press(.enter)
        #expect(scene.state.composer.input.text == "/set top_k ")
        scene.press(.control("u"), .control("p"))
        scene.type("select the message before")
        scene.press(.enter)
        #expect(scene.state.reading.selection != nil)
        // What is done to a message is done to the latest one.
        scene.press(.escape, .control("p"))
        scene.type("delete it and")
        scene.press(.enter)
        #expect(!scene.shows("Fushimi Inari"))
    }

    // MARK: Moving about

    /// A list of many sessions.
    private func long() -> Scene {
        var scene = Scene(80, 24)
        scene.send(
            .sessionsListed(
                (0..<100).map { number in
                    SessionSummary(
                        id: "n\(number)", title: "session \(number)", updated: scene.now - Double(number) * 60,
                        model: nil,
                        messageCount: 1)
                }))
        scene.press(.function(3))
        return scene
    }

    private func selected(_ scene: Scene) -> String? {
        guard case .list(let list)? = scene.state.screen.panel else { return nil }
        return list.selectedEntry?.title
    }

    @Test func keysGoThroughTheListAndWhatIsSelectedStaysInSight() {
        var scene = long()
        #expect(selected(scene) == "session 0")
        scene.press(.pageDown)
        #expect(selected(scene) == "session 15")
        scene.press(.end)
        #expect(selected(scene) == "session 99")
        #expect(scene.shows("›  session 99"))
        scene.press(.up)
        // The window stays where it is until it has to move.
        #expect(scene.shows("   session 99"))
        scene.press(.home)
        #expect(selected(scene) == "session 0")
        scene.press(.up)
        #expect(selected(scene) == "session 0")
        scene.type("session 77")
        #expect(selected(scene) == "session 77")
        scene.press(.control("u"))
        scene.send(.resize(Size(width: 40, height: 8)))
        scene.press(.end)
        #expect(scene.shows("session 99"))
    }

    @Test func theBarShowsWhereTheWindowIs() {
        var scene = long()
        func thumb(_ scene: Scene) -> [Int] { scene.rows.indices.filter { scene.rows[$0].contains("┃") } }
        let top = thumb(scene)
        scene.press(.end)
        let bottom = thumb(scene)
        #expect(top.count == bottom.count && !top.isEmpty)
        #expect((top.first ?? 9) < (bottom.first ?? 0))
        scene.type("session 7")
        scene.press(.control("u"))
        scene.type("session 77")
        #expect(thumb(scene).isEmpty)
    }

    @Test func theMouseSelectsChoosesScrollsAndCloses() throws {
        var scene = long()
        let row = try #require(scene.rows.firstIndex { $0.contains("session 4 ") })
        #expect(scene.press(.click(Point(x: 10, y: row))).isEmpty)
        #expect(selected(scene) == "session 4")
        #expect(scene.press(.click(Point(x: 10, y: row))) == [.loadSession("n4")])
        scene.press(.function(3), .wheelDown, .wheelDown)
        #expect(!scene.shows("session 0 "))
        #expect(selected(scene) == "session 6")
        let sixth = try #require(scene.rows.firstIndex { $0.contains("session 9 ") })
        scene.press(.click(Point(x: 10, y: sixth)))
        #expect(selected(scene) == "session 9")
        scene.press(.click(Point(x: 0, y: 10)))
        #expect(scene.state.screen.panel == nil)
    }

    /// A window that became lower stays where it is when a row of it is clicked.
    @Test func aClickLeavesTheWindowWhereItIs() throws {
        var scene = long()
        for _ in 0..<12 { scene.press(.down) }
        scene.send(.resize(Size(width: 80, height: 10)))
        let row = try #require(scene.rows.firstIndex { $0.contains("session 9 ") })
        scene.press(.click(Point(x: 10, y: row)))
        #expect(scene.rows[row].contains("›  session 9 "))
    }

    @Test func whatHasNoDateTellsNoAge() {
        var scene = Scene(80, 24)
        let epoch = Date(timeIntervalSince1970: 0)
        scene.send(
            .sessionsListed([SessionSummary(id: "s8", title: "undated", updated: epoch, model: nil, messageCount: 3)]))
        scene.press(.function(3))
        #expect(scene.rows.contains { $0.contains("undated") && $0.contains("3 messages") && !$0.contains("mo ") })
    }

    @Test func whatIsSelectedStaysSelectedWhenTheListChanges() {
        var scene = scene()
        scene.press(.function(3), .down)
        #expect(selected(scene) == "Sorting in Swift")
        var sessions = Self.sessions(scene.now)
        sessions.insert(
            SessionSummary(id: "s9", title: "newer", updated: scene.now + 1, model: nil, messageCount: 1), at: 0)
        scene.send(.sessionsListed(sessions))
        #expect(selected(scene) == "Sorting in Swift")
    }

    // MARK: Themes

    /// Names that differ at their end can be told apart in a narrow list.
    @Test(arguments: [(20, 6), (40, 12), (100, 30)]) func longNamesOfThemesAreWhole(width: Int, height: Int) {
        var scene = Scene(width, height)
        scene.send(
            .themesLoaded(
                ThemeLibrary(
                    ["catppuccin-latte", "catppuccin-mocha"].map {
                        .init(label: $0, name: $0, text: "{}")
                    }
                ).themes))
        scene.enter("/theme")
        let isWhole = width > 20
        #expect(
            scene.shows(isWhole ? "catppuccin-latte" : "catppuccin-la")
                && scene.shows(isWhole ? "catppuccin-mocha" : "catppuccin-mo"))
    }

    @Test func aThemeIsWornWhileItIsLookedAtAndTakenOffByEscape() {
        var scene = scene()
        #expect(scene.state.screen.theme.name == "dark")
        #expect(scene.enter("/theme") == [.loadThemes(isAsked: false)])
        scene.press(.down)
        #expect(scene.state.screen.theme.name == "paper")
        #expect(view(scene.state)[0, 0].style.background == .rgb(0xF8, 0xF8, 0xF8))
        scene.press(.escape)
        #expect(scene.state.screen.theme.name == "dark")
        scene.enter("/theme")
        scene.type("sea")
        #expect(scene.state.screen.theme.name == "sea")
        #expect(scene.press(.enter) == [.chooseTheme("sea"), .loadThemes(isAsked: true)])
        #expect(scene.state.screen.theme.name == "sea")
        // Its file has changed since.
        let changed = ThemeLibrary([
            .init(label: "sea", name: "sea", text: ##"{ "styles": { "text": { "bg": "#111111" } } }"##)
        ]).themes
        scene.send(.themesLoaded(changed))
        #expect(view(scene.state)[0, 0].style.background == .rgb(0x11, 0x11, 0x11))
        #expect(scene.enter("/theme reload") == [.loadThemes(isAsked: true)])
    }

    private static let flawed = ThemeLibrary([
        .init(label: "dark.json", name: "dark", text: "{}"),
        .init(
            label: "dusk.json", name: "dusk", text: "{ \"styles\": {\n  \"accent\": \"#12\"\n  \"error\": \"red\" } }"),
        .init(label: "sea.json", name: "sea", text: "{ \"inherits\": \"dusk\" }"),
    ]).themes

    /// What is wrong with a theme is told where it is looked at, and once it is chosen.
    @Test func mistakesOfAThemeAreToldWhereItIsLookedAt() throws {
        var scene = scene()
        scene.send(.themesLoaded(Self.flawed))
        #expect(scene.state.screen.notices.current == nil)
        scene.enter("/theme")
        #expect(scene.state.screen.notices.current == nil && scene.shows("!  dusk") == false && scene.shows("! dusk"))
        scene.press(.down)
        try expectScreen(view(scene.state), "theme-mistakes-100x30")
        scene.send(.resize(Size(width: 40, height: 12)))
        #expect(scene.shows("╰─ Ctrl-O more"))
        scene.press(.control("o"), .end)
        #expect(scene.shows("a value like"))
        scene.press(.escape)
        scene.press(.enter)
        scene.send(.themesLoaded(Self.flawed, isAsked: true))
        #expect(scene.notice == "dusk.json, line 2: invalid JSON: expected ',' or '}'")
        #expect(scene.state.screen.notices.waiting.count == 3)
        scene.send(.resize(Size(width: 100, height: 30)))
        scene.press(.escape, .escape, .escape)
        // Another's mistakes are not this one's.
        scene.enter("/theme dark")
        scene.send(.themesLoaded(Self.flawed, isAsked: true))
        #expect(scene.state.screen.notices.waiting.isEmpty)
        // In the palette they stand beside it.
        scene.send(.resize(Size(width: 120, height: 40)))
        scene.press(.control("p"))
        scene.type("dusk")
        #expect(scene.shows("! dusk.json, line 2"))
    }

    @Test func atTheStartOnlyTheMistakesOfTheThemeThatIsWornAreTold() {
        func notices(_ theme: String) -> [Notice] {
            AppState(
                session: SessionRecord(id: "s", created: .now), themes: Self.flawed, theme: theme,
                size: Size(width: 80, height: 24), now: .now
            ).screen.notices.waiting
        }
        #expect(notices("dark").isEmpty)
        #expect(notices("dusk").count == 3 && notices("sea").count == 3)
    }

    // MARK: Sessions

    @Test func sessionsAreRenamedCopiedExportedAndDeleted() {
        var scene = scene()
        scene.press(.function(3), .down)
        scene.press(.control("r"))
        #expect(scene.shows("title: Sorting in Swift"))
        scene.press(.control("u"))
        scene.type("Sorting")
        #expect(scene.press(.enter) == [.session(.rename("s2", title: "Sorting"))])
        #expect(scene.press(.control("d")) == [.session(.duplicate("s2", title: nil, opens: false))])
        scene.press(.control("x"))
        #expect(scene.shows("file, .md or .json: Sorting in Swift.md"))
        scene.press(.control("w"), .control("w"), .control("w"))
        scene.type("out.txt")
        #expect(scene.press(.enter).isEmpty)
        #expect(scene.notice == "Unsupported format .txt; use .md or .json")
        scene.press(.backspace, .backspace, .backspace)
        scene.type("json")
        guard case .session(.export("s2", let export))? = scene.press(.enter).first else {
            Issue.record("no export")
            return
        }
        #expect(export.file == "out.json")
        #expect(export.format == .json)
        scene.press(.delete)
        #expect(scene.effects.last == .deleteSession("s2"))
        #expect(scene.press(.control("_")) == [.session(.restore("s2"))])
        #expect(scene.press(.control("_")).isEmpty)
        scene.press(.control("r"), .escape)
        #expect(scene.shows("Sessions 4"))
        scene.press(.escape)
        #expect(scene.state.screen.panel == nil)
    }

    @Test func theOpenSessionIsRenamedInTheListToo() {
        var scene = scene()
        scene.press(.function(3), .control("r"), .control("u"))
        scene.type("Kyoto")
        #expect(scene.press(.enter).contains(.saveSession(scene.state.session.record)))
        #expect(selected(scene) == "Kyoto")
        #expect(scene.state.session.record.title == "Kyoto")
    }

    @Test func deletingTheOpenSessionBeginsAnother() {
        var scene = scene()
        scene.press(.function(3))
        let effects = scene.press(.delete)
        guard effects.count == 2, case .newSession = effects[0] else {
            Issue.record("\(effects)")
            return
        }
        #expect(effects[1] == .deleteSession("s1"))
        scene.send(.sessionLoaded(SessionRecord(id: "s9", created: scene.now)))
        #expect(scene.shows("Sessions"))
        #expect(scene.press(.escape).isEmpty)
        #expect(scene.enter("/restore") == [.session(.restore("s1"))])
        scene.enter("/restore")
        #expect(scene.notice.hasPrefix("no session was deleted since the start"))
    }

    @Test func aSearchGoesThroughTheFilesAndTellsWhere() {
        var scene = scene()
        #expect(scene.enter("/search tuples") == [.listSessions, .session(.search("tuples"))])
        #expect(scene.shows("nothing matches"))
        // The answer to an earlier question is not shown as one to this.
        scene.send(.sessionsFound(query: "tupl", [SessionMatch(session: "s3", excerpts: ["tupl"])]))
        #expect(scene.shows("nothing matches"))
        scene.send(.sessionsFound(query: "tuples", [SessionMatch(session: "s2", excerpts: ["Compare tuples: a"])]))
        #expect(scene.shows("Compare tuples: a"))
        #expect(scene.press(.enter) == [.loadSession("s2")])
        // It opens where the text stands.
        var other = self.scene()
        other.talk("How do I sort by two keys?", "Compare tuples: (a, b)")
        for number in 0..<9 { other.talk("And \(number)?", "So.\n\nAnd so on.") }
        var session = other.state.session.record
        session.id = "s2"
        scene.send(.sessionLoaded(session))
        #expect(scene.state.reading.selection != nil && scene.shows("Compare tuples: (a, b)") && !scene.shows("And 8?"))
        scene.press(.escape, .function(3))
        scene.type("And 8")
        scene.send(.sessionsFound(query: "And 8", [SessionMatch(session: "s2", excerpts: ["And 8?"])]))
        #expect(scene.press(.enter).isEmpty)
        #expect(scene.shows("And 8?") && scene.state.screen.panel == nil)
    }

    @Test func aPreviewIsReadOnceAndOnlyWhereItIsSeen() {
        var scene = scene(60, 20)
        scene.press(.function(3))
        #expect(scene.press(.down).isEmpty)
        scene = self.scene(100, 30)
        #expect(scene.press(.function(3)).contains(.session(.preview("s1"))))
        #expect(scene.press(.down) == [.session(.preview("s2"))])
        scene.send(.sessionPreviewed(Self.preview))
        #expect(scene.shows("Compare tuples:"))
        scene.press(.end)
        #expect(scene.press(.home, .down).allSatisfy { $0 != .session(.preview("s2")) })
        #expect(scene.shows("Compare tuples:"))
    }

    // MARK: Presets

    @Test func presetsAreSavedAndDeletedAndBroughtBack() {
        var scene = scene()
        scene.press(.function(5), .control("s"), .control("u"))
        scene.type("mine")
        guard case .savePreset(let preset)? = scene.press(.enter).first else {
            Issue.record("not saved")
            return
        }
        #expect(preset.name == "mine")
        scene.type("mine")
        #expect(scene.press(.delete) == [.deletePreset("mine")])
        #expect(scene.press(.control("_")) == [.savePreset(preset)])
        scene.press(.control("s"), .control("u"))
        scene.type("a/b")
        #expect(scene.press(.enter).isEmpty)
        #expect(scene.notice.hasPrefix("a preset's name"))
    }

    // MARK: Help

    @Test func helpTellsAboutWhereOneIsAndGoesBack() {
        var scene = scene()
        scene.press(.function(1))
        #expect(scene.shows("Writing"))
        #expect(!scene.shows("On a session"))
        scene.type("export")
        #expect(scene.shows("/export"))
        scene.press(.escape)
        #expect(scene.state.screen.panel == nil)

        scene.press(.function(3), .function(1))
        scene.type("another title")
        #expect(scene.shows("Ctrl-R"))
        // Help does what it tells about, where it was opened.
        scene.press(.enter)
        #expect(scene.shows("title: "))
        scene.press(.escape, .function(1), .function(1))
        #expect(scene.shows("Sessions 4"))
    }

    @Test func whileAReplyRunsHelpBeginsWithIt() {
        var scene = scene()
        scene.enter("And then?")
        scene.stream("Then")
        scene.press(.function(1))
        #expect(selected(scene) == "Esc")
        #expect(scene.press(.enter) == [.stopReply(ReplyID(number: 2))])
    }

    // MARK: Commands

    @Test func commandsOnFilesAndModels() throws {
        var scene = scene()
        guard case .session(.export("s1", let export))? = scene.enter("/export").first else {
            Issue.record("no export")
            return
        }
        #expect(export.file == "What is a good first day in Kyoto.md")
        #expect(export.isSuggested)
        guard case .session(.export("s1", let json))? = scene.enter("/export ~/kyoto.json").first else {
            Issue.record("no export")
            return
        }
        #expect(json.file == "~/kyoto.json")
        #expect(!json.isSuggested)
        #expect(scene.enter("/import chat.json") == [.session(.importFile("chat.json"))])
        #expect(scene.enter("/duplicate Again") == [.session(.duplicate("s1", title: "Again", opens: true))])
        #expect(scene.enter("/load gemma") == [.loadModel(Scene.gemma)])
        #expect(scene.enter("/unload") == [.unloadModel(Scene.smol)])
        guard case .describe(.context(Scene.smol, nil, let messages))? = scene.enter("/context").first else {
            Issue.record("no context")
            return
        }
        #expect(messages.count == 2)
        scene.enter("/stats")
        #expect(scene.shows("tokens written   188"))
        #expect(scene.shows("speed            214 tok/s"))
        #expect(!scene.shows("drafted"))
    }

    @Test(arguments: [
        ("/export", "there is nothing to export yet"), ("/duplicate", "there is nothing to copy yet"),
        ("/context", "nothing has been said yet"), ("/import", "usage: /import FILE"),
        ("/load nothing", "there is no model \"nothing\""), ("/load broken", "broken.gguf: the file ends"),
    ])
    func whatCannotBeDoneSaysWhy(line: String, notice: String) {
        var scene = Scene()
        #expect(scene.enter(line).isEmpty)
        #expect(scene.notice.hasPrefix(notice), "\(scene.notice)")
    }

    @Test(arguments: [
        ("Kyoto: what/now?", "Kyoto what now.md"), ("../../etc/passwd", "etc passwd.md"), ("", "session.md"),
        ("\u{1B}[31m", "31m.md"), ("...", "session.md"),
    ])
    func aTitleBecomesAFilesNameThatStaysInItsFolder(title: String, name: String) {
        #expect(SessionExport.suggestedName(title, .markdown) == name)
    }

    @Test func theSpeedOfALongEnoughReplyIsRemembered() {
        var scene = Scene()
        scene.enter("Hi")
        scene.stream("Hello")
        #expect(scene.finish(tokens: 188).last == .rememberSpeed(Scene.smol, 214))
        scene.enter("Hi")
        scene.stream("Hello")
        #expect(!scene.finish(tokens: 3).contains { if case .rememberSpeed = $0 { true } else { false } })
    }
}
