import Chat
import ChatApp
import Sampling
import TUI
import Testing

/// The sampling panel: the settings, and the model's next token before and after them.
@Suite struct SamplingPanelTests {
    /// An open panel whose question has been answered.
    private func open(_ width: Int, _ height: Int, tokens: Int = 20) throws -> Scene {
        var scene = Scene(width, height)
        scene.talkInTokens(tokens)
        let start = try #require(scene.press(.function(4)).inspections.first)
        scene.send(.inspection(start.id, .nextToken(Scene.nextToken())))
        return scene
    }

    @Test(arguments: [(120, 40), (100, 30), (80, 24), (40, 12), (20, 6)])
    func theNextTokenStandsBesideTheSettings(width: Int, height: Int) throws {
        var scene = try open(width, height)
        scene.press(.down, .down, .down, .down, .down)
        try expectScreen(view(scene.state), "distribution-\(width)x\(height)")
    }

    @Test func whatIsShownFollowsASettingAtOnce() throws {
        var scene = try open(120, 40)
        #expect(scene.shows("leaves 40"))
        scene.enter("0")
        // Greedy: one is left, and the others say why they are not.
        #expect(scene.shows("leaves 1"))
        #expect(scene.shows("– temperature"))
        #expect(scene.press(.control("r")).contains(.changeSettings(GenerationSettings())))
        #expect(!scene.shows("– temperature"))
        scene.type("x")
        #expect(scene.shows("x▏"))
    }

    @Test func whatIsShownIsTheChainsOwn() throws {
        var next = Scene.nextToken()
        let trace = next.trace(SamplingSettings(), rows: 12)
        let scene = try open(120, 40)
        let first = trace.rows[0].probabilities
        #expect(scene.shows("\(Int((first.before * 100).rounded()))%"))
        #expect(scene.shows("\(Int((first.after * 100).rounded()))%"))
    }

    /// A reply that the model has ended has nothing behind it; the panel looks at its first token, and moves on from
    /// there.
    @Test func thePlaceIsMovedThroughTheReply() throws {
        var scene = Scene(120, 40)
        scene.talkInTokens(5)
        let first = try #require(scene.press(.function(4)).inspections.first)
        #expect(first.aim == .nextToken)
        #expect(first.continued == [])
        scene.send(.inspection(first.id, .nextToken(Scene.nextToken())))
        #expect(scene.shows("the reply's first token"))
        let second = try #require(scene.press(.control(.right)).inspections.first)
        #expect(second.continued == [0])
        // Moving on before the answer is there stops the question.
        let effects = scene.press(.control(.right))
        #expect(effects.contains(.stopInspection(second.id)))
        let third = try #require(effects.inspections.first)
        #expect(third.continued == [0, 1])
        scene.send(.inspection(third.id, .progress(done: 10, total: 500)))
        #expect(scene.shows("reading the conversation 10/500"))
        scene.send(.inspection(third.id, .nextToken(Scene.nextToken(shift: 3))))
        #expect(scene.shows("token 3 after …Start·early"))
        for _ in 0..<9 { scene.press(.control(.right)) }
        #expect(scene.effects.inspections.last?.continued == [0, 1, 2, 3, 4])
    }

    @Test func anInterruptedReplyIsLookedAtWhereItEnds() throws {
        var scene = Scene(120, 40)
        scene.enter("Hi")
        scene.streamTokens(0..<3)
        scene.finish(.cancelled, tokens: 3)
        #expect(scene.press(.function(4)).inspections.first?.continued == [0, 1, 2])
    }

    @Test func theEngineIsWatchedWhileThePanelIsOpenAndNeverAskedBesideAReply() throws {
        var scene = Scene(120, 40)
        scene.enter("Hi")
        scene.streamTokens(0..<3)
        #expect(scene.press(.function(4)) == [.watchNextToken(true)])
        #expect(scene.shows("waiting for the next token"))
        let id = try #require(scene.state.session.reply?.id)
        scene.send(.reply(id, .next(Scene.nextToken())))
        #expect(scene.shows("the reply's next token"))
        #expect(scene.shows("leaves 40"))
        // Where it was looked at last is still there when the reply ends, and nothing more is asked.
        #expect(scene.finish().inspections.isEmpty)
        #expect(scene.press(.escape) == [.watchNextToken(false)])
        // Closed, it takes nothing in.
        scene.send(.reply(id, .next(Scene.nextToken())))
    }

    @Test func closingStopsTheQuestion() throws {
        var scene = Scene(120, 40)
        scene.talkInTokens(5)
        let start = try #require(scene.press(.function(4)).inspections.first)
        #expect(
            Set(scene.press(.escape).map { "\($0)" })
                == Set([
                    "\(Effect.stopInspection(start.id))", "\(Effect.watchNextToken(false))",
                ]))
        let again = try #require(scene.press(.function(4)).inspections.first)
        scene.send(.inspectionFailed(again.id, "the file is gone"))
        #expect(scene.shows("! the file is gone"))
    }

    @Test func withoutAConversationThereIsNothingToAsk() {
        var scene = Scene(120, 40)
        #expect(scene.press(.function(4)).inspections.isEmpty)
        #expect(scene.shows("shows once something was said"))
    }

    @Test func resetGoesBackToThePreset() throws {
        var scene = Scene(120, 40)
        scene.enter("/preset creative")
        scene.press(.function(4), .right, .right)
        #expect(scene.shows("1.3*"))
        scene.press(.delete)
        #expect(scene.state.session.record.settings.sampling.temperature == 1.2)
        scene.press(.right, .down, .right, .control("r"))
        #expect(scene.state.session.record.settings == Scene.presets[1].settings)
    }

    // MARK: The mouse

    @Test(arguments: [(120, 40), (80, 24), (40, 12)]) func aClickSelectsAndASecondBeginsAValue(width: Int, height: Int)
        throws
    {
        var scene = Scene(width, height)
        scene.press(.function(4), .end, .home)
        let row = try #require(scene.rows.firstIndex { $0.contains("dynatemp_ra") })
        scene.press(.click(Point(x: 10, y: row)))
        #expect(scene.rows[row].contains("›dynatemp_ra"))
        scene.press(.click(Point(x: 10, y: row)))
        #expect(scene.rows[row].contains("off▏"))
        // Esc gives the value up, and only then closes.
        scene.press(.escape)
        #expect(!scene.shows("▏") && scene.shows("Sampling"))
        // Neither a heading nor the border is a setting.
        scene.press(.click(Point(x: 10, y: row - 2)))
        #expect(scene.rows[row].contains("›dynatemp_ra"))
        // On the same row another setting comes to lie, and the window stays.
        scene.press(.wheelDown)
        let top = scene.rows
        scene.press(.click(Point(x: 10, y: row)))
        #expect(scene.rows.map { $0.filter { $0 != "›" } }.count == top.count && scene.rows[row].contains("›"))
        scene.press(.click(Point(x: 10, y: height - 1)))
        #expect(scene.shows("Sampling"))
    }

    @Test(arguments: [(120, 40), (80, 24), (20, 6)]) func theWheelReachesEverySetting(width: Int, height: Int) throws {
        var scene = Scene(width, height)
        scene.press(.function(4))
        var seen = ""
        for _ in 0..<20 {
            seen += scene.testDescription
            scene.press(.wheelDown)
        }
        for row in SettingTable.rows {
            let short = "\(row.command.prefix(3))…\(row.command.suffix(3))"
            #expect(seen.contains(row.command.prefix(6)) || seen.contains(short), "\(row.command)")
        }
        for _ in 0..<20 { scene.press(.wheelUp) }
        #expect(scene.shows("Choosing"))
    }

    @Test func aClickBesideThePanelClosesIt() {
        var scene = Scene(80, 24)
        for line in ["/set", "/show settings", "/branch"] {
            scene.enter(line)
            #expect(scene.rows.contains { $0.contains("╭") })
            scene.press(.click(Point(x: 40, y: 10)))
            #expect(scene.rows.contains { $0.contains("╭") })
            scene.press(.click(Point(x: 1, y: 10)))
            #expect(!scene.rows.contains { $0.contains("╭") }, "\(line)")
        }
    }

    // MARK: Numbers

    /// A number is shown whole wherever it has room.
    @Test(arguments: [(120, 40), (100, 30), (80, 24), (40, 12)]) func numbersAreNeverCut(width: Int, height: Int) {
        var scene = Scene(width, height)
        scene.enter("/set seed 18446744073709551615")
        scene.enter("/set max_tokens 1000000")
        scene.enter("/set repeat_last_n 1000000")
        scene.press(.function(4), .down, .down, .down)
        #expect(scene.shows("18446744073709551615*"))
        var seen = ""
        for _ in SettingTable.rows {
            scene.press(.down)
            seen += scene.testDescription
        }
        for text in ["1000000*", "0…1M", "-1…1M", "0…16M", "1…1M"] { #expect(seen.contains(text), "\(text)") }
        #expect(!seen.contains("0…100000"))
    }

    /// What was typed is taken where one turns to another setting, and is not lost where it is refused.
    @Test func whatIsTypedIsTakenOnTheWay() {
        var scene = Scene(100, 30)
        scene.press(.function(4))
        scene.type("0.5")
        scene.press(.down)
        #expect(scene.state.session.record.settings.sampling.temperature == 0.5)
        #expect(scene.shows("›dynatemp_range"))
        scene.type("99")
        scene.press(.up)
        #expect(scene.shows("›dynatemp_range") && scene.shows("99▏") && scene.shows("not '99'"))
        scene.press(.control("u"), .up)
        #expect(scene.shows("›temperature"))
        scene.type("0.3")
        scene.press(.right)
        #expect(scene.state.session.record.settings.sampling.temperature == 0.35)
        scene.type("7")
        scene.press(.backspace, .down)
        #expect(scene.shows("›dynatemp_range"))
    }

    /// In the narrowest window the chosen setting can be told from its neighbours.
    @Test func theChosenSettingHasItsName() {
        var scene = Scene(20, 6)
        scene.press(.function(4), .down)
        #expect(scene.shows("›dynatemp_ra… off"))
        scene.press(.down)
        #expect(scene.shows("›dynatemp_expo… 1"))
    }

    @Test func theEndOfWhatIsTypedIsInSight() {
        var scene = Scene(40, 12)
        scene.press(.function(4), .down, .down, .down)
        scene.type("12345678901234567890123456789")
        #expect(scene.shows("6789▏"))
        #expect(scene.rows.last?.contains("Esc back") == true)
    }

    /// Steps are named as the settings that turn them on.
    @Test func everyStepIsASetting() {
        for kind in SamplerStepKind.allCases {
            #expect(throws: Never.self) { try SettingTable.row(named: kind.rawValue) }
        }
    }
}
