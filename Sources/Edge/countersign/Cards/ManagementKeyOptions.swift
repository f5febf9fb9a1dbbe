import ArgumentParser
import Encoding
import Foundation
import SmartCards

/// The key that a card is managed with.
struct ManagementKeyOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The file that has the card's management key, in hexadecimal.",
            discussion: """
                Without it the card is asked for the key that it keeps for its PIN's holder; a card that still has the \
                key that everybody knows is given one of its own, and keeps it.
                """,
            valueName: "file"))
    var managementKeyFile: String?

    /// Where the key comes from. It is never an argument, which other users could see.
    func source() throws(CommandFailure) -> ManagementKeySource {
        guard let managementKeyFile else { return .automatic }
        guard let contents = FileManager.default.contents(atPath: managementKeyFile) else {
            throw CommandFailure(.configuration, "\(managementKeyFile) cannot be read")
        }
        let text = String(decoding: contents, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        guard let bytes = try? Hex.decode(text), let key = ManagementKey(bytes) else {
            throw CommandFailure(
                .configuration, "\(managementKeyFile) holds no management key",
                advice: "It should have 32, 48 or 64 hexadecimal digits and nothing else.")
        }
        return .given(key)
    }
}
