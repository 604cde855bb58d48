import Replies
import Chat
import Foundation
import TUI
import Testing

@testable import ChatApp

/// The chat without a screen: what is typed, and what is appended.
@Suite struct PlainChatTests {
    /// A plain chat with the clock in the test's hand.
    struct Scene {
        var chat: PlainChat
        var now = Date(timeIntervalSince1970: 1_795_356_120)
        var effects: [Effect] = []

        init(withModel: Bool = true) {
            let session = SessionRecord(id: "s1", created: now, model: withModel ? ChatAppTests.Scene.smol : nil)
            let offer = ModelOffer(name: "SmolLM2", bytes: 92_871_040, license: "Apache-2.0", folder: "/models")
            chat = PlainChat(
                AppState(
                    session: session, size: Size(width: 80, height: 24), preferredModel: nil, offer: offer, now: now))
            _ = send(.presetsLoaded(ChatAppTests.Scene.presets))
            if withModel { _ = send(.modelsLoaded(ChatAppTests.Scene.models)) }
        }

        mutating func send(_ event: AppEvent) -> String {
            effects += chat.receive(event, now: now)
            return chat.takeOutput()
        }

        mutating func enter(_ line: String) -> String {
            effects += chat.enter(line, now: now)
            return chat.takeOutput()
        }

        mutating func reply(_ event: ReplyEvent) -> String {
            chat.state.session.reply.map { send(.reply($0.id, event)) } ?? ""
        }

        mutating func stream(_ pieces: String...) -> String {
            pieces.reduce(into: "") { $0 += reply(.text($1)) }
        }

        mutating func finish(_ stop: StopReason = .endOfTurn) -> String {
            reply(
                .finished(
                    ReplyStats(
                        promptTokens: 31, cachedTokens: 0, generatedTokens: 188, firstTokenSeconds: 0.09,
                        tokensPerSecond: 214, stop: stop)))
        }

        var sent: [String] { chat.state.session.record.conversation.path.filter { $0.role == .user }.map(\.content) }
    }

    @Test func aReplyIsAppendedByWordsUnderItsName() {
        var scene = Scene()
        #expect(scene.enter("Hello?") == "")
        #expect(scene.stream("Good", " mor", "ning,\nit ", "is") == "SmolLM2-135M-Instruct: Good morning,\nit ")
        #expect(scene.finish() == "is\n[188 tokens, 214 tok/s, first token after 0.09 s]\n")
        #expect(scene.sent == ["Hello?"])
        #expect(scene.chat.prompt == "You: ")
    }

    @Test(arguments: [
        (["one \\", "two"], "one \ntwo"), (["\"\"\"", "a", "", "b", "\"\"\""], "a\n\nb"),
        (["\"\"\"a", "b\"\"\""], "a\nb"), (["\"\"\"just one\"\"\""], "just one"),
        (["//etc is a folder"], "/etc is a folder"),
    ])
    func linesArePutTogether(_ lines: [String], _ message: String) {
        var scene = Scene()
        for line in lines { _ = scene.enter(line) }
        #expect(scene.sent == [message])
    }

    @Test func numbersChoose() {
        var scene = Scene()
        #expect(scene.enter("/model") == "")
        let list = scene.send(.modelsLoaded(ChatAppTests.Scene.models))
        #expect(list.contains("1. SmolLM2-135M-Instruct") && list.contains("(in use)"))
        #expect(list.contains("3. broken, the file ends in the middle of its metadata"))
        #expect(scene.chat.prompt == "Number: ")
        #expect(scene.enter("9") == "There are the numbers 1 to 3.\n")
        #expect(scene.enter("3").contains("broken: the file ends"))
        _ = scene.enter("/model")
        _ = scene.send(.modelsLoaded(ChatAppTests.Scene.models))
        #expect(scene.enter("2").contains("Switched to gemma"))
        #expect(scene.chat.state.session.record.model == ChatAppTests.Scene.gemma)
        _ = scene.enter("/model")
        _ = scene.send(.modelsLoaded(ChatAppTests.Scene.models))
        _ = scene.enter("smollm2-135m-instruct")
        #expect(scene.chat.state.session.record.model == ChatAppTests.Scene.smol)
        // Anything else goes on as usual.
        _ = scene.enter("/preset")
        _ = scene.enter("Hello?")
        #expect(scene.sent == ["Hello?"])
    }

    /// Figures that were told are not told again where nothing came to them.
    @Test func aReplyToWhichNothingIsAddedIsToldOnce() {
        var scene = Scene()
        _ = scene.enter("Count")
        _ = scene.stream("one")
        #expect(scene.finish().contains("tokens"))
        _ = scene.enter("/continue")
        let end = scene.finish()
        #expect(end.contains("nothing to add") && !end.contains("["), "\(end)")
    }

    @Test func thoughtsAreToldWhereTheyAreOpened() {
        var scene = Scene()
        #expect(scene.enter("/think").contains("No reply here has reasoning"))
        _ = scene.enter("Why?")
        _ = scene.send(.reply(ReplyID(number: 1), .reasoning("because\nit is")))
        _ = scene.stream("So.")
        _ = scene.finish()
        #expect(scene.enter("/think").contains("Thoughts: because\nit is"))
        #expect(scene.enter("/think") == "Thoughts are folded.\n")
    }

    /// A command is one while a message is edited too, and two slashes begin a text.
    @Test func commandsRunWhileAMessageIsEdited() {
        var scene = Scene()
        _ = scene.enter("First")
        _ = scene.stream("one")
        _ = scene.finish()
        _ = scene.enter("/edit")
        #expect(scene.enter("/set temperature 0.2").contains("temperature is now 0.2"))
        #expect(scene.chat.prompt == "New text: ")
        _ = scene.enter("//etc")
        #expect(scene.sent == ["/etc"])
        var empty = Scene()
        #expect(empty.enter("/branch").contains("none yet"))
    }

    /// From a token one goes another way by two numbers.
    @Test func aBranchBeginsAtATokenThatIsChosenByNumber() throws {
        var scene = Scene()
        _ = scene.enter("Where?")
        _ = scene.reply(.started(seed: 1, fingerprint: nil))
        for index in 0..<3 {
            let token = ChatAppTests.Scene.token(index)
            _ = scene.reply(.token(token, text: String(decoding: token.chosen.bytes, as: UTF8.self)))
        }
        _ = scene.finish()
        let list = scene.enter("/tokens")
        #expect(list.contains("2. \" early\" 62 %; else"))
        let others = scene.enter("2")
        #expect(others.contains("Branch from this token") && others.contains("1. \" late\" "))
        _ = scene.enter("1")
        let branch = try #require(scene.chat.state.session.record.conversation.path.last)
        #expect(branch.content == "Start late" && scene.chat.state.session.reply != nil)
    }

    @Test func settingsAreListedAndAsked() {
        var scene = Scene()
        let list = scene.enter("/set")
        #expect(list.contains("1. temperature: 0.8, randomness"))
        #expect(
            list.contains("seed: random, ") && list.contains("stop: none, ") && list.contains("dry_multiplier: off, "))
        #expect(list.contains("dry_penalty_last_n: whole context (only with dry_multiplier), "))
        #expect(scene.enter("1").contains("a number from 0 to 5"))
        #expect(scene.chat.prompt == "New value for temperature: ")
        #expect(scene.enter("0.3").contains("temperature is now 0.3"))
        #expect(scene.chat.state.session.record.settings.sampling.temperature == 0.3)
        #expect(
            scene.enter("/set temperature 9").contains("Warning: temperature must be a number from 0 to 5, not \"9\""))
    }

    @Test func everyCommandIsThere() {
        var scene = Scene()
        let help = scene.enter("/help")
        for command in ["/resume", "/set", "/think", "/branch", "/download", "/quit"] {
            #expect(help.contains(command))
        }
        #expect(help.unicodeScalars.allSatisfy { $0.value < 0x2500 || $0.value > 0x257F })
    }

    /// Every command, with arguments and without, says something or asks for something, leaves no panel behind that
    /// nobody sees, and lets one go on.
    @Test(arguments: CommandTable.rows.map(\.name), ["", "1", "nothing-of-that-name", "save x", "on"])
    func everyCommandWorksHere(_ name: String, _ argument: String) {
        var scene = Scene()
        _ = scene.enter("First.")
        _ = scene.stream("Yes, `this`.\n\n```swift\nlet a = 1\n```")
        _ = scene.finish()
        _ = scene.send(.themesLoaded([.minimal]))
        _ = scene.send(.sessionsListed([]))
        scene.effects = []
        var output = scene.enter("/\(name) \(argument)")
        let hasAsked = !scene.effects.isEmpty
        for effect in scene.effects {
            switch effect {
            case .listModels: output += scene.send(.modelsLoaded(ChatAppTests.Scene.models))
            case .listSessions, .deleteSession, .session(.restore): output += scene.send(.sessionsListed([]))
            case .session(.duplicate), .session(.importFile):
                var session = scene.chat.state.session.record
                session.id = "new"
                output += scene.send(.sessionsListed([])) + scene.send(.sessionLoaded(session))
            case .readFile(let request): output += scene.send(.fileRead(request, .refused("there is no such file")))
            case .loadThemes: output += scene.send(.themesLoaded([.minimal]))
            case .session(.search(let query)): output += scene.send(.sessionsFound(query: query, []))
            case .session, .exportPreset, .importPreset: output += scene.send(.notice(Notice(.info, "done")))
            case .describe: output += scene.send(.document(title: "Template", text: "{{ x }}"))
            case .newSession(var session):
                session.id = "new"
                output += scene.send(.sessionLoaded(session))
            case .downloadModel: output += scene.send(.download(.stopped))
            case .inspect(let start): output += scene.send(.inspectionFailed(start.id, "the file is gone"))
            case .editDraft: output += scene.enter(PlainChat.line(of: "Second.\n\"\"\""))
            default: break
            }
        }
        if scene.chat.state.session.reply != nil { output += scene.stream("No.") + scene.finish() }
        #expect(!output.isEmpty || hasAsked)
        #expect(scene.chat.state.screen.panels.isEmpty && scene.chat.state.reading.search == nil)
        #expect(!scene.chat.isBusy || scene.chat.state.isWorking)
        #expect(output.unicodeScalars.allSatisfy { $0.value < 0x2500 || $0.value > 0x257F })
        guard name != "quit" || !argument.isEmpty else { return }
        _ = scene.enter("")
        _ = scene.enter("And now?")
        #expect(scene.sent.last == "And now?")
    }

    @Test func twoAlternativesComeOneAfterTheOther() {
        var scene = Scene()
        _ = scene.enter("Where to?")
        _ = scene.stream("To the harbour.")
        _ = scene.finish()
        #expect(scene.enter("/compare").contains("No message here has an alternative"))
        _ = scene.enter("/regen")
        _ = scene.stream("To the lighthouse.")
        _ = scene.finish()
        #expect(
            scene.enter("/compare") == """
                Alternative 2 of 2:
                SmolLM2-135M-Instruct: To the lighthouse.
                Alternative 1 of 2:
                SmolLM2-135M-Instruct: To the harbour.
                /branch lists all branches and switches to one.

                """)
        #expect(scene.enter("/compare 1").contains("no alternative"))
        #expect(scene.enter("/compare 9").contains("number from 1 to 2"))
    }

    @Test func aMessageIsWrittenInAnEditor() {
        var scene = Scene()
        _ = scene.enter("/editor")
        #expect(scene.effects.contains(.editDraft("")))
        _ = scene.enter(PlainChat.line(of: "One \\\n\"\"\"two\"\"\"\n"))
        #expect(scene.sent == ["One \\\n\"\"\"two\"\"\"\n"])
        _ = scene.stream("Yes.")
        _ = scene.finish()
        // An earlier message goes the same way.
        _ = scene.enter("/edit")
        scene.effects = []
        _ = scene.enter("/editor")
        #expect(scene.effects.contains(.editDraft("One \\\n\"\"\"two\"\"\"\n")))
        _ = scene.enter(PlainChat.line(of: "Three."))
        #expect(scene.sent == ["Three."])
    }

    @Test func anEarlierMessageIsEditedIntoABranch() {
        var scene = Scene()
        _ = scene.enter("First.")
        _ = scene.stream("Yes.")
        _ = scene.finish()
        #expect(scene.enter("/edit").contains("This message stands here:\nFirst."))
        #expect(scene.chat.prompt == "New text: ")
        _ = scene.enter("Second.")
        _ = scene.stream("No.")
        #expect(scene.finish().contains("188 tokens"))
        #expect(scene.sent == ["Second."])
        let tree = scene.enter("/branch")
        #expect(tree.contains("You: First., alternative 1 of 2"))
        #expect(tree.contains("You: Second., alternative 2 of 2 (shown)"))
        #expect(scene.enter("1").contains("You: First."))
        #expect(scene.sent == ["First."])
    }

    @Test func thoughtsAreToldInOneLine() {
        var scene = Scene()
        _ = scene.enter("Why?")
        #expect(scene.reply(.reasoning("Hmm,")) + scene.reply(.reasoning(" well")) == "Thinking …\n")
        scene.now += 3
        let answer = scene.stream("So.")
        #expect(answer == "Thought for 3 s, 2 tokens.\n")
        #expect(scene.finish().hasPrefix("SmolLM2-135M-Instruct: So.\n[188 tokens"))
        _ = scene.enter("/think show")
        _ = scene.enter("And?")
        #expect(scene.reply(.reasoning("Let me see now")) == "Thoughts:\nLet me see ")
        #expect(scene.stream("Well. ").contains("now\nThought for"))
    }

    @Test func waitsAreToldNowAndThen() {
        var scene = Scene()
        _ = scene.enter("Long prompt")
        #expect(scene.reply(.prefill(done: 0, total: 4000, cached: 0)) == "")
        scene.now += 2.5
        #expect(
            scene.reply(.prefill(done: 500, total: 4000, cached: 0)).hasPrefix("Reading the prompt, 500 of 4000 tokens")
        )
        scene.now += 1
        #expect(scene.reply(.prefill(done: 700, total: 4000, cached: 0)) == "")
        scene.now += 5
        #expect(scene.reply(.prefill(done: 1700, total: 4000, cached: 0)).contains("1700 of 4000 tokens, 200 tok/s"))
    }

    @Test func nothingReachesTheTerminalButText() {
        var scene = Scene()
        _ = scene.enter("\u{1B}]0;owned\u{7}")
        let text = scene.stream("a\u{1B}[2Jb\u{202E}c\r\n\u{9B}31m ") + scene.finish()
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) })
        #expect(!text.unicodeScalars.contains("\u{202E}"))
    }

    @Test func linesWaitForTheReplyButCommandsDoNot() {
        var scene = Scene()
        _ = scene.enter("Hello?")
        #expect(scene.chat.hasToWait("and another"))
        #expect(!scene.chat.hasToWait("/stop"))
        scene.effects = []
        _ = scene.enter("/stop")
        #expect(scene.effects.contains { if case .stopReply = $0 { true } else { false } })
        #expect(scene.finish(.cancelled) == "No reply was written.\n")
        #expect(!scene.chat.hasToWait("and another"))
    }

    /// "/duplicate" and then "/delete" deletes the copy.
    @Test(arguments: ["/duplicate", "/import a.json"]) func commandsWaitForTheSessionThatIsBeingOpened(line: String) {
        var scene = Scene()
        _ = scene.enter("Hello?")
        _ = scene.stream("Hi.")
        _ = scene.finish()
        _ = scene.enter(line)
        #expect(scene.chat.hasToWait("/delete"))
        _ = scene.send(.notice(Notice(.info, "a copy was made, and goes on here")))
        _ = scene.send(.sessionsListed([]))
        #expect(scene.chat.hasToWait("/delete") && scene.chat.isBusy)
        var copy = scene.chat.state.session.record
        copy.id = "s2"
        _ = scene.send(.sessionLoaded(copy))
        #expect(!scene.chat.hasToWait("/delete") && !scene.chat.isBusy)
        scene.effects = []
        _ = scene.enter("/delete")
        #expect(scene.effects.contains(.deleteSession("s2")))
    }

    @Test func whatBecameOfAFileIsToldBeforeTheNextLine() {
        var scene = Scene()
        _ = scene.enter("/file nowhere.txt")
        #expect(scene.chat.isBusy)
        for case .readFile(let request) in scene.effects {
            _ = scene.send(.fileRead(request, .refused("there is no nowhere.txt")))
        }
        #expect(!scene.chat.isBusy)
    }

    @Test func aSessionThatCannotBeOpenedIsNotWaitedFor() {
        var scene = Scene()
        _ = scene.enter("/import nowhere.json")
        #expect(scene.chat.isBusy)
        _ = scene.send(.notice(Notice(.error, "cannot read nowhere.json")))
        #expect(!scene.chat.isBusy)
    }

    @Test func withoutAModelItSaysHowToGetOne() {
        var scene = Scene(withModel: false)
        #expect(scene.send(.modelsLoaded([])).contains("/download downloads SmolLM2"))
        _ = scene.enter("/download")
        #expect(scene.effects.contains(.downloadModel))
        #expect(scene.chat.isBusy)
        scene.now += 6
        #expect(
            scene.send(.download(.progress(bytes: 30_000_000, of: 92_871_040))).hasPrefix("Downloading 30 MB of 93 MB"))
        scene.effects = []
        _ = scene.send(.download(.finished))
        #expect(scene.effects == [.listModels])
    }

    @Test func controlCStopsThenLeaves() {
        var scene = Scene()
        _ = scene.enter("Hello?")
        var effects = scene.chat.interrupt(now: scene.now)
        #expect(effects.contains { if case .stopReply = $0 { true } else { false } })
        _ = scene.finish(.cancelled)
        _ = scene.chat.interrupt(now: scene.now)
        #expect(scene.chat.takeOutput().contains("Press Ctrl-C again to quit"))
        effects = scene.chat.interrupt(now: scene.now)
        #expect(effects.contains(.quit))
    }
}
