use jiff::Timestamp;
use minisign::KeyPair;

use super::*;
use crate::digest::Algorithm;
use crate::source::Source;

fn manifest(text: &str) -> Manifest {
    let none = |_: &str| Err(std::io::ErrorKind::NotFound.into());
    Manifest::parse(Source::new("manifest.yaml", text.into()), "manifest.yaml", none).expect("YAML")
}

const MILL: &str = "vidimus: 1\ncorpus: {id: the-mill}\nentries: []\n";

fn pair() -> (Chest, PublicKey) {
    let pair = KeyPair::generate_unencrypted_keypair().expect("a pair");
    let secret = pair.sk.to_box(None).expect("a box").into_string();
    let public = pair.pk.to_box().expect("a box").into_string();
    (
        Chest::parse(&secret).expect("a secret key"),
        PublicKey::parse(&public).expect("a public key"),
    )
}

fn signed(chest: Chest, text: &str) -> String {
    let key = chest.open("").expect("no password");
    key.sign(&manifest(text), Timestamp::UNIX_EPOCH, Some("the first"))
        .expect("signed")
}

fn verdict(key: &PublicKey, signature: &str, text: &str) -> Verdict {
    let signature = Signature::parse(signature).expect("a signature");
    let seal = Seal {
        signature: Some((key.clone(), signature)),
        ..Seal::default()
    };
    seal.judge(&manifest(text))
}

#[test]
fn what_is_signed_verifies() {
    let (chest, public) = pair();
    let text = signed(chest, MILL);
    let verdict = verdict(&public, &text, MILL);
    assert!(!verdict.refuses());
    let Some(Signed::Right { key, comment }) = verdict.signed else {
        panic!("{verdict:?}");
    };
    assert_eq!(key, public.number());
    assert!(comment.starts_with("vidimus corpus:the-mill sha256:"), "{comment}");
    assert!(
        comment.ends_with(" file:manifest.yaml timestamp:0 comment:the first"),
        "{comment}"
    );
    assert!(
        text.lines().nth(1).is_some_and(|line| line.starts_with("RU")),
        "hashed first"
    );
}

#[test]
fn one_changed_bit_of_manifest_or_comment_is_wrong() {
    let (chest, public) = pair();
    let text = signed(chest, MILL);
    let wrong = |signature: &str, manifest: &str| {
        let verdict = verdict(&public, signature, manifest);
        verdict.refuses() && matches!(verdict.signed, Some(Signed::Wrong { .. }))
    };
    assert!(wrong(&text, &MILL.replace("mill", "milk")));
    assert!(wrong(&text, &format!("{MILL}\n")));
    assert!(wrong(&text.replace("timestamp:0", "timestamp:1"), MILL));
    assert!(!wrong(&text.replace("signature by", "x"), MILL), "nobody need trust it");
    assert!(!wrong(&text.replace('\n', "\r\n"), MILL));
}

#[test]
fn another_key_is_named() {
    let ((chest, _), (_, other)) = (pair(), pair());
    let verdict = verdict(&other, &signed(chest, MILL), MILL);
    assert!(verdict.refuses());
    assert!(matches!(verdict.signed, Some(Signed::OtherKey { wanted, .. }) if wanted == other.number()));
}

#[test]
fn a_comment_on_another_manifest_is_refused() {
    let pair = KeyPair::generate_unencrypted_keypair().expect("a pair");
    let public = PublicKey::parse(&pair.pk.to_base64()).expect("a public key");
    let verdict = |comment: &str| {
        let text = minisign::sign(None, &pair.sk, MILL.as_bytes(), Some(comment), None).expect("signed");
        verdict(&public, &text.into_string(), MILL)
    };
    assert!(matches!(
        verdict("timestamp:0\tfile:m\thashed").signed,
        Some(Signed::Bare { .. })
    ));
    assert!(!verdict("vidimus corpus:the-mill").refuses());
    let other = verdict("vidimus corpus:the-ford");
    assert!(other.refuses());
    let Some(Signed::Misnamed { said, .. }) = other.signed else {
        panic!("{other:?}");
    };
    assert_eq!(said, "corpus:the-ford, not corpus:the-mill");
    let digest = Algorithm::Sha256.digest(b"another");
    assert!(verdict(&format!("sha256:{digest}")).refuses());
}

#[test]
fn a_password_opens_its_key() {
    let pair = KeyPair::generate_encrypted_keypair(Some("weir".to_owned())).expect("a pair");
    let text = pair.sk.to_box(None).expect("a box").into_string();
    let chest = || Chest::parse(&text).expect("a secret key");
    assert!(chest().is_locked());
    assert_eq!(chest().open("ford").err(), Some(Unsound::Password));
    let key = chest().open("weir").expect("opened");
    assert_eq!(key.public(), pair.pk.to_base64());
    assert!(key.sign(&manifest(MILL), Timestamp::UNIX_EPOCH, None).is_ok());
    let long = key.sign(&manifest(MILL), Timestamp::UNIX_EPOCH, Some(&"é".repeat(400)));
    assert_eq!(long.err(), Some(Unsound::Remark));
}

#[test]
fn a_damaged_key_signs_nothing() {
    let pair = KeyPair::generate_unencrypted_keypair().expect("a pair");
    let mut bytes = pair.sk.to_bytes();
    bytes[70] ^= 1; // In the secret half, behind which the public one stands.
    let chest = Chest::parse(&STANDARD.encode(bytes)).expect("a secret key");
    let key = chest.open("").expect("no password");
    let signed = key.sign(&manifest(MILL), Timestamp::UNIX_EPOCH, None);
    assert_eq!(signed.err(), Some(Unsound::Damaged));
}

#[test]
fn keys_are_not_taken_for_one_another() {
    let pair = KeyPair::generate_unencrypted_keypair().expect("a pair");
    let secret = pair.sk.to_box(None).expect("a box").into_string();
    let public = pair.pk.to_box().expect("a box").into_string();
    assert_eq!(PublicKey::parse(&secret).err(), Some(Unreadable::Secret));
    assert_eq!(Chest::parse(&public).err(), Some(Unreadable::Public));
    assert_eq!(Signature::parse(&public).err(), Some(Unreadable::NoSignature));
}

/// Whether a text is taken for a key or a signature.
type Parses = fn(&str) -> bool;

#[test]
fn cut_and_mangled_input_is_an_error() {
    let pair = KeyPair::generate_unencrypted_keypair().expect("a pair");
    let secret = pair.sk.to_box(None).expect("a box").into_string();
    let public = pair.pk.to_box().expect("a box").into_string();
    let chest = Chest::parse(&secret).expect("a secret key");
    let signature = signed(chest, MILL);
    let kinds: [(&str, Parses); 3] = [
        (&secret, |text| Chest::parse(text).is_ok()),
        (&public, |text| PublicKey::parse(text).is_ok()),
        (&signature, |text| Signature::parse(text).is_ok()),
    ];
    for (text, parses) in kinds {
        for end in 0..text.len() - 2 {
            assert!(!parses(&text[..end]), "{}", &text[..end]);
        }
        for place in 0..text.len() {
            let mut mangled = text.to_owned();
            mangled.replace_range(place..=place, "*");
            // It must end; a comment that nobody need trust may be mangled.
            for (_, parses) in kinds {
                parses(&mangled);
            }
        }
    }
}

#[test]
fn a_pin_is_the_digest_of_the_exact_bytes() {
    let pinned = |digest| {
        let seal = Seal {
            pinned: Some(digest),
            ..Seal::default()
        };
        assert!(seal.is_demanded());
        seal.judge(&manifest(MILL))
    };
    assert!(!pinned(Algorithm::Sha256.digest(MILL.as_bytes())).refuses());
    assert!(pinned(Algorithm::Sha256.digest(b"x")).refuses());
    assert!(!Seal::default().judge(&manifest(MILL)).refuses());
}
