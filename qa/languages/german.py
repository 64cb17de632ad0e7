"""German."""

from qa.languages.record import Language

LANGUAGE = Language(
    code="de",
    function_words="""
aber alle allem allen aller alles als also am an ander andere anderem anderen anderer anderes
anderm andern anderr anders auch auf aus bei bin bis bist da damit dann das dass dasselbe dazu
daß dein deine deinem deinen deiner deines dem demselben den denn denselben der derer derselbe
derselben des desselben dessen dich die dies diese dieselbe dieselben diesem diesen dieser
dieses dir doch dort du durch ein eine einem einen einer eines einig einige einigem einigen
einiger einiges einmal er es etwas euch euer eure eurem euren eurer eures für gegen gewesen hab
habe haben hat hatte hatten hier hin hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer ihres
im in indem ins ist jede jedem jeden jeder jedes jene jenem jenen jener jenes jetzt kann kein
keine keinem keinen keiner keines können könnte machen man manche manchem manchen mancher
manches mein meine meinem meinen meiner meines mich mir mit muss musste nach nicht nichts noch
nun nur ob oder ohne sehr sein seine seinem seinen seiner seines selbst sich sie sind so solche
solchem solchen solcher solches soll sollte sondern sonst um und uns unser unsere unserem
unseren unseres unter viel vom von vor war waren warst was weg weil weiter welche welchem
welchen welcher welches wenn werde werden wie wieder will wir wird wirst wo wollen wollte
während würde würden zu zum zur zwar zwischen über wer wen wem wessen wann wohin woher wieviel
wieviele warum weshalb wieso wurde wurden
""",
    question_words={
        "quantity": "wieviel wieviele",
        "date": "wann",
        "person": "wer wen wem wessen",
        "place": "wo wohin woher",
        "reason": "warum weshalb wieso wozu",
        "manner": "wie",
        "thing": "was welche welcher welches welchen welchem",
    },
    question_nouns={
        "quantity": """
anzahl zahl prozent menge bevölkerung alter höhe länge größe kosten preis
geschwindigkeit gewicht entfernung fläche
""",
        "date": "jahr datum monat jahrhundert jahrzehnt tag",
        "person": "person könig königin präsident autor",
        "place": "stadt land ort region staat hauptstadt kontinent fluss",
        "organisation": "firma unternehmen mannschaft universität gruppe partei organisation",
        "thing": "heißt hieß lautet nennt nannte",
        "reason": "grund ursache",
    },
    measures="""
viel viele vielen hoch lang lange groß alt oft schnell tief weit breit schwer früh spät
""",
    initial_question_words="wie",
    noun_phrase_ends="hat haben hatte kann wird",
    subordinators="dass was der die das",
    conjunctions="und",
    disjunctions="oder",
    comparisons={
        "wie lang ist {}?": ("länger", "kürzer"),
        "wie viel kostet {}?": ("teurer", "billiger", "günstiger"),
        "aus welchem Jahr ist {}?": ("älter", "neuer"),
        "wie alt ist {}?": ("jünger",),
        "wie hoch ist {}?": ("höher", "niedriger"),
        "wie groß ist {}?": ("größer", "kleiner"),
        "wie schnell ist {}?": ("schneller", "langsamer"),
        "wie schwer ist {}?": ("schwerer", "leichter"),
        "wie weit ist {}?": ("weiter", "näher"),
        "wie tief ist {}?": ("tiefer",),
        "wie breit ist {}?": ("breiter", "schmaler"),
        "": ("mehr", "weniger", "besser", "schlechter", "früher", "später"),
    },
    follow_up_openings="und aber",
    pronouns="er ihn ihm sie ihr ihnen dort",
    months_and_weekdays="""
januar februar märz april mai juni juli august september oktober november dezember montag
dienstag mittwoch donnerstag freitag samstag sonntag
""",
    date_words="jahr jahre jahren jahrhundert monat tag",
    amount_words="""
millionen million milliarden tausend hundert prozent zwei drei vier fünf sechs sieben acht neun
zehn
""",
    determiners=r"\b(?:ein|eine|einen|einem|eines|einer|der|die|das|den|dem|des)\b",
    example_questions={
        "number": "Wofür steht „{}“?",
        "date": "Was geschah „{}“?",
        "quote": "Wer sagte „{}“?",
    },
    refusal="Das sagt der Artikel nicht.",
    yes_no_openings="""
ist sind war waren hat haben hatte hatten wird werden wurde wurden kann können konnte darf dürfen
soll sollen muss müssen gibt gab will wollen
""",
    requests=(
        "können sie",
        "könnten sie",
        "kannst du",
    ),
    card={
        "sure": "Im Artikel gefunden",
        "likely": "Wahrscheinlich",
        "not sure": "Schwacher Treffer: bitte die Stelle prüfen",
        "quoted": "zitiert auf {}",
        "answer in": "Die Antwort auf {}:",
        "evidence": "Was der Artikel dazu sagt:",
        "own words": "in den Worten des Artikels",
        "romanised": "in lateinischen Buchstaben",
        "perhaps": "vielleicht: {}",
        "matched": "Passende Wörter",
        "why": "Warum?",
        "closest": "Die nächste Stelle",
        "copy": "Kopieren",
        "copied": "Kopiert",
        "translate": "Übersetzen",
        "translation": "Maschinelle Übersetzung",
        "understood": "Gelesen zusammen mit „{}“",
        "unsupported": "(von den Stellen nicht belegt)",
        "paragraph": "Absatz",
        "page": "Seite",
        "slide": "Folie",
        "sheet": "Blatt",
        "chapter": "Kapitel",
        "time": "Zeit",
    },
    small_talk=(
        "hallo",
        "hi",
        "hey",
        "guten tag",
        "guten morgen",
        "guten abend",
        "gute nacht",
        "servus",
        "moin",
        "danke",
        "danke schön",
        "dankeschön",
        "vielen dank",
        "ok",
        "okay",
        "gut",
        "alles klar",
        "super",
        "prima",
        "ja",
        "nein",
        "tschüss",
        "auf wiedersehen",
        "bis bald",
        "wie geht es dir",
        "wie geht es ihnen",
        "wie geht's",
        "wer bist du",
        "wer sind sie",
        "wie heißt du",
        "was kannst du",
        "hilfe",
        "bitte",
        "entschuldigung",
        "ich danke dir",
        "ich danke ihnen",
        "verstanden",
        "bist du da",
        "kannst du mir helfen",
        "nichts",
        "grüezi",
        "an alle",
        "zusammen",
        "mein freund",
        "freunde",
        "leute",
        "für die hilfe",
        "für deine hilfe",
        "sehr",
        "ich habe eine frage",
        "darf ich etwas fragen",
        "kann ich etwas fragen",
        "toll",
        "klasse",
        "wunderbar",
        "na",
        "hallöchen",
        "schönen tag",
        "bis später",
        "ciao",
        "haha",
        "danke dir",
        "danke ihnen",
    ),
    greetings="""
hallo hi hey moin servus grüezi danke dankeschön thx merci ok okay tschüss tschau ciao haha
hahaha lol sorry bye
""",
    chat_words="""
dir dich ihnen euch du sie ihr bist seid super geil toll gut gute guten sehr alle alles klar na
wie geht's gehts geht es mann leute freund freunde zusammen tag abend morgen nacht vielen schön
bis bald dann mal echt klasse für hilfe die
""",
    chat_spellings={
        "is": "ist",
        "nich": "nicht",
        "gehts": "geht es",
        "eigentlich": "",
        "denn": "",
        "lang": "lang",
        "wars": "war es",
    },
    article_words="""
artikel artikels text textes bericht berichts seite dokument nachricht beitrag meldung
""",
    article_pronouns="er es das dies",
    about_words={
        "title": "titel überschrift",
        "byline": """
autor autorin verfasser verfasserin geschrieben schrieb verfasst journalist
""",
        "date": "veröffentlicht erschienen erschien veröffentlichung erscheinungsdatum",
        "source": "quelle",
        "language": "sprache",
        "summary": """
zusammenfassung zusammenfassen zusammen fasse thema inhalt handelt geht kernaussagen hauptpunkte
überblick worum wovon
""",
    },
    about_words_of_article={
        "date": "datum",
        "length": "lang länge wörter zeichen",
    },
    about_phrases={
        "title": (
            "wie (lautet|ist|heißt) (der titel|die überschrift)( von {article})?",
            "wie heißt {article}",
            "wie ist {article} (überschrieben|betitelt)",
        ),
        "byline": ("von wem (ist|stammt) {article}",),
        "date": (
            "von wann ist {article}",
            "von welchem (tag|datum) ist {article}",
            "(das )?datum (der veröffentlichung|des artikels)",
            "wann (wurde|ist) {article} (geschrieben|veröffentlicht|erschienen)",
            "von wann ist {article}",
            "wie alt ist {article}",
            "ist {article} aktuell",
        ),
        "source": (
            "(aus|von) welcher (zeitung|seite|quelle|website) (kommt|ist|stammt) {article}",
            "woher (stammt|kommt|ist) {article}",
            "wo (wurde|ist) {article} (veröffentlicht|erschienen)",
            "(aus|in) welcher (zeitung|quelle) (stammt|ist|erschien) {article}",
            "wer hat {article} veröffentlicht",
        ),
        "length": (
            "wie lang ist {article}",
            "ist {article} (lang|kurz)",
            "wie lange (dauert|braucht man für) (das lesen|die lektüre)( von {article})?",
            "lesezeit( von {article})?",
            "wie viele (wörter|zeichen)( (hat|sind in|enthält) {article})?",
            "wie lang ist {article}",
        ),
        "summary": (
            "worum geht es( hier| da| in {article})?",
            "(noch |etwas )?(kürzer|länger)",
            "was (ist|war) (passiert|geschehen|los)",
            "(fass|fasse|fassen sie) {article}( bitte| mal| kurz)* zusammen",
            "(die )?(wichtigsten|zentralen) (punkte|fakten|infos)( in {article}| von {article})?",
            "(eine )?(kurze )?zusammenfassung( von {article}| des artikels| bitte)?",
            "worum geht es",
            "worum geht's",
            "worum gehts",
            "wovon handelt er",
            "was (steht|passiert|geschieht) (in {article}|im artikel|im text)",
            "was (sagt|besagt) {article}",
            "kurz gesagt",
            "in (kürze|einem satz|wenigen worten)",
            "(erkläre|beschreibe|erklär)( mir)? {article}",
            "(was sind )?(die )?(wichtigsten|zentralen) (punkte|aussagen|fakten)",
            "erzähl mir von {article}",
        ),
    },
    fillers="""
satz sätze sätzen gib kannst könntest kurz knapp wichtigsten wichtigste zeile zeilen name
""",
    courtesies=(
        "und|bitte|hallo|hi|hey|also|na|danke|mal|bitte mal|kurz|schnell|sag mal|sag|sagen sie",
        "(kannst|könntest) du( mir)?( bitte| mal| kurz)*( sagen| geben| erklären)?|(können|"
        "könnten) sie( mir)?( bitte| mal)*( sagen| geben)?",
        "(weißt du|wissen sie|sag mir|sagen sie mir)",
        "ich (will|möchte|würde gern) wissen",
        "in (einem|zwei|drei|vier|fünf|[1-9]) (satz|sätzen|zeilen|worten|punkten)",
    ),
    small_numbers="einem zwei drei vier fünf",
    mention_counts=(
        "wie oft (wird|werden|ist) (das wort |der name )?{word} (im .* )?(erwähnt|genannt|zitiert)",
        "wie oft (wird|werden) im (text|artikel) {word} (erwähnt|genannt)",
        "wie oft (kommt|kommen) (das wort|der name) {word} (im .* )?vor",
        "wie oft (kommt|kommen) {word} im (text|artikel) vor",
        "wie oft (erscheint|steht) (das wort|der name) {word}( im .*)?",
        "(die )?(anzahl|zahl) der (erwähnungen|nennungen) von {word}",
    ),
    mention_places=(
        "welche {places} (werden|sind) (im .* )?(erwähnt|genannt)",
        "welche {places} (kommen|tauchen) (im .* )?(vor|auf)",
    ),
    mention_people=(
        "wer (wird|ist) (im .* )?(erwähnt|genannt)",
        "welche (personen|namen|leute) (werden|sind|kommen) (im .* )?(erwähnt|genannt|vor)",
    ),
    person_question="welche Person wird genannt?",
    place_words={"country": "länder staaten", "city": "städte", "place": "orte"},
    length_text="{words} Wörter, {characters} Zeichen",
    mentions_text="„{word}“ wird erwähnt: {count} ×",
    help="Fragen Sie, worauf der Artikel antworten kann: wer, was, wann, wo, warum, wie viel.",
    scales={
        3: "tausend",
        6: "million millionen mio",
        9: "milliarde milliarden mrd",
        12: "billion billionen",
    },
    percent_words=("Prozent",),
    date_particles="in im am der den vom Jahr Jahre",
    currencies={
        "dollar": (
            "Dollar",
            "Dollar",
        ),
        "euro": (
            "Euro",
            "Euro",
        ),
        "pound": (
            "Pfund",
            "Pfund",
        ),
        "ruble": (
            "Rubel",
            "Rubel",
        ),
        "dinar": (
            "Dinar",
            "Dinar",
        ),
        "dirham": (
            "Dirham",
            "Dirham",
        ),
        "riyal": (
            "Riyal",
            "Riyal",
        ),
        "lira": (
            "Lira",
            "Lira",
        ),
        "yuan": (
            "Yuan",
            "Yuan",
        ),
        "yen": (
            "Yen",
            "Yen",
        ),
        "franc": (
            "Franken",
            "Franken Francs",
        ),
    },
)
