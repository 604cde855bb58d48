import Chat
import Testing

@testable import ChatApp

/// Panels in plain mode: texts, and lists to choose from by number.
@Suite struct PlainPageTests {
    @Test func aListIsPrintedOnceItIsComplete() {
        var scene = PlainScene()
        #expect(scene.enter("/model") == "")
        let list = scene.send(.modelsLoaded(Scene.models))
        #expect(list.contains("1. SmolLM2-135M-Instruct") && list.contains("(in use)"))
        #expect(list.contains("3. broken, the file ends in the middle of its metadata"))
        #expect(list.hasSuffix("Type a number, or press Enter to skip.\n"))
        #expect(scene.prompt == "Number: ")
        // It is not printed again.
        #expect(scene.send(.modelsLoaded(Scene.models)) == "")
    }

    @Test func numbersAndNamesChoose() {
        var scene = PlainScene()
        _ = scene.enter("/model")
        _ = scene.send(.modelsLoaded(Scene.models))
        #expect(scene.enter("9") == "Note: Choose a number from 1 to 3\n")
        // Twice, since the list is still there.
        for _ in 1...2 {
            #expect(scene.enter("3") == "Warning: broken: the file ends in the middle of its metadata\n")
        }
        _ = scene.enter("2")
        #expect(scene.state.session.record.model == Scene.gemma)
        #expect(scene.prompt == "You: ")
        _ = scene.enter("/model")
        _ = scene.send(.modelsLoaded(Scene.models))
        _ = scene.enter("smollm2-135m-instruct")
        #expect(scene.state.session.record.model == Scene.smol)
    }

    /// A list may change after it was printed.
    @Test func numbersMeanWhatWasPrinted() {
        var scene = PlainScene()
        _ = scene.enter("/model")
        _ = scene.send(.modelsLoaded(Scene.models))
        _ = scene.send(.modelsLoaded(Scene.models.reversed()))
        _ = scene.enter("2")
        #expect(scene.state.session.record.model == Scene.gemma)
    }

    @Test func anythingElseIsAMessageOrACommand() {
        var scene = PlainScene()
        _ = scene.enter("/preset")
        _ = scene.enter("Hello?")
        #expect(scene.sent == ["Hello?"])
        _ = scene.stream("Hi.") + scene.finish()
        _ = scene.enter("/preset")
        #expect(scene.enter("/regen now").hasPrefix("Warning: "))
        #expect(scene.prompt == "You: ")
    }

    @Test func anEmptyLineSkips() {
        var scene = PlainScene()
        _ = scene.enter("/preset")
        #expect(scene.enter("") == "")
        #expect(scene.prompt == "You: ")
    }

    @Test func aSettingIsChosenAndGivenAValue() {
        var scene = PlainScene()
        let list = scene.enter("/set")
        #expect(list.contains("1. temperature: 0.8, "))
        #expect(
            list.contains("seed: random, ") && list.contains("stop: none, ") && list.contains("dry_multiplier: off, "))
        #expect(list.contains("dry_penalty_last_n: whole context (needs dry_multiplier), "))
        // Nobody looks at the next token here.
        #expect(scene.effects == [.remember("/set")])
        #expect(scene.enter("1") == "temperature must be a number from 0 to 5. Current value: 0.8.\n")
        #expect(scene.prompt == "New value for temperature: ")
        #expect(scene.enter("0.3").contains("temperature is now 0.3"))
        #expect(scene.state.session.record.settings.sampling.temperature == 0.3)
        #expect(scene.prompt == "You: ")
        #expect(scene.enter("/set temperature 9").hasPrefix("Warning: temperature "))
    }

    @Test func aCommandIsNoValue() {
        var scene = PlainScene()
        _ = scene.enter("/set") + scene.enter("1")
        _ = scene.enter("/quit")
        #expect(scene.effects.contains(.quit))
    }

    /// Two numbers branch from a token.
    @Test func aBranchBeginsAtATokenThatIsChosenByNumber() throws {
        var scene = PlainScene()
        _ = scene.enter("Where?")
        _ = scene.reply(.started(seed: 1, fingerprint: nil))
        for index in 0..<3 {
            let token = Scene.token(index)
            _ = scene.reply(.token(token, text: String(decoding: token.chosen.bytes, as: UTF8.self)))
        }
        _ = scene.finish()
        #expect(scene.enter("/tokens").contains("2. \" early\" 62 %; or"))
        let others = scene.enter("2")
        #expect(others.contains("Branch from this token") && others.contains("1. \" late\" "))
        let beginning = scene.enter("1")
        #expect(beginning.contains("SmolLM2-135M-Instruct: Start late\n"))
        let branch = try #require(scene.state.session.record.conversation.path.last)
        #expect(branch.content == "Start late" && scene.state.session.reply != nil)
    }

    @Test func tokensOfARunningReplyArePrintedOnce() {
        var scene = PlainScene()
        _ = scene.enter("Where?")
        _ = scene.reply(.started(seed: 1, fingerprint: nil))
        _ = scene.reply(.token(Scene.token(0), text: ""))
        _ = scene.stream("Start ")
        #expect(scene.enter("/tokens").contains("1. "))
        _ = scene.reply(.token(Scene.token(1), text: ""))
        #expect(scene.stream("early ") == "early ")
    }

    @Test func twoAlternativesArePrintedOneAfterTheOther() {
        var scene = PlainScene()
        _ = scene.talk("Where to?", "To the harbour.")
        #expect(scene.enter("/compare").hasPrefix("Warning: "))
        _ = scene.enter("/regen")
        _ = scene.stream("To the lighthouse.") + scene.finish()
        #expect(
            scene.enter("/compare") == """
                Alternative 2 of 2:
                SmolLM2-135M-Instruct: To the lighthouse.
                Alternative 1 of 2:
                SmolLM2-135M-Instruct: To the harbour.
                /branch lists all branches and switches to one.

                """)
        #expect(scene.enter("/compare 1").contains("no alternative"))
        #expect(scene.enter("/compare 9").hasPrefix("Warning: "))
    }

    @Test func anEmptyListSaysSo() {
        var scene = PlainScene()
        #expect(scene.enter("/branch") == "No messages yet.\n")
        #expect(scene.prompt == "You: ")
    }

    @Test func matchesArePrintedWithTheirMessages() {
        var scene = PlainScene()
        _ = scene.talk("Where is Kyoto?", "Kyoto is in Japan.\nOsaka is near.")
        #expect(
            scene.enter("/find kyoto") == """
                2 matches for "kyoto"
                Message 1, You: Where is Kyoto?
                Message 2, SmolLM2-135M-Instruct: Kyoto is in Japan.

                """)
        #expect(scene.enter("/find") == "Usage: /find TEXT\n")
    }

    @Test func helpHasEveryCommand() {
        var scene = PlainScene()
        let help = scene.enter("/help")
        for command in CommandTable.rows { #expect(help.contains("/\(command.name)")) }
        #expect(help.unicodeScalars.allSatisfy { $0.value < 0x2500 || $0.value > 0x257F })
    }

    /// Every command, with and without arguments, prints something or asks for something, leaves no invisible panel
    /// open, and lets the user go on.
    @Test(arguments: CommandTable.rows.map(\.name), ["", "1", "nothing-of-that-name", "save x", "on"])
    func everyCommandWorks(_ name: String, _ argument: String) {
        var scene = PlainScene()
        _ = scene.talk("First.", "Yes, `this`.\n\n```swift\nlet a = 1\n```")
        _ = scene.send(.themesLoaded([.minimal]))
        _ = scene.send(.sessionsListed([]))
        scene.effects = []
        var output = scene.enter("/\(name) \(argument)")
        let hasAsked = !scene.effects.isEmpty
        for effect in scene.effects {
            switch effect {
            case .listModels: output += scene.send(.modelsLoaded(Scene.models))
            case .listSessions, .deleteSession: output += scene.send(.sessionsListed([]))
            case .session(.listTrash): output += scene.send(.trashListed([]))
            case .session(.duplicate), .session(.importFile), .session(.restore):
                var record = scene.state.session.record
                record.id = "new"
                output += scene.send(.sessionsListed([])) + scene.send(.sessionLoaded(record))
            case .readFile(let request): output += scene.send(.fileRead(request, .refused("There is no such file")))
            case .loadThemes: output += scene.send(.themesLoaded([.minimal]))
            case .session(.search(let query)): output += scene.send(.sessionsFound(query: query, []))
            case .session, .exportPreset, .importPreset, .loadModel, .unloadModel, .chooseTemplate:
                output += scene.send(.notice(Notice(.info, "Done")))
            case .copy(let text, let name):
                let report = CopyReport(name: name, characters: text.count, targets: [.program("xclip")])
                output += scene.send(.copied(report))
            case .describe: output += scene.send(.document(title: "Template", text: "{{ x }}"))
            case .newSession(var session):
                session.id = "new"
                output += scene.send(.sessionLoaded(session))
            case .startPull(let address): output += scene.send(.pull(address, .stopped))
            case .planPull(let address): output += scene.send(.pull(address, .failed("There is nothing at \(address)")))
            case .inspect(let start): output += scene.send(.inspectionFailed(start.id, "The file is gone"))
            case .editDraft: output += scene.enter(PlainChat.line(of: "Second.\n\"\"\""))
            default: break
            }
        }
        if scene.state.session.reply != nil { output += scene.stream("No.") + scene.finish() }
        #expect(!output.isEmpty || hasAsked)
        #expect(scene.state.screen.panels.isEmpty)
        #expect(!scene.state.isBusy || scene.state.isWorking)
        #expect(output.unicodeScalars.allSatisfy { $0.value < 0x2500 || $0.value > 0x257F })
        guard name != "quit" || !argument.isEmpty else { return }
        _ = scene.enter("")
        _ = scene.enter("And now?")
        #expect(scene.sent.last == "And now?")
    }
}
