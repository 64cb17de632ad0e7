"""French."""

from qa.languages.record import Language

LANGUAGE = Language(
    code="fr",
    names={"en": "French", "ar": "الفرنسية", "fr": "français", "ru": "французский"},
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
""",
        "date": "année mois siècle jour",
        "person": "personne roi auteur",
        "place": "ville pays lieu région état",
        "organisation": "entreprise société équipe université groupe",
        "thing": "appelle appel",
        "reason": "raison",
    },
    ambiguous="que comme",
    openings="et mais puis alors",
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
    refusal="L'article ne le dit pas. Le passage le plus proche :",
    sureness={"sure": "sûr", "likely": "probable", "not sure": "peu sûr"},
    unsupported="(non confirmé par les passages)",
    why="Pourquoi ce passage ?",
)
