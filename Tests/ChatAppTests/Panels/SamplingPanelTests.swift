import Chat
import ChatApp
import Sampling
import TUI
import Testing

/// The sampling panel: the settings, and their effect on the model's next token.
@Suite struct SamplingPanelTests {
    /// An open panel for which the engine has computed the next token.
    private func open(_ width: Int, _ height: Int, tokens: Int = 20) throws -> Scene {
        var scene = Scene(width, height)
        scene.talkInTokens(tokens)
        let start = try #require(scene.press(.function(4)).inspections.first)
        scene.send(.inspection(start.id, .nextToken(Scene.nextToken())))
        return scene
    }

    @Test(arguments: [(120, 40), (100, 30), (80, 24), (40, 12), (20, 6)])
    func theNextTokenIsShownWithTheSettings(width: Int, height: Int) throws {
        var scene = try open(width, height)
        scene.press(.down, .down, .down, .down, .down)
        try expectScreen(view(scene.state), "distribution-\(width)x\(height)")
    }

    @Test func theNextTokenFollowsASettingAtOnce() throws {
        var scene = try open(120, 40)
        #expect(scene.shows("leaves 40"))
        scene.enter("0")
        // Greedy: one candidate is left, and the others show what removed them.
        #expect(scene.shows("leaves 1"))
        #expect(scene.shows("– temperature"))
        #expect(scene.press(.control("r")).contains(.changeSettings(GenerationSettings())))
        #expect(!scene.shows("– temperature"))
        scene.type("x")
        #expect(scene.shows("x▏"))
    }

    @Test func theProbabilitiesAreTheSamplerChains() throws {
        var next = Scene.nextToken()
        let trace = next.trace(SamplingSettings(), rows: 12)
        let scene = try open(120, 40)
        let first = trace.rows[0].probabilities
        #expect(scene.shows("\(Int((first.before * 100).rounded()))%"))
        #expect(scene.shows("\(Int((first.after * 100).rounded()))%"))
    }

    /// Nothing follows a reply that the model has ended, so the panel starts at its first token.
    @Test func keysMoveThroughTheTokensOfTheReply() throws {
        var scene = Scene(120, 40)
        scene.talkInTokens(5)
        let first = try #require(scene.press(.function(4)).inspections.first)
        #expect(first.aim == .nextToken)
        #expect(first.continued == [])
        scene.send(.inspection(first.id, .nextToken(Scene.nextToken())))
        #expect(scene.shows("First token of the reply"))
        let second = try #require(scene.press(.control(.right)).inspections.first)
        #expect(second.continued == [0])
        // Moving on before the result is known stops the computation.
        let effects = scene.press(.control(.right))
        #expect(effects.contains(.stopInspection(second.id)))
        let third = try #require(effects.inspections.first)
        #expect(third.continued == [0, 1])
        scene.send(.inspection(third.id, .progress(done: 10, total: 500)))
        #expect(scene.shows("Reading the conversation 10/500"))
        scene.send(.inspection(third.id, .nextToken(Scene.nextToken(shift: 3))))
        #expect(scene.shows("Token 3, after …Start·early"))
        for _ in 0..<9 { scene.press(.control(.right)) }
        #expect(scene.effects.inspections.last?.continued == [0, 1, 2, 3, 4])
    }

    @Test func anInterruptedReplyStartsAtItsEnd() throws {
        var scene = Scene(120, 40)
        scene.enter("Hi")
        scene.streamTokens(0..<3)
        scene.finish(.cancelled, tokens: 3)
        #expect(scene.press(.function(4)).inspections.first?.continued == [0, 1, 2])
    }

    @Test func theEngineReportsTokensWhileThePanelIsOpen() throws {
        var scene = Scene(120, 40)
        scene.enter("Hi")
        scene.streamTokens(0..<3)
        #expect(scene.press(.function(4)) == [.watchNextToken(true)])
        #expect(scene.shows("Waiting for the next token"))
        let id = try #require(scene.state.session.reply?.id)
        scene.send(.reply(id, .next(Scene.nextToken())))
        #expect(scene.shows("Next token of the reply"))
        #expect(scene.shows("leaves 40"))
        // The last token stays when the reply ends, and nothing is computed.
        #expect(scene.finish().inspections.isEmpty)
        #expect(scene.press(.escape) == [.watchNextToken(false)])
        // A closed panel ignores tokens.
        scene.send(.reply(id, .next(Scene.nextToken())))
    }

    @Test func closingStopsTheComputation() throws {
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

    @Test func withoutAConversationNothingIsComputed() {
        var scene = Scene(120, 40)
        #expect(scene.press(.function(4)).inspections.isEmpty)
        #expect(scene.shows("Send a message to see next-token"))
    }

    @Test func resetRestoresThePreset() throws {
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

    @Test(arguments: [(120, 40), (80, 24), (40, 12)]) func aClickSelectsAndASecondOneStartsAValue(
        width: Int, height: Int
    )
        throws
    {
        var scene = Scene(width, height)
        scene.press(.function(4), .end, .home)
        let row = try #require(scene.rows.firstIndex { $0.contains("dynatemp_ra") })
        scene.press(.click(Point(x: 10, y: row)))
        #expect(scene.rows[row].contains("›dynatemp_ra"))
        scene.press(.click(Point(x: 10, y: row)))
        #expect(scene.rows[row].contains("off▏"))
        // Esc first discards the value, then closes the panel.
        scene.press(.escape)
        #expect(!scene.shows("▏") && scene.shows("Sampling"))
        // A click on a heading or the border selects nothing.
        scene.press(.click(Point(x: 10, y: row - 2)))
        #expect(scene.rows[row].contains("›dynatemp_ra"))
        // After scrolling, the same row has another setting; a click does not scroll.
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
        #expect(scene.shows("Sampling"))
    }

    @Test func aClickOutsideThePanelClosesIt() {
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

    /// Numbers are never shortened.
    @Test(arguments: [(120, 40), (100, 30), (80, 24), (40, 12)]) func numbersAreShownInFull(width: Int, height: Int) {
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
        for text in ["1000000*", "0…1M", "-1…1M", "0…8192", "1…1M"] { #expect(seen.contains(text), "\(text)") }
        #expect(!seen.contains("0…100000"))
    }

    /// A typed value is applied when another setting is selected, and can be corrected if it is refused.
    @Test func aTypedValueIsAppliedOnTheWay() {
        var scene = Scene(100, 30)
        scene.press(.function(4))
        scene.type("0.5")
        scene.press(.down)
        #expect(scene.state.session.record.settings.sampling.temperature == 0.5)
        #expect(scene.shows("›dynatemp_range"))
        scene.type("99")
        scene.press(.up)
        #expect(scene.shows("›dynatemp_range") && scene.shows("99▏") && scene.shows("not \"99\""))
        scene.press(.control("u"), .up)
        #expect(scene.shows("›temperature"))
        scene.type("0.3")
        scene.press(.right)
        #expect(scene.state.session.record.settings.sampling.temperature == 0.35)
        scene.type("7")
        scene.press(.backspace, .down)
        #expect(scene.shows("›dynatemp_range"))
    }

    /// In the narrowest window the name of the selected setting is still recognisable.
    @Test func theSelectedSettingShowsItsName() {
        var scene = Scene(20, 6)
        scene.press(.function(4), .down)
        #expect(scene.shows("›dynatemp_ra… off"))
        scene.press(.down)
        #expect(scene.shows("›dynatemp_expo… 1"))
    }

    @Test func theEndOfATypedValueIsShown() {
        var scene = Scene(40, 12)
        scene.press(.function(4), .down, .down, .down)
        scene.type("12345678901234567890123456789")
        #expect(scene.shows("6789▏"))
        #expect(scene.rows.last?.contains("Esc back") == true)
    }

    /// Steps have the names of the settings that turn them on.
    @Test func everyStepIsASetting() {
        for kind in SamplerStepKind.allCases {
            #expect(throws: Never.self) { try SettingTable.row(named: kind.rawValue) }
        }
    }
}
