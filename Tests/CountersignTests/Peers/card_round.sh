#!/bin/bash
# Holds a PIV card in a PC/SC reader against OpenSC, yubico-piv-tool and OpenSSH.
#
# usage: card_round.sh READER ROOT
#
# READER is the reader's name, ROOT the file (DER) of the root that the card's attestations lead to. Needs opensc,
# opensc-pkcs11, yubico-piv-tool, openssh-client and openssl. The card must be new: PIN 123456, PUK 12345678, the
# management key that everybody knows, no keys. It is reset in the end.
# Prints a line PASS or FAIL for each step; the exit code is 1 if any step failed.
set -u
[ $# = 2 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2; }
reader=$1
root=$(readlink -f "$2")
work=$(mktemp -d)
agent=
# Whoever runs this may have its signals blocked, and so has the agent.
trap '[ -z "$agent" ] || kill -KILL "$agent"; rm -rf "$work"' EXIT
cd "$work" || exit 2
# OpenSC keeps notes on cards in the home folder.
export HOME=$work
module=$(find /usr/lib -name opensc-pkcs11.so | head -n 1)
failures=0

# Runs a tool; what it prints goes to the file `output`.
tool() { timeout 60 "$@" >output 2>&1 </dev/null; }
piv() { tool yubico-piv-tool --reader="$reader" "$@"; }
pkcs11() { tool pkcs11-tool --module "$module" --slot-index 0 "$@"; }

# Reports the step that has just run: passed NAME, or refused NAME ERROR for one that must fail with that error.
passed() {
    if [ $? = 0 ]; then echo "PASS $1"; else report_failure "$1"; fi
}
refused() {
    if [ $? != 0 ] && grep -q "$2" output; then echo "PASS $1"; else report_failure "$1"; fi
}
report_failure() {
    echo "FAIL $1: $(tail -n 2 output | tr '\n' ' ')"
    failures=$((failures + 1))
}

tool opensc-tool --reader "$reader" --name && grep -q "Personal Identity Verification Card" output
passed "opensc-tool knows it for a PIV card"
piv --action=status && grep -q "PIN tries left:.*3" output
passed "yubico-piv-tool shows its status"
piv --action=set-chuid --action=set-ccc
passed "new CHUID and CCC, with the management key"

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout authority.key -out authority.pem \
    -subj /CN=Authority -days 2 2>/dev/null
for key in 9a:ECCP256 9c:RSA2048 9d:ECCP384 9e:RSA2048; do
    slot=${key%:*} kind=${key#*:}
    timeout 60 yubico-piv-tool --reader="$reader" --action=generate --slot="$slot" --algorithm="$kind" \
        >"$slot.pub" 2>output </dev/null
    passed "$slot makes a key: $kind"
    openssl x509 -new -force_pubkey "$slot.pub" -CA authority.pem -CAkey authority.key -days 2 \
        -subj "/CN=alice $slot" -out "$slot.pem" 2>output
    timeout 60 yubico-piv-tool --reader="$reader" --action=import-certificate --slot="$slot" \
        <"$slot.pem" >output 2>&1
    passed "$slot takes its certificate"
    timeout 60 yubico-piv-tool --reader="$reader" --action=read-certificate --slot="$slot" \
        >read.pem 2>output </dev/null && openssl x509 -in read.pem -outform DER |
        cmp -s - <(openssl x509 -in "$slot.pem" -outform DER)
    passed "$slot gives it back"
    timeout 60 yubico-piv-tool --reader="$reader" --pin=123456 --action=verify-pin --action=test-signature \
        --slot="$slot" <"$slot.pem" >output 2>&1
    passed "$slot signs for yubico-piv-tool"
done
timeout 60 yubico-piv-tool --reader="$reader" --pin=123456 --action=verify-pin --action=test-decipher --slot=9d \
    <9d.pem >output 2>&1
passed "9d agrees on a secret"

timeout 60 yubico-piv-tool --reader="$reader" --action=attest --slot=9a >attestation.pem 2>output </dev/null &&
    timeout 60 yubico-piv-tool --reader="$reader" --action=read-certificate --slot=f9 >f9.pem 2>output </dev/null &&
    openssl x509 -inform DER -in "$root" -out root.pem &&
    openssl verify -CAfile root.pem -untrusted f9.pem attestation.pem >output 2>&1
passed "9a is attested, up to the root"
openssl x509 -in attestation.pem -pubkey -noout | cmp -s - 9a.pub
passed "the attestation is of the key in 9a"

piv --pin=111111 --action=verify-pin
refused "a wrong PIN is refused" "2 tries left"
piv --pin=123456 --action=verify-pin
passed "the right one is accepted"
piv --pin=123456 --new-pin=654321 --action=change-pin
passed "the PIN is changed"
piv --pin=123456 --action=verify-pin
refused "the old one is worth nothing" "2 tries left"
piv --pin=654321 --new-pin=123456 --action=change-pin
passed "and changed back"
piv --pin=111111 --action=verify-pin; piv --pin=111111 --action=verify-pin
piv --pin=111111 --action=verify-pin
refused "three wrong ones block it" "blocked"
piv --pin=12345678 --new-pin=123456 --action=unblock-pin
passed "the PUK unblocks it"
piv --pin=12345678 --new-pin=87654321 --action=change-puk
passed "the PUK is changed"
piv --action=set-mgm-key --new-key=0102030405060708090a0b0c0d0e0f101112131415161718
passed "the management key is changed"
piv --action=set-chuid
refused "the old one is worth nothing" "[Aa]uthentication"

tool pkcs15-tool --reader "$reader" --list-certificates && [ "$(grep -c 'X.509 Certificate' output)" = 4 ]
passed "pkcs15-tool lists four certificates"
pkcs11 --login --pin 123456 --test && grep -q "No errors" output
passed "pkcs11-tool --test has no complaint"
echo "something to sign" >text
pkcs11 --login --pin 123456 --id 01 --sign --mechanism ECDSA-SHA256 --signature-format openssl \
    --input-file text --output-file ec.sig &&
    openssl dgst -sha256 -verify 9a.pub -signature ec.sig text >output 2>&1
passed "9a signs through PKCS #11, and OpenSSL agrees"
pkcs11 --login --pin 123456 --id 04 --sign --mechanism SHA256-RSA-PKCS \
    --input-file text --output-file rsa.sig &&
    openssl dgst -sha256 -verify 9e.pub -signature rsa.sig text >output 2>&1
passed "9e signs with PKCS #1 through PKCS #11, and OpenSSL agrees"
pkcs11 --login --pin 123456 --id 04 --sign --mechanism SHA256-RSA-PKCS-PSS --mgf MGF1-SHA256 \
    --input-file text --output-file pss.sig &&
    openssl dgst -sha256 -verify 9e.pub -sigopt rsa_padding_mode:pss -signature pss.sig text >output 2>&1
passed "9e signs with PSS through PKCS #11, and OpenSSL agrees"

ssh-keygen -D "$module" >keys 2>output </dev/null && [ "$(grep -c '^\(ecdsa\|ssh-rsa\)' keys)" = 4 ]
passed "ssh-keygen reads four public keys"
printf '#!/bin/sh\necho 123456\n' >askpass && chmod +x askpass
eval "$(ssh-agent -a "$work/agent" -P '/usr/lib/*')" >/dev/null && agent=$SSH_AGENT_PID
SSH_ASKPASS=$work/askpass SSH_ASKPASS_REQUIRE=force tool ssh-add -s "$module"
passed "ssh-agent takes the card"
grep ecdsa-sha2-nistp256 keys >id.pub
tool ssh-keygen -Y sign -f id.pub -n test text
passed "ssh-keygen signs with 9a through the agent"
echo "alice $(cat id.pub)" >signers
timeout 60 ssh-keygen -Y verify -f signers -I alice -n test -s text.sig <text >output 2>&1
passed "and verifies it"
tool ssh-add -e "$module"
kill -KILL "$agent" && agent=

for _ in 1 2 3; do piv --pin=111111 --action=verify-pin; done
for _ in 1 2 3; do piv --pin=11111111 --new-pin=111111 --action=unblock-pin; done
piv --action=reset
passed "a card whose PIN and PUK are blocked can be reset"
piv --action=status && ! grep -q "Slot 9a" output && grep -q "PIN tries left:.*3" output
passed "and is a new one"
[ $failures = 0 ]
