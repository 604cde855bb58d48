import Foundation
import Sessions
import Testing

@Suite struct SottoHomeTests {
    private func home(
        _ environment: [String: String], executable: String = "/usr/bin/sotto", in folder: String = "/"
    ) -> SottoHome {
        SottoHome(environment: environment, executable: executable, workingFolder: folder)
    }

    @Test func usesEnvironmentFirst() {
        let found = home(["SOTTO_HOME": "/data/s", "HOME": "/home/me"], executable: "\(checkout)/.build/release/sotto")
        #expect(found.folder == "/data/s" && found.sessions == "/data/s/sessions")
        #expect(found.shippedPresets == "\(checkout)/sessions" && found.shippedThemes == "\(checkout)/themes")
        #expect(home(["SOTTO_HOME": "here"], in: "/tmp").folder == "/tmp/here")
    }

    @Test func usesCheckoutSecond() {
        #expect(home([:], executable: "\(checkout)/.build/x/release/sotto").folder == checkout)
        #expect(home([:], in: "\(checkout)/Sources/Chat").folder == checkout)
        #expect(home(["SOTTO_HOME": ""], in: checkout).presets == "\(checkout)/sessions/presets")
    }

    @Test func usesDataFolderLast() {
        #expect(home(["HOME": "/home/me"]).folder == "/home/me/.local/share/sotto")
        #expect(home(["HOME": "/home/me", "XDG_DATA_HOME": "/data"]).folder == "/data/sotto")
        #expect(home(["HOME": "/home/me", "XDG_DATA_HOME": "relative"]).folder == "/home/me/.local/share/sotto")
        #expect(home(["HOME": "/home/me"]).shipped == nil)
    }

    @Test func installedProgramFindsBuiltInFiles() throws {
        let prefix = try TemporaryFolder()
        let share = "\(prefix.path)/share/sotto"
        try FileManager.default.createDirectory(atPath: "\(share)/presets", withIntermediateDirectories: true)
        let found = home(["HOME": "/home/me"], executable: "\(prefix.path)/bin/sotto")
        #expect(found.shipped == share && found.shippedThemes == "\(share)/themes")
        #expect(found.shippedPresets == "\(share)/presets" && found.shippedSessions == "\(share)/sessions")
        #expect(found.folder == "/home/me/.local/share/sotto")
    }

    /// In a checkout the welcome session already is in the user's folder.
    @Test func checkoutHasNoOtherSessions() {
        #expect(home([:], in: checkout).shippedSessions == nil)
    }
}
