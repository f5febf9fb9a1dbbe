import ArgumentParser

struct Tokens: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Import OATH and HMAC tokens in batches, list them, and give them to users.",
        discussion: """
            A token is named by its serial number, or by the identifier that 'tokens list' shows. Secrets go in and never \
            come out again.
            """,
        subcommands: [
            Enroll.self, Import.self, List.self, Assign.self, Unassign.self, Resync.self,
            Delete.self, Code.self,
        ])
}
