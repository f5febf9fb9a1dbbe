import ArgumentParser

/// Which key, at which server, for whom: what enrolling and verifying take alike.
struct CeremonyOptions: ParsableArguments {
    @OptionGroup var device: DeviceOptions
    @OptionGroup var server: ServerOptions

    @Option(help: "The relying party, where the server has several.")
    var rp: String?

    @Option(help: "The origin of the ceremony; https:// and the relying party if not given.")
    var origin: String?

    @Flag(help: "Print JSON.")
    var json = false
}
