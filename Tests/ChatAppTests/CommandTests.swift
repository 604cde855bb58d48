import Chat
import TUI
import Testing

@testable import ChatApp

@Suite struct CommandTests {
    @Test func presetsAreExportedAndImported() {
        var scene = Scene()
        #expect(scene.enter("/preset export creative") == [.exportPreset("creative", file: "creative.preset.json")])
        #expect(
            scene.enter("/preset export CREATIVE ~/my file.json") == [.exportPreset("creative", file: "~/my file.json")]
        )
        #expect(scene.enter("/preset import ~/my file.json") == [.importPreset("~/my file.json")])
        #expect(scene.enter("/preset export").isEmpty && scene.notice.contains("/preset export NAME [FILE]"))
        scene.press(.escape)
        #expect(scene.enter("/preset import").isEmpty && scene.notice.contains("/preset import FILE"))
        scene.press(.escape)
        #expect(scene.enter("/preset export crative").isEmpty && scene.notice.contains("Did you mean \"creative\"?"))
    }

    @Test(
        arguments: [
            ("export", "", 0), ("export", "a/b", 0), ("import", "a b", 0), ("file", "x", 0),
            ("preset", "import a/b c", 7),
            ("preset", "export mine  x", 13), ("preset", "export mi", nil), ("preset", "bal", nil), ("model", "x", nil),
        ] as [(String, String, Int?)])
    func pathsAreCompletedWhereAFileIsExpected(_ name: String, _ typed: String, _ start: Int?) throws {
        #expect(try #require(CommandTable.command(named: name)).fileStart(in: typed) == start)
    }

    /// Each mistake is reported in one line that says what to do, and Up brings the line back to be corrected.
    @Test(arguments: [
        ("/quiz", "Unknown command /quiz. Did you mean /quit?"),
        ("/modle", "Unknown command /modle. Did you mean /model?"),
        ("/show setings", "/show can show info, settings, system, template, prompt, license, notices. Did you mean"),
        ("/set num_ctx 100000", "SmolLM2-135M-Instruct reads at most 8,192 tokens. Use /set num_ctx 8192"),
        ("/set num_ctx 16k", "SmolLM2-135M-Instruct reads at most 8,192 tokens"),
        ("/set num_ctx 4q", "num_ctx must be a whole number from 0 to 8192 (0 is automatic), not \"4q\""),
        ("/xyzzyplugh", "Unknown command /xyzzyplugh. /help lists all commands"),
        ("/etc/hosts", "Unknown command /etc/hosts. To send text starting with a slash, type //"),
        ("/rename", "Usage: /rename TITLE"),
        ("/set temprature 1", "Unknown setting \"temprature\". Did you mean temperature?"),
        ("/set temperature 9", "temperature must be a number from 0 to 5, not \"9\""),
        ("/set parameter top_k many", "top_k must be a whole number from 0 to 1000000 (0 is off), not \"many\""),
        ("/preset balancd", "No preset called \"balancd\". Did you mean \"balanced\"?"),
        ("/preset save a/b", "Preset names may use letters, digits, spaces, -, _ and ."),
        ("/theme drak", "No theme called \"drak\". Themes: \"minimal\""),
        ("/show everything", "/show can show info, settings, system, template, prompt, license, notices"),
        ("/regen now", "/regen takes no arguments"),
        ("/resume nothing", "There are no sessions yet"),
        ("/copy", "There is no reply to copy yet"),
        ("/continue", "No reply to continue; /regen creates one"),
        ("/edit", "There is no message to edit yet"),
        ("/edit 3", "There are no messages yet"),
        ("/undo", "Nothing to undo"),
    ])
    func mistakesAreExplained(line: String, notice: String) {
        var scene = Scene()
        #expect(scene.enter(line).isEmpty)
        #expect(scene.notice.hasPrefix(notice), "\(scene.notice)")
        #expect(scene.state.composer.input.isEmpty)
        scene.press(.up)
        #expect(scene.state.composer.input.text == line)
    }

    /// The model may be newer than the list of models.
    @Test func modelsAreListedAgain() {
        var scene = Scene()
        #expect(scene.enter("/model qwen") == [.listModels])
        let qwen = ModelReference(provider: "local", name: "Qwen3-0.6B-Q8_0")
        let effects = scene.send(.modelsLoaded(Scene.models + [ModelInfo(reference: qwen)]))
        #expect(effects.contains(.chooseModel(qwen)))
        #expect(scene.state.session.record.model == qwen)
    }

    @Test(arguments: [
        ("smollm3", "No model called \"smollm3\""),
        ("broken", "broken.gguf: the file ends in the middle of its metadata"),
    ])
    func modelsThatCannotBeUsedSayWhy(name: String, notice: String) {
        var scene = Scene()
        scene.enter("/model \(name)")
        scene.send(.modelsLoaded(Scene.models))
        #expect(scene.notice.hasPrefix(notice), "\(scene.notice)")
        #expect(scene.state.session.record.model == Scene.smol)
    }

    @Test func aCommandLeavesTheInput() {
        var scene = Scene()
        let effects = scene.enter("/set top_p 0.5")
        #expect(effects == [.changeSettings(scene.state.session.record.settings)])
        #expect(scene.state.session.record.settings.sampling.topP == 0.5)
        #expect(scene.state.composer.input.isEmpty)
        scene.press(.up)
        #expect(scene.state.composer.input.text == "/set top_p 0.5")
    }

    @Test func aSettingsNameAloneShowsItsValue() {
        var scene = Scene()
        let before = scene.state.session.record.settings
        scene.enter("/set temperature")
        #expect(scene.notice.hasSuffix(" (allowed: a number from 0 to 5)") && scene.notice.hasPrefix("temperature is "))
        #expect(scene.state.session.record.settings == before)
        scene.enter("/set parameter")
        #expect(scene.shows("Sampling"))
    }

    @Test func settingsAreSavedWithTheSession() {
        var scene = Scene()
        scene.talk("Hi", "Hello")
        let effects = scene.enter("/set seed 7")
        #expect(
            effects == [.changeSettings(scene.state.session.record.settings), .saveSession(scene.state.session.record)])
    }

    @Test func twoSlashesSendTextThatStartsWithOne() {
        var scene = Scene()
        scene.enter("//etc is a folder")
        #expect(scene.path.first?.content == "/etc is a folder")
    }

    @Test func presetsBringTheirSystemPrompt() {
        var scene = Scene()
        scene.enter("/preset creative")
        #expect(scene.state.session.record.system == "Be vivid.")
        #expect(scene.state.session.record.settings.sampling.temperature == 1.2)
        scene.enter("/system Be brief.")
        #expect(scene.state.session.record.system == "Be brief.")
        scene.enter("/system none")
        #expect(scene.state.session.record.system == nil)
        let effects = scene.enter("/preset save mine")
        guard case .savePreset(let preset)? = effects.first else {
            Issue.record("\(effects)")
            return
        }
        #expect(preset.name == "mine")
        #expect(preset.settings.sampling.temperature == 1.2)
    }

    @Test func sessionsAreFoundByTitleOrId() {
        var scene = Scene()
        scene.send(
            .sessionsListed([
                SessionSummary(id: "01JA", title: "Kyoto", updated: scene.now, model: nil, messageCount: 2),
                SessionSummary(id: "01JB", title: "Kyushu", updated: scene.now, model: nil, messageCount: 2),
            ]))
        #expect(scene.enter("/resume kyo") == [.loadSession("01JA")])
        #expect(scene.enter("/resume 01JB") == [.loadSession("01JB")])
        #expect(scene.enter("/resume ky").isEmpty)
        #expect(scene.notice == "\"ky\" matches 2 sessions: \"Kyoto\", \"Kyushu\"")
    }

    @Test func showOpensATextOrAsksTheProvider() {
        var scene = Scene()
        scene.enter("/show settings")
        #expect(scene.shows("temperature"))
        scene.press(.escape)
        #expect(scene.enter("/show template") == [.describe(.template(Scene.smol))])
        scene.send(.document(title: "Template", text: "{% for message in messages %}"))
        #expect(scene.shows("{% for message in messages %}"))
    }

    /// "off" is the value of settings without effect, and of no others.
    @Test func settingsAreShownWithWordsForTheirValues() throws {
        var scene = Scene(130, 60)
        scene.enter("/show settings")
        for (name, value) in [
            ("seed", "random"), ("stop", "none"), ("logit_bias", "none"), ("dry_penalty_last_n", "whole context"),
            ("dry_sequence_breakers", "\"\\n\""), ("num_ctx", "automatic"), ("dry_multiplier", "off"), ("top_k", "40"),
        ] {
            let row = try #require(scene.rows.first { $0.contains(" \(name) ") })
            #expect(row.contains(" \(value) "), "\(row)")
        }
        #expect(scene.shows("(needs dry_multiplier)"))
    }

    @Test func tabCompletesCommandsAndArguments() {
        var scene = Scene()
        scene.type("/mod")
        scene.press(.tab)
        #expect(scene.state.composer.input.text == "/model ")
        scene.type("g")
        scene.press(.tab)
        #expect(scene.state.composer.input.text == "/model gemma-3-270m-Q4_K_M")
        scene.press(.control("u"))
        scene.type("/set top")
        scene.press(.tab)
        #expect(scene.state.composer.input.text == "/set top_")
        scene.press(.tab)
        #expect(scene.state.composer.input.text == "/set top_k ")
        scene.press(.tab)
        #expect(scene.state.composer.input.text == "/set top_p ")
    }

    /// What does not fit goes on below its own column.
    @Test(arguments: [(80, 38), (100, 38), (40, 2)]) func longSummariesKeepTheirColumn(width: Int, column: Int) {
        var scene = Scene(width, 40)
        scene.enter("/show settings")
        let inner = scene.rows.filter { $0.contains("│") }.map { row in
            String(row.drop { $0 != "│" }.dropFirst(2).prefix { $0 != "│" && $0 != "┃" })
        }
        let continued = inner.filter { $0.first == " " && !$0.allSatisfy(\.isWhitespace) }
        #expect(!continued.isEmpty)
        #expect(continued.allSatisfy { $0.prefix { $0 == " " }.count == column }, "\(continued)")
    }
}
