import Chat
import Foundation
import Replies
import Testing

@testable import ChatApp

/// The chat without a screen: the lines that are typed, and the text that is appended.
@Suite struct PlainChatTests {
    // MARK: Input

    @Test(arguments: [
        (["one \\", "two"], "one \ntwo"), (["\"\"\"", "a", "", "b", "\"\"\""], "a\n\nb"),
        (["\"\"\"a", "b\"\"\""], "a\nb"), (["\"\"\"just one\"\"\""], "just one"),
        (["//etc is a folder"], "/etc is a folder"),
    ])
    func linesArePutTogether(_ lines: [String], _ message: String) {
        var scene = PlainScene()
        for line in lines { _ = scene.enter(line) }
        #expect(scene.sent == [message])
    }

    @Test func theEndOfTheInputSendsAnUnfinishedMessageThenQuits() {
        var scene = PlainScene()
        _ = scene.enter("one \\")
        #expect(scene.prompt == "... ")
        _ = scene.endInput()
        #expect(scene.sent == ["one "])
        _ = scene.stream("Yes.") + scene.finish()
        _ = scene.endInput()
        #expect(scene.effects.contains(.quit))
    }

    @Test func aMessageIsWrittenInAnEditor() {
        var scene = PlainScene()
        _ = scene.enter("/editor")
        #expect(scene.effects.contains(.editDraft("")))
        _ = scene.enter(PlainChat.line(of: "One \\\n\"\"\"two\"\"\"\n"))
        #expect(scene.sent == ["One \\\n\"\"\"two\"\"\"\n"])
        _ = scene.stream("Yes.") + scene.finish()
        // An earlier message can be edited there as well.
        _ = scene.enter("/edit")
        scene.effects = []
        _ = scene.enter("/editor")
        #expect(scene.effects.contains(.editDraft("One \\\n\"\"\"two\"\"\"\n")))
        _ = scene.enter(PlainChat.line(of: "Three."))
        #expect(scene.sent == ["Three."])
    }

    @Test func anEarlierMessageIsEditedIntoABranch() {
        var scene = PlainScene()
        _ = scene.talk("First.", "Yes.")
        #expect(scene.enter("/edit").contains("Current text:\nFirst.\nType the new text, or press Enter to keep it."))
        #expect(scene.prompt == "New text: ")
        _ = scene.enter("Second.")
        #expect((scene.stream("No.") + scene.finish()).contains("188 tokens"))
        #expect(scene.sent == ["Second."])
        let tree = scene.enter("/branch")
        #expect(tree.contains("You: First., alternative 1 of 2"))
        #expect(tree.contains("You: Second., alternative 2 of 2 (shown)"))
        #expect(scene.enter("1").contains("You: First."))
        #expect(scene.sent == ["First."])
    }

    @Test func anEmptyLineKeepsTheEditedMessage() {
        var scene = PlainScene()
        _ = scene.talk("First.", "Yes.")
        _ = scene.enter("/edit")
        #expect(scene.enter("") == "Note: The message is unchanged\n")
        #expect(scene.prompt == "You: " && scene.sent == ["First."])
    }

    /// Commands stay commands while a message is edited, and two slashes begin a text.
    @Test func commandsRunWhileAMessageIsEdited() {
        var scene = PlainScene()
        _ = scene.talk("First", "one")
        _ = scene.enter("/edit")
        #expect(scene.enter("/set temperature 0.2").contains("temperature is now 0.2"))
        #expect(scene.prompt == "New text: ")
        _ = scene.enter("//etc")
        #expect(scene.sent == ["/etc"])
    }

    @Test func aDraftFromLastTimeIsPrintedAndNotSentByEnter() {
        var scene = PlainScene()
        let draft = Draft(page: Draft.Page(text: "half a thought", line: 0, column: 0, attachments: []))
        #expect(scene.send(.draftLoaded("s1", draft)) == "Unsent draft, which /editor opens:\nhalf a thought\n")
        _ = scene.enter("")
        #expect(scene.sent.isEmpty)
        _ = scene.enter("/editor")
        #expect(scene.effects.contains(.editDraft("half a thought")))
    }

    /// A message that mentions a missing file is held back once.
    @Test func enterSendsAMessageThatWasHeldBack() {
        var scene = PlainScene()
        func answer(_ scene: inout PlainScene) -> String {
            let requests = scene.effects.compactMap { if case .readFile(let request) = $0 { request } else { nil } }
            scene.effects = []
            return requests.reduce(into: "") { $0 += scene.send(.fileRead($1, .noFile("There is no notes.md"))) }
        }
        _ = scene.enter("Read @notes.md")
        #expect(answer(&scene).contains("Warning: There is no notes.md"))
        #expect(scene.sent.isEmpty)
        _ = scene.enter("")
        _ = answer(&scene)
        #expect(scene.sent == ["Read @notes.md"])
    }

    @Test func controlCStopsThenQuits() {
        var scene = PlainScene()
        _ = scene.enter("Hello?")
        _ = scene.interrupt()
        #expect(scene.effects.contains { if case .stopReply = $0 { true } else { false } })
        _ = scene.finish(.cancelled)
        #expect(scene.interrupt().contains("Ctrl-C"))
        #expect(!scene.effects.contains(.quit))
        _ = scene.interrupt()
        #expect(scene.effects.contains(.quit))
    }

    @Test func controlCCancelsAQuestionAndAnUnfinishedMessage() {
        var scene = PlainScene()
        _ = scene.enter("/set")
        #expect(scene.prompt == "Number: ")
        #expect(scene.interrupt() == "")
        #expect(scene.prompt == "You: ")
        _ = scene.enter("one \\")
        #expect(scene.interrupt() == "")
        #expect(scene.prompt == "You: ")
        #expect(scene.interrupt().contains("Ctrl-C"))
    }

    // MARK: Replies

    @Test func aReplyIsAppendedByWordsUnderItsName() {
        var scene = PlainScene()
        #expect(scene.enter("Hello?") == "")
        #expect(scene.stream("Good", " mor", "ning,\nit ", "is") == "SmolLM2-135M-Instruct: Good morning,\nit ")
        #expect(scene.finish() == "is\n[188 tokens, 214 tokens/s, first token after 0.09 s]\n")
        #expect(scene.sent == ["Hello?"])
        #expect(scene.prompt == "You: ")
    }

    @Test func aContinuedReplyIsAppendedAfterWhatItHad() {
        var scene = PlainScene()
        _ = scene.talk("Count", "one two")
        _ = scene.enter("/continue")
        #expect(scene.stream(" three", " four") == "SmolLM2-135M-Instruct continues:  three ")
        #expect(scene.finish().hasPrefix("four\n["))
    }

    @Test func statisticsAreNotRepeatedIfNothingWasAdded() {
        var scene = PlainScene()
        #expect(scene.talk("Count", "one").contains("tokens"))
        _ = scene.enter("/continue")
        let end = scene.finish()
        #expect(end.contains("nothing to add") && !end.contains("["), "\(end)")
    }

    @Test func aReplyThatWasStoppedBeforeItsFirstWordLeavesALine() {
        var scene = PlainScene()
        _ = scene.enter("Hello?")
        _ = scene.enter("/stop")
        #expect(scene.finish(.cancelled) == "No reply was generated.\n")
    }

    @Test func reasoningIsReportedInOneLine() {
        var scene = PlainScene()
        _ = scene.enter("Why?")
        #expect(scene.reply(.reasoning("Hmm,")) + scene.reply(.reasoning(" well")) == "Thinking …\n")
        scene.wait(3)
        #expect(scene.stream("So.") == "Thought for 3 s, 2 tokens.\n")
        #expect(scene.finish().hasPrefix("SmolLM2-135M-Instruct: So.\n[188 tokens"))
        _ = scene.enter("/think show")
        _ = scene.enter("And?")
        #expect(scene.reply(.reasoning("Let me see now")) == "Reasoning:\nLet me see ")
        #expect(scene.stream("Well. ").contains("now\nThought for"))
    }

    @Test func reasoningIsPrintedWhenItIsOpened() {
        var scene = PlainScene()
        #expect(scene.enter("/think").hasPrefix("Note: "))
        _ = scene.enter("Why?")
        _ = scene.reply(.reasoning("because\nit is"))
        _ = scene.stream("So.")
        _ = scene.finish()
        #expect(scene.enter("/think").contains("Reasoning: because\nit is"))
        #expect(scene.enter("/think") == "The reasoning is folded.\n")
    }

    @Test func progressIsReportedNowAndThen() {
        var scene = PlainScene()
        _ = scene.enter("Long prompt")
        func read(_ tokens: Int) -> ReplyEvent { .prefill(done: tokens, total: 4000, cached: 0) }
        #expect(scene.reply(read(0)) == "")
        scene.wait(2.5)
        #expect(scene.reply(read(500)).hasPrefix("Reading the prompt, 500 of 4,000 tokens"))
        scene.wait(1)
        #expect(scene.reply(read(700)) == "")
        scene.wait(5)
        #expect(scene.reply(read(1700)).contains("1,700 of 4,000 tokens, 200 tokens/s"))
    }

    @Test func onlyTextReachesTheTerminal() {
        var scene = PlainScene()
        _ = scene.enter("\u{1B}]0;owned\u{7}")
        let text = scene.stream("a\u{1B}[2Jb\u{202E}c\r\n\u{9B}31m ") + scene.finish()
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) })
        #expect(!text.unicodeScalars.contains("\u{202E}"))
    }

    // MARK: Waiting

    @Test func messagesWaitForTheReplyButCommandsDoNot() {
        var scene = PlainScene()
        _ = scene.enter("Hello?")
        #expect(scene.chat.hasToWait("and another", in: scene.state))
        #expect(!scene.chat.hasToWait("/stop", in: scene.state))
        _ = scene.enter("/stop")
        #expect(scene.effects.contains { if case .stopReply = $0 { true } else { false } })
        _ = scene.finish(.cancelled)
        #expect(!scene.chat.hasToWait("and another", in: scene.state))
    }

    /// "/duplicate" and then "/delete" deletes the copy.
    @Test(arguments: ["/duplicate", "/import a.json"])
    func commandsWaitForTheSessionThatIsBeingOpened(line: String) {
        var scene = PlainScene()
        _ = scene.talk("Hello?", "Hi.")
        _ = scene.enter(line)
        #expect(scene.chat.hasToWait("/delete", in: scene.state))
        _ = scene.send(.notice(Notice(.info, "Duplicated; you are now in the copy")))
        _ = scene.send(.sessionsListed([]))
        #expect(scene.chat.hasToWait("/delete", in: scene.state) && scene.state.isBusy)
        var copy = scene.state.session.record
        copy.id = "s2"
        _ = scene.send(.sessionLoaded(copy))
        #expect(!scene.chat.hasToWait("/delete", in: scene.state) && !scene.state.isBusy)
        scene.effects = []
        _ = scene.enter("/delete")
        #expect(scene.effects.contains(.deleteSession("s2")))
    }

    @Test func aFileIsAttachedBeforeTheNextLine() {
        var scene = PlainScene()
        _ = scene.enter("/file nowhere.txt")
        #expect(scene.state.isBusy)
        for case .readFile(let request) in scene.effects {
            _ = scene.send(.fileRead(request, .refused("There is no nowhere.txt")))
        }
        #expect(!scene.state.isBusy)
    }

    @Test func aSessionThatCannotBeOpenedIsNotAwaited() {
        var scene = PlainScene()
        _ = scene.enter("/import nowhere.json")
        #expect(scene.state.isBusy)
        _ = scene.send(.notice(Notice(.error, "Cannot read nowhere.json")))
        #expect(!scene.state.isBusy)
    }

    @Test func withoutAModelItSaysHowToGetOne() {
        var scene = PlainScene(withModel: false)
        #expect(scene.send(.modelsLoaded([])).contains("/download downloads SmolLM2"))
        _ = scene.enter("/download")
        #expect(scene.effects.contains(.startPull("default")))
        #expect(scene.state.isBusy)
        scene.wait(6)
        let progress = scene.send(.pull("default", .progress(bytes: 30_000_000, of: 92_871_040)))
        #expect(progress.hasPrefix("Downloading 30 MB of 93 MB"))
        scene.effects = []
        #expect(scene.send(.pull("default", .finished(model: Scene.defaultDownload.title))) == "The model is ready.\n")
        #expect(scene.effects == [.listModels])
    }

    /// The same steps as on the screen, by numbers.
    @Test func aModelIsFetchedByItsNumber() {
        var scene = PlainScene()
        let list = scene.enter("/pull")
        #expect(list.contains("1. Qwen3 14B, 14.8 B, 9.0 GB download, 10 GB memory, Apache-2.0, reasoning"), "\(list)")
        #expect(!list.contains("Qwen3 32B"))
        scene.effects = []
        _ = scene.enter("2")
        let address = "hf.co/Qwen/Qwen3-8B-GGUF:Q4_K_M"
        #expect(scene.effects == [.planPull(address)])
        #expect(scene.state.isBusy)
        let plan = PullPlan(
            address: address, format: "Q4_K_M", bytes: 5_027_783_488, memoryBytes: 6_100_000_000, license: "apache-2.0")
        let page = scene.send(.pull(address, .planned(plan)))
        #expect(
            page.hasPrefix("\(address), format Q4_K_M, size 5.0 GB, memory 6.1 GB of 16 GB, license apache-2.0:\n1. "),
            "\(page)")
        scene.effects = []
        _ = scene.enter("1")
        #expect(scene.effects == [.startPull(address)])
        scene.wait(6)
        #expect(scene.send(.pull(address, .progress(bytes: 1_000_000_000, of: 5_027_783_488))).hasPrefix("Downloading"))
        #expect(scene.enter("/pull").hasPrefix("Downloading 1.0 GB of 5.0 GB"))
        #expect(scene.enter("/pull stop").isEmpty && scene.effects.contains(.stopPull))
        #expect(scene.send(.pull(address, .stopped)).contains("What has arrived is kept"))
        #expect(!scene.state.isBusy)
    }

    @Test func anAddressThatIsWrongSaysWhy() {
        var scene = PlainScene()
        _ = scene.enter("/pull hf.co/nobody/nothing")
        let text = scene.send(.pull("hf.co/nobody/nothing", .failed("hf.co has no repository nobody/nothing")))
        #expect(text == "Warning: hf.co has no repository nobody/nothing\n")
        #expect(!scene.state.isBusy)
    }
}
