import ArgumentParser
import Authenticators
import DeviceModels
import Encoding
import SecurityKeys
import WebAuthn

struct Devices: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the security keys that are plugged in, and show what they are.",
        subcommands: [List.self, Show.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the security keys that are plugged in.")

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            try await reporting {
                let keys = try await ListedKey.attached()
                if json {
                    let items = keys.map { key -> JSON in
                        [
                            "path": .string(key.path.description),
                            "manufacturer": key.manufacturer.map(JSON.string) ?? .null,
                            "product": key.product.map(JSON.string) ?? .null,
                        ]
                    }
                    Terminal.say(JSON.array(items).encoded())
                    return
                }
                if keys.isEmpty {
                    Terminal.say(
                        "No security key is plugged in. 'emulator:FILE' names one in software.")
                }
                for key in keys {
                    let words = [key.manufacturer, key.product].compactMap(\.self)
                    Terminal.say("\(key.path)  \(words.joined(separator: " "))")
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "info",
            abstract: "Ask a security key what it is, and look it up in the catalogue.")

        @Argument(help: "The security key: /dev/hidrawN, udp:HOST:PORT or emulator:FILE.")
        var path: String

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            try await reporting {
                let device = try SecurityKeyAccess.open(DevicePath(path))
                let report = DeviceReport(
                    description: try await device.describe(),
                    catalogue: try RunningServer.loadCatalogue())
                Terminal.say(json ? report.json.encoded() : report.text)
            }
        }
    }
}
