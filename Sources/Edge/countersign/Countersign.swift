import ArgumentParser

/// An option of the command line; the line protocol has options of its own.
typealias Option<Value> = ArgumentParser.Option<Value>

/// The program: one executable, a subcommand for each job.
@main
struct Countersign: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "countersign",
        abstract:
            "An authenticator-device server: enrol security keys, cards, phones and tokens, verify their answers.",
        discussion: """
            A server keeps users and credentials and answers front ends on a socket:

              countersign serve --data ./data --socket ./countersign.sock --rp localhost

            A security key is enrolled, and verified, where it is plugged in:

              countersign devices list
              countersign enroll alice --add-user --device /dev/hidraw0 --socket ./countersign.sock
              countersign verify alice --device /dev/hidraw0 --socket ./countersign.sock

            A smart card likewise, where its reader is:

              countersign cards list
              countersign enroll alice --card 'ACS ACR39U 00 00' --socket ./countersign.sock

            With neither at hand, '--device emulator:key.state' and '--card emulator:card.state' use one in software. \
            'countersign demo' shows the whole story in a minute.

            Exit status: 0 done, and for 'verify' authenticated; 1 refused; 64 wrong usage; 69 a server or \
            a device cannot be reached; 70 an error inside; 78 wrong configuration.
            """,
        version: version,
        subcommands: [
            Serve.self, Users.self, Groups.self, Roles.self, Applications.self, Locations.self,
            MFACommand.self, Devices.self, Cards.self, Enroll.self, Verify.self,
            Phones.self, Tokens.self, AppPasswords.self, RecoveryCodes.self, AccessPasses.self,
            VerifyCode.self, PolicyCommand.self, ReportCommand.self, SignInsCommand.self,
            Audit.self,
            Keys.self, Emulate.self, LoadTestCommand.self, Demo.self,
        ])
}
