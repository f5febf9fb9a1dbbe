import ArgumentParser

/// Which authenticator, at which server, for whom: what enrolling and verifying take alike.
struct CeremonyOptions: ParsableArguments {
    @OptionGroup var authenticator: AuthenticatorOptions
    @OptionGroup var server: ServerOptions

    @Option(help: "The relying party, where the server has several.")
    var rp: String?

    @Option(
        help:
            "The origin of a security key's ceremony; https:// and the relying party if not given.")
    var origin: String?

    @Flag(help: "Print JSON.")
    var json = false
}
