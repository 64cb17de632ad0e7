"""Words that decide where sentences end: abbreviations, words that open one, verbs of speech."""

from __future__ import annotations

# Abbreviations that a name, a number or a noun follows; sentencex has others. Of the second list,
# which are words as well ("no", "art"), only a number follows.
BEFORE_NAMES = frozenset(
    """
    abt approx aprox arts ave av avda bd bkz blvd cad capt cf ch chap cllr dept dr dra dña env fa
    figs ft gov hrsg ing jul aug sept oct janv févr avr juil déc kap lt ltd maj mgr mlle mm mme
    mmes mr mrs ms nos núm op pág págs pp pct pers pr pres prof prov rep rev rte sect sen sgt sn sr
    sra sres srta st sta sto subs univ v vda vgl vols yakl zb şek doç öğr gör mah sok d dn m al
    agric asst tic san párr civ consom abb abs aufl überarb gem mind evtl ggf inkl zzgl geb verh
    gest hl tgl str hauptstr ecke tägl alb yzb bnb tğm kur çev haz yay krş der ed hz cf réf ex éd
    coll trad vv intro г гл гр д им изд илл корп млн млрд тыс обл оз пер пл прож проф рис руб с св
    см соч ст стр т табл тов ул экз акад вып ред янв февр апр авг сент окт нояб дек ок ср дж ауд
    пос пр-т наб тел доб
    """.split()  # noqa: SIM905  # a list takes a line a word
)
BEFORE_NUMBERS = frozenset(
    """
    app art cap col dir fig gen jan feb mar apr jun nov dec me mt no nr p par para pt sec str tab
    tel temp vol apt cilt sk c l кв пос фиг чел ص
    """.split()  # noqa: SIM905  # a list takes a line a word
)
# Words that open a sentence where they have a capital letter: pronouns, articles, prepositions.
# What stands before them has ended, whatever it is ("vitamin D. The", "Plan B. Niemand").
OPENERS = {
    language: frozenset(words.split())
    for language, words in {
        "en": """
            A After All Although An And Are As At Before But By Did Do Does During Each Few For
            From Good Had Has Have He Her Here His How However I If In Is It Its Many Mine Most My
            Neither No Nobody None Nor Not Nothing Of On Once One Only Or Our Over She Since So
            Some Still That The Their Then There These They This Those To Under Until Was We Were
            What When Where Which While Who Why With Yet You Your
            """,
        "fr": """
            Ainsi Alors Après Au Aucun Aucune Aujourd'hui Aux Avant Avec C'est Car Ce Cela Ces Cet
            Cette Chez Comme Contre D'autres Dans Depuis Donc Elle Elles En Entre Est Et Il Ils
            J'ai Je L'an La Le Les Leur Leurs Lors Lorsque Mais Même Ni Non Nos Notre Nous On Or Où
            Par Pendant Personne Plus Pour Pourquoi Puis Quand Que Quel Quelle Quelques Qui Sa Sans
            Selon Ses Si Son Sous Sur Tous Tout Toute Un Une Vers Votre Vous
            """,
        "de": """
            Aber Alle Allerdings Als Also Am An Auch Auf Aus Bei Beim Bis Bitte Da Dabei Dafür
            Damals Damit Danach Dann Das Dass Dem Den Denn Der Deren Des Deshalb Die Dies Diese
            Diesem Diesen Dieser Dieses Doch Dort Du Durch Ein Eine Einem Einen Einer Er Es Für
            Gegen Hier Hierfür Ich Ihm Ihr Ihre Ihren Im In Ja Jede Jeder Jedoch Jetzt Kein Keine
            Man Mein Mit Nach Nachdem Nein Nicht Nichts Niemand Noch Nun Nur Ob Obwohl Oder Ohne
            Schon Sein Seine Seit Sie So Sogar Solche Später Trotz Über Um Und Uns Unser Unter
            Viele Vom Von Vor Während Wann War Warum Was Weil Wenn Wer Wie Wir Wo Zu Zudem Zum Zur
            Zwar Zwischen
            """,
        "es": """
            A Además Ahora Al Antes Así Aunque Cada Como Con Cuando De Del Desde Después Donde Dos
            Durante El Ella Ellas Ellos En Entonces Entre Era Es Esa Ese Eso Esta Estaba Este Esto
            Estos Fue Fueron Ha Hasta Hay La Las Le Les Lo Los Mientras Muchos Nadie Ni Ninguno No
            Nos Nunca Otro Otros Para Pero Por Porque Que Según Se Si Sin Sobre Solo Su Sus También
            Tampoco Tenía Todo Todos Tras Un Una Unos Y Ya Yo
            """,
        "ru": """
            Без Более Был Была Были Было В Вас Ведь Весь Во Вот Все Всё Вы Где Да Даже Для До Его
            Её Ей Ему Если Есть Ещё За Здесь И Из Или Им Их К Как Какой Когда Кроме Кто Мне Многие
            Мой Мы На Над Нам Нас Не Него Но Ну О Об Однако Он Она Они Оно От Перед По Под Позже
            Поэтому После Потом При Про Разве С Своих Сейчас Со Среди Так Также Там Тем Теперь То
            Тогда Тот Ты У Хотя Чем Через Что Чтобы Эта Эти Это Этот Я
            """,
        "tr": """
            Ama Ancak Aynı Ayrıca Bazı Belki Ben Bile Bir Biri Birçok Biz Böyle Bu Buna Bunlar Bunu
            Bunun Bütün Çok Çünkü Da Daha Dahası De Diğer Dolayısıyla Eğer En Fakat Gibi Hatta Hem
            Hemen Henüz Her Hiç Hiçbir İlk İçin İşte Kim Kimse Ne Neden Nerede O Ona Onlar Onu Onun
            Orada Oysa Öyle Sadece Siz Sonra Şimdi Şu Tüm Ve Veya Ya Yalnız Yani Yine
            """,
        "ar": """
            أما ثم لكن لكنها لكنه فيما كما إلا وأضاف وأكد وقال وقالت وقد وكان وكانت وكذلك ولا ولم
            ولن ولكن وليس وهذا وهو وهي ومن وفي وأما وثم ولو ويذكر وبعد وانضم وانضمت
            """,
    }.items()
}
# Of these, what may be the name after an initial: "J. Le Goff", "M. De la Cruz".
IN_NAMES = frozenset({"A", "Al", "Am", "De", "Del", "El", "La", "Las", "Le", "Les", "Los", "Von"})
# Abbreviations that any sentence may follow in the middle of another: "cf. Les Misérables".
BEFORE_ANYTHING = frozenset(
    "b bkz bzw cf d e ebd ex g h i i.e krş mr ms mrs nr p s st u vgl viz z вкл см ср т".split()  # noqa: SIM905  # shorter so
)
# Verbs that say who spoke, after a quotation that ends with a mark of its own.
SPEECH = {
    "en": r"said|says|asked|asks|cried|shouted|replied|answered|whispered|called|added|told",
    "fr": r"dit|demanda|cria|répondit|lança|murmura|ajouta|a dit|a demandé",
    "de": r"sagte|fragte|rief|schrie|antwortete|flüsterte|meinte",
    "es": r"dijo|preguntó|gritó|respondió|contestó|añadió",
    "ru": r"сказал|спросил|крикнул|ответил|прошептал|воскликнул|добавил",
    "tr": r"dedi|diye|sordu|bağırdı|yanıtladı|fısıldadı",
    "ar": r"قال|قالت|سأل|سألت|صاح|صاحت|رد|ردت|أجاب|أجابت|هتف|همس|همست|تساءل|تساءلت|أضاف",
    "zh": r"说|問|问|道|喊|叫|答|嚷|吼",
}
