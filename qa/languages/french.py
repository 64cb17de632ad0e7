"""French."""

from qa.languages.record import Language

LANGUAGE = Language(
    code="fr",
    function_words="""
ai aie aient aies ait as au aura aurai auraient aurais aurait auras aurez auriez aurions aurons
auront aux avaient avais avait avec avez aviez avions avons ayant ayante ayantes ayants ayez
ayons c ce ces d dans de des du elle en es est et eu eue eues eurent eus eusse eussent eusses
eussiez eussions eut eux eûmes eût eûtes furent fus fusse fussent fusses fussiez fussions fut
fûmes fût fûtes il ils j je l la le les leur lui m ma mais me mes moi mon même n ne nos notre
nous on ont ou par pas pour qu que qui s sa se sera serai seraient serais serait seras serez
seriez serions serons seront ses soient sois soit sommes son sont soyez soyons suis sur t ta te
tes toi ton tu un une vos votre vous y à étaient étais était étant étante étantes étants étiez
étions été étée étées étés êtes quel quelle quels quelles lequel laquelle où combien comment
pourquoi quand quoi selon
""",
    question_words={
        "quantity": "combien",
        "date": "quand",
        "person": "qui",
        "place": "où",
        "reason": "pourquoi",
        "manner": "comment",
        "thing": "que quoi quel quelle quels quelles lequel laquelle",
    },
    question_nouns={
        "quantity": """
nombre pourcentage montant âge hauteur longueur taille coût prix valeur taux vitesse poids
population volume distance superficie
""",
        "date": "année date mois siècle jour décennie",
        "person": "personne roi reine président auteur",
        "place": "ville pays lieu région état capitale continent fleuve",
        "organisation": "entreprise société équipe université groupe organisation comité",
        "thing": "appelle appel",
        "reason": "raison cause",
    },
    initial_question_words="que comme",
    subordinators="que qu",
    conjunctions="et",
    disjunctions="ou",
    comparisons={
        "combien coûte {} ?": ("plus cher", "plus chère", "moins cher", "moins chère"),
        "de quelle année date {} ?": (
            "plus ancien",
            "plus ancienne",
            "plus récent",
            "plus récente",
        ),
        "quel âge a {} ?": ("plus âgé", "plus âgée", "plus vieux", "plus vieille", "plus jeune"),
        "combien pèse {} ?": ("plus lourd", "plus lourde", "plus léger", "plus légère"),
        "combien mesure {} ?": (
            "plus long",
            "plus longue",
            "plus court",
            "plus courte",
            "plus haut",
            "plus haute",
            "plus profond",
            "plus profonde",
            "plus large",
        ),
        "": ("plus", "moins", "meilleur", "meilleure", "pire", "mieux"),
    },
    follow_up_openings="et mais puis alors",
    pronouns="il elle ils elles lui leur leurs son sa ses cela ça celui",
    impersonal="y a t",
    months_and_weekdays="""
janvier février mars avril mai juin juillet août septembre octobre novembre décembre lundi mardi
mercredi jeudi vendredi samedi dimanche
""",
    date_words="année ans siècle mois jour",
    amount_words="""
milliers million millions milliard milliards mille cent un une deux trois quatre cinq six sept
huit neuf dix
""",
    example_questions={
        "number": "À quoi correspond « {} » ?",
        "date": "Que s'est-il passé en « {} » ?",
        "quote": "Qui a dit « {} » ?",
    },
    refusal="L'article ne le dit pas.",
    yes_no_openings="est sont",
    yes_no_phrases=(
        "y a t",
        "t il",
        "t elle",
        "t ils",
        "t elles",
        "t on",
        "est il",
        "est elle",
        "sont ils",
        "sont elles",
        "ont ils",
        "ont elles",
    ),
    yes_no_starts=("est ce",),
    requests=(
        "pouvez vous",
        "peux tu",
        "pourriez vous",
        "est ce que tu peux",
        "est ce que vous pouvez",
    ),
    card={
        "sure": "Trouvé dans l'article",
        "likely": "Probablement",
        "not sure": "Faible correspondance : vérifiez le passage",
        "quoted": "cité en {}",
        "answer in": "La réponse est en {} :",
        "evidence": "Ce que l'article en dit :",
        "own words": "dans les mots de l'article",
        "romanised": "en lettres latines",
        "perhaps": "peut-être : {}",
        "matched": "Mots qui correspondent",
        "why": "Pourquoi ?",
        "closest": "Le passage le plus proche",
        "copy": "Copier",
        "copied": "Copié",
        "translate": "Traduire",
        "translation": "Traduction automatique",
        "understood": "Lu avec la question « {} »",
        "unsupported": "(non confirmé par les passages)",
        "paragraph": "paragraphe",
        "page": "page",
        "slide": "diapositive",
        "sheet": "feuille",
        "chapter": "chapitre",
        "time": "temps",
    },
    small_talk=(
        "bonjour",
        "bonsoir",
        "salut",
        "coucou",
        "allo",
        "merci",
        "merci beaucoup",
        "merci bien",
        "ok",
        "okay",
        "d'accord",
        "très bien",
        "parfait",
        "super",
        "oui",
        "non",
        "au revoir",
        "à bientôt",
        "comment ça va",
        "ça va",
        "comment allez-vous",
        "qui es-tu",
        "qui êtes-vous",
        "tu es qui",
        "comment t'appelles-tu",
        "que peux-tu faire",
        "que sais-tu faire",
        "aide",
        "aidez-moi",
        "s'il te plaît",
        "s'il vous plaît",
        "désolé",
        "pardon",
        "bonne journée",
        "bonne soirée",
        "je vous remercie",
        "je te remercie",
        "merci infiniment",
        "tu es là",
        "peux-tu m'aider",
        "rien",
        "laisse tomber",
        "merci bcp",
        "bcp",
        "mdr",
        "ptdr",
        "lol",
        "à tous",
        "à toi",
        "à vous",
        "tout le monde",
        "les amis",
        "mon ami",
        "cher ami",
        "beaucoup",
        "pour ton aide",
        "pour votre aide",
        "pour tout",
        "j'ai une question",
        "je peux te poser une question",
        "je peux vous poser une question",
        "puis-je poser une question",
        "bien reçu",
        "compris",
        "j'ai compris",
        "c'est bon",
        "ça marche",
        "génial",
        "bravo",
        "bien joué",
        "bonne nuit",
        "à plus",
        "a plus",
        "à demain",
        "bisous",
        "coucou tout le monde",
        "re",
        "hello",
        "hey",
        "yo",
    ),
    greetings="""
slt salut bjr bonjour bsr bonsoir cc coucou wesh hello hey merci mrc bcp dsl désolé désolée mdr
ptdr lol ok oki okay bye ciao allez adieu bisous
""",
    chat_words="""
cv ça va vas bien ou quoi tt tout toute toutes le la monde t tu es êtes au top trop fort mort
morte de rire jvois je vois jme suis trompé trompée bonne bon soirée nuit journée courage a à
plus demain bientôt les amis ami mec frère gars toi vous moi aussi super cool parfait génial
compris noté d accord
""",
    chat_spellings={
        "c": "c'est",
        "cb": "combien",
        "koi": "quoi",
        "kel": "quel",
        "kan": "quand",
        "ptit": "petit",
        "pk": "pourquoi",
        "jpp": "",
        "ya": "il y a",
        "apelle": "appelle",
        "ecri": "ecrit",
        "pr": "pour",
        "ds": "dans",
        "stp": "s'il te plait",
        "svp": "s'il vous plait",
    },
    article_words="article texte histoire rapport page document nouvelle reportage",
    article_pronouns="il elle ça cela ceci",
    about_words={
        "title": "titre intitulé",
        "byline": """
auteur auteure auteurs écrit écrite rédigé rédigée rédacteur journaliste signé
""",
        "date": "publié publiée publication paru parue",
        "source": "source",
        "language": "langue",
        "summary": """
résume résumer résumé résumez résumes sujet parle parler traite thème idée idées points
essentiel synthèse contenu
""",
    },
    about_words_of_article={
        "date": "date daté",
        "length": "long longueur mots caractères",
    },
    about_phrases={
        "byline": (
            "(c'est qui |qui )?qui a (ecrit|redige|signe) (ca|{article})",
            "c'est de qui( {article})?",
            "{article} (est|c'est) de qui",
            "qui est derriere {article}",
            "c'est qui (l'auteur|le journaliste|l'auteure)( de {article})?",
            "qui a (écrit|rédigé|signé) {article}",
            "de qui est {article}",
        ),
        "title": (
            "(il|elle|ca)? ?s'appelle comment {article}",
            "{article} s'appelle comment",
            "comment s'appelle {article}",
            "comment {article} s'appelle t (il|elle)",
        ),
        "date": (
            "(ca|il|elle|{article}) date de quand( {article})?",
            "c'est de quand( {article})?",
            "{article} (est|c'est) de quand",
            "(quelle est la )?date (de publication|de parution)( de {article})?",
            "quand (est (paru|sorti|publié)|a été (écrit|publié)|date) {article}",
            "{article} (est il|est elle) (récent|récente|ancien|ancienne)",
            "de quand (date|est) {article}",
        ),
        "source": (
            "(ca|il|{article}) (vient|sort) de quel (journal|site|magazine|media)",
            "c'est (tire |sorti )?de quel (journal|site|media)",
            "d'où (vient|provient) {article}",
            "(dans|de) quel (journal|site|magazine) (vient|est|a été publié|est paru) {article}",
            "où {article} (a t il|a t elle) été (publié|publiée)",
            "où a été (publié|publiée) {article}",
            "qui a publié {article}",
        ),
        "length": (
            "(il y a |y a )?combien de (mots|pages|lignes) (dedans|dans {article}|la dedans)",
            "(c'est|il est|{article} est) (long|court)( a lire)?( ou pas)?",
            "(il|elle|ca|{article}) (fait|fais|contient|a) combien de (mots|pages|caracteres|"
            "lignes)( {article})?",
            "(le |quel est le )?temps de lecture( de {article})?",
            "combien de (temps|minutes)( faut il| il faut)? (pour lire|de lecture)( {article})?",
            "combien de (mots|caractères)( (contient|compte|comporte|y a t il dans|fait"
            "|dans) {article})?",
            "combien de (mots|caractères) {article} (contient|compte) t (il|elle)",
        ),
        "summary": (
            "(ca|il|{article}) parle de quoi",
            "(.*,? ?)l'essentiel( de {article})?",
            "(en |encore )?plus (court|long|bref)",
            "qu'est ce qui (s'est passe|se passe|est arrive)",
            "que s'est il passe",
            "il s'est passe quoi",
            "(les |quels sont les )?(points|elements|faits) (cles|importants|essentiels|"
            "principaux)( de {article})?",
            "(en gros )?(ca|il|{article}) (dit|raconte) quoi",
            "(fais|faites|fait|donne|donnez|ecris|ecrivez)( moi| nous)?( un| le)?( petit| "
            "court| bref)? (resume|topo|recap)( de {article})?",
            "(un |le )?(petit |court |bref )?(resume|recap|topo)( de {article})?",
            "pourquoi c'est important",
            "de quoi s'agit il",
            "de quoi ça parle",
            "de quoi parle t il",
            "de quoi est il question",
            "ça parle de quoi",
            "que (dit|raconte|nous dit) {article}",
            "qu'est ce que (dit|raconte) {article}",
            "en (bref|résumé|deux mots|une phrase|quelques mots)",
            "(explique|décris|expliquez|décrivez)( moi)? {article}",
            "que se passe t il( dans {article})?",
            "quelles sont les (idées|informations) (principales|essentielles|clés)",
            "parle moi de {article}",
        ),
    },
    fillers="""
cet cette phrase phrases donne donnez peux pouvez fais faites court bref brièvement principal
principale principales principaux ligne lignes nom
""",
    courtesies=(
        "s'il (te|vous) plait|svp|stp|merci|bonjour|salut|coucou|hey|hello|alors|bon|ok|euh|"
        "dis|dites|vite fait|rapidement|simplement",
        "(est ce que )?(tu peux|vous pouvez|peux tu|pouvez vous|tu pourrais|pourrais tu|"
        "pourriez vous)( me)?( dire| donner| expliquer| faire)?",
        "(tu sais|vous savez|sais tu|savez vous|dis moi|dites moi)",
        "je (veux|voudrais|souhaite|cherche a) (savoir|connaitre)?",
        "en (une|deux|trois|quatre|cinq|[1-9]) (phrase|phrases|ligne|lignes|mots|points)",
        "en gros|au fait|et",
    ),
    small_numbers="une deux trois quatre cinq",
    mention_counts=(
        "le mot {word} (revient|apparait|figure) combien de fois",
        "combien de fois (on|il|elle|l'article|le texte) (parle|mentionne|cite|dit|evoque|nomme) "
        "(de |du |des |d'|le mot |le nom )?(l'|le |la |les )?{word}",
        "combien de fois (l'|le |la |les )?{word} (est|sont)([- ](il|elle|ils|elles))? "
        "(mentionné|mentionnée|mentionnés|mentionnées|cité|citée|cités|citées|nommé|nommée)( .*)?",
        "combien de fois (est|sont) (mentionné|mentionnée|cité|citée|nommé|nommée) "
        "(l'|le |la |les )?{word}",
        "combien de fois (apparaît|figure|revient) (le mot|le nom) {word}( dans .*)?",
        "combien de fois (le mot|le nom) {word} (apparaît|figure|revient)([- ]t?[- ]?il)?"
        "( dans .*)?",
        "combien de fois (l'|le |la |les )?{word} (apparaît|figure|revient)([- ]t?[- ]?(il|elle))? "
        "dans (l'article|le texte)",
        "(le )?nombre (de mentions|d'occurrences) (de |du |d')(mot |l'|la |les )?{word}",
    ),
    mention_places=(
        "(quels|quelles)( sont les)? {places} (sont )?(mentionnés|mentionnées|cités|citées|nommés"
        "|nommées)( .*)?",
    ),
    mention_people=(
        "qui est (mentionne|cite|nomme)( .*)?",
        "(quelles|quels)( sont les)? (personnes|personnalites|noms|personnages) (sont "
        ")?(mentionnees|citees|nommees|mentionnes|cites)( .*)?",
        "(quelles|qui) sont les (personnes|personnalites|personnages)( .*)?",
    ),
    person_question="quelle personne est mentionnée ?",
    place_words={"country": "pays états", "city": "villes", "place": "lieux endroits"},
    length_text="{words} mots, {characters} caractères",
    mentions_text="« {word} » est mentionné : {count} ×",
    help="Demandez ce à quoi l'article peut répondre : qui, quoi, quand, où, pourquoi, combien.",
    scales={3: "mille", 6: "million millions", 9: "milliard milliards", 12: "billion billions"},
    percent_words=("pour cent",),
    date_particles="en le du de l année an er",
    amount_particles="de d",
    after_million="de ",
    after_million_elided="d'",
    currencies={
        "dollar": (
            "dollar",
            "dollars",
        ),
        "euro": (
            "euro",
            "euros",
        ),
        "pound": (
            "livre",
            "livres",
        ),
        "ruble": (
            "rouble",
            "roubles",
        ),
        "dinar": (
            "dinar",
            "dinars",
        ),
        "dirham": (
            "dirham",
            "dirhams",
        ),
        "riyal": (
            "riyal",
            "riyals",
        ),
        "lira": (
            "lire",
            "lires",
        ),
        "yuan": (
            "yuan",
            "yuans",
        ),
        "yen": (
            "yen",
            "yens",
        ),
        "franc": (
            "franc",
            "francs",
        ),
    },
)
