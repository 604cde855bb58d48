import BuildInfo
import Chat
import Downloads
import Foundation
import HTTP
import Inference
import Services
import Sessions

/// The servers that models are fetched from, and this computer's models folder.
struct PullSetup: Sendable {
    private let home: SottoHome
    private let settings: PullSettings
    private let client: HTTPClient

    /// Offline mode can also be set in `providers.json`.
    init(home: SottoHome, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.home = home
        var environment = environment
        if ProvidersFile.load(path: home.providers).file.isOffline { environment["SOTTO_OFFLINE"] = "1" }
        settings = PullSettings(environment: environment)
        client = HTTPClient(
            HTTPClient.Options(
                isOffline: settings.isOffline,
                certificateFile: environment["SOTTO_CA_FILE"] ?? environment["SSL_CERT_FILE"],
                userAgent: "sotto/\(BuildInfo.version)"))
    }

    func pull(_ address: ModelAddress, cancellation: Cancellation) -> ModelPull {
        ModelPull(
            address, into: home.models, settings: settings, client: client, memory: Machine.memory,
            cancellation: cancellation)
    }
}
