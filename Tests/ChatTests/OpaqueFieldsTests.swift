import Chat
import Testing

private struct Text: OpaqueFields.Content { var text: String }
private struct Number: OpaqueFields.Content { var number: Int }

@Suite struct OpaqueFieldsTests {
    @Test func onlyTheTypeOfTheContentGivesAccess() {
        let fields = OpaqueFields(Text(text: "a"))
        #expect(fields.content(as: Text.self)?.text == "a")
        #expect(fields.content(as: Number.self) == nil)
    }

    @Test func equalityIsThatOfTheContent() {
        #expect(OpaqueFields(Text(text: "a")) == OpaqueFields(Text(text: "a")))
        #expect(OpaqueFields(Text(text: "a")) != OpaqueFields(Text(text: "b")))
        #expect(OpaqueFields(Text(text: "1")) != OpaqueFields(Number(number: 1)))
    }
}
