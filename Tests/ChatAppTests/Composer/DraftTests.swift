import Chat
import Foundation
import TUI
import Testing

@testable import ChatApp

/// Nothing typed is lost.
@Suite struct DraftTests {
    private func saved(_ scene: Scene) -> [Draft?] {
        scene.keeping.compactMap { if case .saveDraft(_, let draft) = $0 { draft.map(\.draft) } else { nil } }
    }

    private func forgets(_ scene: Scene) -> Int {
        scene.keeping.count { if case .saveDraft(_, nil) = $0 { true } else { false } }
    }

    @Test func theDraftIsSavedASecondAfterAChange() {
        var scene = Scene()
        scene.type("half a thought")
        scene.press(.left)
        #expect(saved(scene).isEmpty)
        #expect(scene.state.nextTick.map { scene.instant.duration(to: $0) <= .seconds(1) } == true)
        scene.wait(1)
        scene.send(.tick)
        #expect(saved(scene) == [Draft(page: Draft.Page(text: "half a thought", line: 0, column: 13))])
        // Nothing has changed: nothing is written, and nothing wakes the program.
        scene.send(.draftCounted(number: 1, nil))
        scene.wait(10)
        scene.send(.tick)
        #expect(saved(scene).count == 1)
        #expect(scene.state.nextTick == nil)
        scene.press(.enter)
        #expect(forgets(scene) == 1)
    }

    @Test func quittingSavesTheDraftAtOnce() {
        var scene = Scene()
        scene.type("unfinished")
        scene.send(.ending)
        #expect(saved(scene).map { $0?.page.text } == ["unfinished"])
    }

    @Test func aDraftIsRestoredWithItsCursorAndFiles() {
        var scene = Scene()
        let file = Attachment(name: "a.txt", content: "x", tokens: 1)
        let draft = Draft(page: Draft.Page(text: "one\ntwo", line: 0, column: 2, attachments: [file]))
        scene.send(.draftLoaded("another", draft))
        #expect(scene.state.composer.input.isEmpty)
        scene.send(.draftLoaded("s1", draft))
        scene.type("|")
        #expect(scene.state.composer.input.text == "on|e\ntwo")
        #expect(scene.state.composer.attachments == [file])
    }

    @Test func anEditAndTheDraftBehindItAreRestored() {
        var scene = Scene()
        scene.talk("First", "Answer")
        scene.type("later")
        scene.press(.alt(.up), .alt(.up), "e")
        scene.type("!")
        scene.send(.ending)
        guard let draft = saved(scene).last ?? nil else {
            Issue.record("no draft")
            return
        }
        var next = Scene()
        next.state.session = scene.state.session
        next.send(.sessionLoaded(scene.state.session.record))
        next.send(.draftLoaded("s1", draft))
        #expect(next.state.composer.input.text == "First!")
        next.press(.escape)
        #expect(next.state.composer.input.text == "later")
    }

    @Test func theDraftStaysWithItsSessionButMovesToANewOne() {
        var scene = Scene()
        scene.talk("Hello", "Hi")
        scene.type("for this one")
        var other = Scene()
        other.talk("Other", "Talk")
        var session = other.state.session.record
        session.id = "s2"
        scene.send(.sessionLoaded(session))
        #expect(scene.state.composer.input.isEmpty)
        #expect(saved(scene).last??.page.text == "for this one")
        scene.type("for a new one")
        scene.send(.sessionLoaded(SessionRecord(id: "s3", created: scene.now)))
        #expect(scene.state.composer.input.text == "for a new one")
    }

    /// Long sessions take a while to open.
    @Test func textTypedWhileAnotherSessionOpensBelongsToIt() {
        var scene = Scene()
        scene.talk("Hello", "Hi")
        var other = Scene()
        other.talk("Other", "Talk")
        var session = other.state.session.record
        session.id = "s2"
        let summary = SessionSummary(id: "s2", title: "Other", updated: scene.now, model: nil, messageCount: 2)
        scene.send(.sessionsListed([summary]))
        #expect(scene.enter("/resume other") == [.loadSession("s2")])
        scene.type("and then")
        scene.send(.sessionLoaded(session))
        #expect(scene.state.session.record.id == "s2" && scene.state.composer.input.text == "and then")
        // Not once it is open.
        session.id = "s3"
        scene.send(.sessionLoaded(session))
        #expect(scene.state.composer.input.isEmpty)
    }
}

/// How many tokens of the context the draft takes.
@Suite struct DraftCountTests {
    private func questions(_ scene: Scene) -> [DraftQuestion] {
        scene.keeping.compactMap { if case .countDraft(let question) = $0 { question } else { nil } }
    }

    @Test func countsChangedTextOneQuestionAtATime() {
        var scene = Scene()
        scene.type("Hello")
        scene.wait(0.3)
        scene.send(.tick)
        #expect(questions(scene).map { $0.text.text } == ["Hello"])
        #expect(questions(scene).first?.conversation != nil)
        scene.type(" you")
        scene.wait(1)
        scene.send(.tick)
        #expect(questions(scene).count == 1)
        scene.send(.draftCounted(number: 1, DraftCount(text: 2, conversation: 30, limit: 100)))
        #expect(questions(scene).map { $0.text.text } == ["Hello", "Hello you"])
        // The conversation has been counted.
        #expect(questions(scene).last?.conversation == nil)
        #expect(scene.shows("draft 2 tokens, 68 left"))
        scene.send(.draftCounted(number: 2, DraftCount(text: 80, conversation: nil, limit: 100)))
        #expect(scene.shows("draft 80 tokens, 10 too many"))
        // Moving the cursor changes no text.
        scene.press(.left)
        scene.wait(1)
        scene.send(.tick)
        #expect(questions(scene).count == 2)
        // A draft longer than the context stays in the input.
        scene.type("!")
        scene.wait(1)
        scene.send(.tick)
        scene.send(.draftCounted(number: 3, DraftCount(text: 101, conversation: nil, limit: 100)))
        #expect(scene.press(.enter).isEmpty)
        #expect(scene.notice.contains("101 tokens, the context holds 100"))
        #expect(scene.state.composer.input.text == "Hello yo!u")
    }

    @Test func commandsAreNotCounted() {
        var scene = Scene()
        scene.type("/set temperature 1")
        scene.wait(1)
        scene.send(.tick)
        #expect(questions(scene).isEmpty)
    }

    @Test func theCountDisappearsWithTheDraft() {
        var scene = Scene()
        scene.type("Hello")
        scene.wait(0.3)
        scene.send(.tick)
        scene.press(.enter)
        scene.send(.draftCounted(number: 1, DraftCount(text: 2, conversation: 30, limit: 100)))
        #expect(!scene.shows("draft"))
    }
}
