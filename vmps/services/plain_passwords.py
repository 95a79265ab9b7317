"""Plain passwords: the runs, repetitions and well-known words that are tried first."""

# Most published lists hold shorter passwords than we take. The long ones that people
# choose are made of the same few parts, so the parts are looked for.

from __future__ import annotations

import re

#: Characters that may stand beside plain parts: `Welcome2026!!` is no better.
MOST_OTHERS = 2
LONGEST_REPEATED = 6
SHORTEST_RUN = 3

_ROWS = (
    "0123456789" * 2,
    "abcdefghijklmnopqrstuvwxyz" * 2,
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
    "qazwsxedcrfvtgbyhnujmikolp",
    "zaq1xsw2cde3vfr4bgt5nhy6mju7",
    "!@#$%^&*()",
)
RUNS = "\n".join([*_ROWS, *(row[::-1] for row in _ROWS)])

WORDS = frozenset(
    """
    abc academy access admin administrator america angel apple attendance august
    autumn baseball basketball batman buster butterfly changeit changeme charlie
    chocolate classroom clerk computer cookie december default demo district dragon
    eagles elementary england facebook fall family february flower football forever
    frontdesk google guest hannah happy hello highschool hockey hunter iloveyou
    internet january jennifer jessica jesus jordan july june kiosk letmein login
    london love lovely loveyou maggie manager march master matrix michael michelle
    microsoft monday monkey mustang myspace naruto newpassword nicole nothing
    november october office p@ssw0rd p@ssword pa55word pass passphrase passw0rd
    password passwort pepper please pokemon powerschool princess principal public
    purple qwe reception root samsung school schools secret security september
    server service shadow soccer spring starwars student students summer sunday
    sunshine superman support system tardy teacher teachers tech temp temporary test
    testing thomas tigers trustno1 united unknown user usuario visitor vmps welcome
    whatever windows winter wizard yankees zxc
    """.split()  # noqa: SIM905 a block of words can be read and sorted
)
PHRASES = frozenset(
    """
    abrahamlincoln allyouneedislove backstreetboys barcelonafc beautifulgirl
    bestfriends bettyboop bohemianrhapsody chickennuggets chocolatecake christopher
    correcthorsebatterystaple dallascowboys donttellanyone enterpassword
    everythinghappens everythinghappensforareason everythingisawesome fcbarcelona
    foreverandever forgetmenot forgotpassword friendsforever georgewashington
    godblessamerica godisgood godislove goodmorning grandmother greenbaypackers
    happybirthday happyfamily harrypotter heavenlyfather hellokitty hellothere
    helloworld highwaytohell hogwarts iamthebest iamyourfather idontcare idontknow
    iforgotmypassword ihatepasswords ihatethisjob ihatethispassword ilikeicecream
    ilovegod ilovejesus ilovemycat ilovemydog ilovemyfamily ilovemyhusband
    ilovemyjob ilovemykids ilovemymom ilovemyself ilovemywife iloveyouall
    iloveyoubaby iloveyouforever iloveyousomuch incorrectpassword inthebeginning
    ironmaiden itsasecret itsmylife jesuschrist jesusislord jesuslovesme jesussaves
    justforfun justinbieber lastpassword letmeinnow letmeinplease lifeisbeautiful
    lifeisgood linkinpark littlemermaid livelaughlove liverpoolfc lordoftherings
    losangeleslakers manchester manchestercity manchesterunited martinlutherking
    maytheforcebewithyou maythefourthbewithyou merrychristmas metallica
    michaeljackson michaeljordan mickeymouse mississippi monkeybusiness mylittlepony
    mypassword mypasswordis mysecretpassword neversaynever newenglandpatriots
    newyorkcity newyorkyankees nopassword nothingelsematters nothingtolose
    onceuponatime onedirection opensesame passwordispassword peanutbutter
    philadelphiaeagles pittsburghsteelers playstation practicemakesperfect
    rainbowbright realmadrid rememberme rollingstones sanfrancisco sesamestreet
    shakespeare snowwhite southernbelle spongebobsquarepants strawberry superduper
    supersecret supersecretpassword teenagemutantninjaturtles thankyougod
    thankyoujesus thankyoulord thebeatles thegodfather thequickbrownfox
    thequickbrownfoxjumpsoverthelazydog thisisapassword thisisasecret
    thisismypassword thisisnotapassword thisisthepassword thisistheway timberwolves
    tobeornottobe toinfinityandbeyond toomanysecrets topsecret twinkletwinkle
    unbelievable verysecret waitforit washington whatismypassword whatsmypassword
    whatsyourname winniethepooh wonderwoman yellowsubmarine youarebeautiful
    youareloved youaremysunshine youllneverguess youllneverwalkalone yourpassword
    youshallnotpass
    """.split()  # noqa: SIM905 a block of words can be read and sorted
)

_YEAR = re.compile(r"(?:19|20)\d\d")
_LONGEST_WORD = max(map(len, WORDS))


def is_plain(password: str) -> bool:
    """Tell whether the password is a repetition, a run, or made of well-known words."""
    text = password.casefold()
    return _repeats(text) or _is_known(text) or _count_others(text) <= MOST_OTHERS


def _repeats(text: str) -> bool:
    """Tell whether it is one short piece again and again: `abcabcabcabc`."""
    return any(
        (text[:width] * len(text))[: len(text)] == text
        for width in range(1, LONGEST_REPEATED + 1)
    )


def _is_known(text: str) -> bool:
    """Tell whether it is a well-known phrase, spaces and a number at its end aside."""
    letters = "".join(filter(str.isalnum, text))
    return bool({letters, letters.rstrip("0123456789")} & PHRASES)


def _count_others(text: str) -> int:
    """Count the characters that belong to no run, no year and no well-known word."""
    others = position = 0
    while position < len(text):
        width = _plain_width(text, position)
        others += not width
        position += width or 1
    return others


def _plain_width(text: str, start: int) -> int:
    """Return how many characters from `start` on are one plain part; 0: none."""
    word = max(
        (width for width in range(3, _LONGEST_WORD + 1) if _word(text, start, width)),
        default=0,
    )
    run = SHORTEST_RUN
    while start + run <= len(text) and _is_run(text[start : start + run]):
        run += 1
    year = 4 if _YEAR.match(text, start) else 0
    return max(word, year, run - 1 if run > SHORTEST_RUN else 0)


def _word(text: str, start: int, width: int) -> bool:
    return text[start : start + width] in WORDS


def _is_run(piece: str) -> bool:
    return piece in RUNS or len(set(piece)) == 1
