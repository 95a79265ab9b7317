"""What an admin may type as the PowerSchool URL."""

import pytest

from vmps.powerschool import BadAddress, Credentials, NetworkPolicy, PowerSchool

GOOD = "https://oakwood.powerschool.com"
DEMO = NetworkPolicy(("127.0.0.0/8",), allow_plain_http=True)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        (GOOD, GOOD),
        (f"  {GOOD}\n", GOOD),
        ("https://Oakwood.PowerSchool.COM", GOOD),
        ("HTTPS://oakwood.powerschool.com:443", GOOD),
        (f"{GOOD}:8443", f"{GOOD}:8443"),
        (f"{GOOD}.", GOOD),
        ("https://schüle.example", "https://xn--schle-mva.example"),
        ("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443"),
        ("https://10.1.2.3", "https://10.1.2.3"),
    ],
)
def test_an_origin_is_taken_in_its_normal_form(url: str, origin: str) -> None:
    assert NetworkPolicy().check_origin(url) == origin


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"{GOOD}/", "slash"),
        (f"{GOOD}/admin/home.html", "path"),
        (f"{GOOD}//", "path"),
        (f"{GOOD}?a=b", "path"),
        (f"{GOOD}?", "path"),
        (f"{GOOD}#top", "path"),
        ("oakwood.powerschool.com", "https://"),
        ("oakwood.powerschool.com/admin", "https://"),
        ("http://oakwood.powerschool.com", "https://"),
        ("http://oakwood.powerschool.com:80/", "https://"),
        ("ftp://oakwood.powerschool.com", "https://"),
        ("https://admin:pw@oakwood.powerschool.com", "user name"),
        ("https://169.254.169.254@oakwood.powerschool.com", "user name"),
    ],
)
def test_anything_more_than_an_origin_is_refused_with_the_corrected_value(
    url: str, words: str
) -> None:
    with pytest.raises(BadAddress, match=words) as caught:
        NetworkPolicy().check_origin(url)
    assert caught.value.corrected == GOOD


@pytest.mark.parametrize(
    "url",
    [
        "",
        "   ",
        "https://",
        "https:///admin",
        "https://oak wood.example",
        "https://oak\nwood.example",
        "https://oakwood.example:99999",
        "https://oakwood.example:0",
        "https://oakwood.example:http",
        "https://[::1",
        "https://-oakwood.example",
        "https://oakwood..example",
        "https://" + "a" * 64 + ".example",
        "https://" + "a." * 130 + "example",
        "https://oakwood.example\\@evil.example",
        "https://oak%2ewood.example",
        "https://[fe80::1%25eth0]",
        "https://[fe80::1%eth0]",
    ],
)
def test_what_is_no_address_is_refused_without_a_guess(url: str) -> None:
    with pytest.raises(BadAddress, match="not a web address") as caught:
        NetworkPolicy().check_origin(url)
    assert caught.value.corrected is None


def test_the_operator_may_allow_plain_http() -> None:
    assert DEMO.check_origin("http://127.0.0.1:8080") == "http://127.0.0.1:8080"
    assert DEMO.check_origin("http://127.0.0.1:80") == "http://127.0.0.1"
    with pytest.raises(BadAddress) as caught:
        DEMO.check_origin("http://127.0.0.1:8080/admin")
    assert caught.value.corrected == "http://127.0.0.1:8080"


def test_a_client_is_not_made_for_a_bad_address() -> None:
    with pytest.raises(BadAddress):
        PowerSchool(f"{GOOD}/", Credentials("a", "b"), network=NetworkPolicy())
