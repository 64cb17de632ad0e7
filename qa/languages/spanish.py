"""Spanish."""

from qa.languages.record import Language

LANGUAGE = Language(
    code="es",
    function_words="""
a al algo algunas algunos ante antes como con contra cual cuando de del desde donde durante e el
ella ellas ellos en entre era erais eran eras eres es esa esas ese eso esos esta estaba estabais
estaban estabas estad estada estadas estado estados estamos estando estar estaremos estará
estarán estarás estaré estaréis estaría estaríais estaríamos estarían estarías estas este
estemos esto estos estoy estuve estuviera estuvierais estuvieran estuvieras estuvieron estuviese
estuvieseis estuviesen estuvieses estuvimos estuviste estuvisteis estuviéramos estuviésemos
estuvo está estábamos estáis están estás esté estéis estén estés fue fuera fuerais fueran fueras
fueron fuese fueseis fuesen fueses fui fuimos fuiste fuisteis fuéramos fuésemos ha habida
habidas habido habidos habiendo habremos habrá habrán habrás habré habréis habría habríais
habríamos habrían habrías habéis había habíais habíamos habían habías han has hasta hay haya
hayamos hayan hayas hayáis he hemos hube hubiera hubierais hubieran hubieras hubieron hubiese
hubieseis hubiesen hubieses hubimos hubiste hubisteis hubiéramos hubiésemos hubo la las le les
lo los me mi mis mucho muchos muy más mí mía mías mío míos nada ni no nos nosotras nosotros
nuestra nuestras nuestro nuestros o os otra otras otro otros para pero poco por porque que quien
quienes qué se sea seamos sean seas sentid sentida sentidas sentido sentidos seremos será serán
serás seré seréis sería seríais seríamos serían serías seáis siente sin sintiendo sobre sois
somos son soy su sus suya suyas suyo suyos sí también tanto te tendremos tendrá tendrán tendrás
tendré tendréis tendría tendríais tendríamos tendrían tendrías tened tenemos tenga tengamos
tengan tengas tengo tengáis tenida tenidas tenido tenidos teniendo tenéis tenía teníais teníamos
tenían tenías ti tiene tienen tienes todo todos tu tus tuve tuviera tuvierais tuvieran tuvieras
tuvieron tuviese tuvieseis tuviesen tuvieses tuvimos tuviste tuvisteis tuviéramos tuviésemos
tuvo tuya tuyas tuyo tuyos tú un una uno unos vosotras vosotros vuestra vuestras vuestro
vuestros y ya yo él éramos quién quiénes cuál cuáles cuándo cuánto cuánta cuántos cuántas dónde
adónde cómo
""",
    question_words={
        "quantity": "cuánto cuánta cuántos cuántas",
        "date": "cuándo",
        "person": "quién quiénes",
        "place": "dónde adónde",
        "manner": "cómo",
        "thing": "que qué cuál cuáles",
    },
    question_nouns={
        "quantity": """
número porcentaje volumen cantidad población edad altura longitud tamaño coste costo precio
velocidad tasa peso distancia superficie
""",
        "date": "año fecha mes siglo día década",
        "person": "persona rey reina presidente autor",
        "place": "ciudad país lugar región estado capital continente río",
        "organisation": "empresa organización equipo universidad grupo compañía partido comité",
        "thing": "llama llaman llamaba",
        "reason": "razón causa",
    },
    initial_question_words="que",
    noun_phrase_ends="ha han",
    subordinators="que",
    conjunctions="y e",
    disjunctions="o u",
    comparisons={
        "¿cuánto cuesta {}?": ("más caro", "más cara", "más barato", "más barata"),
        "¿de qué año es {}?": ("más antiguo", "más antigua", "más nuevo", "más nueva"),
        "¿cuántos años tiene {}?": ("más viejo", "más vieja", "más joven"),
        "¿cuánto pesa {}?": ("más pesado", "más pesada", "más ligero", "más ligera"),
        "¿cuánto mide {}?": (
            "más largo",
            "más larga",
            "más corto",
            "más corta",
            "más alto",
            "más alta",
            "más bajo",
            "más baja",
            "más ancho",
            "más ancha",
            "más profundo",
            "más profunda",
        ),
        "": ("más", "menos", "mayor", "menor", "mejor", "peor"),
    },
    follow_up_openings="y pero",
    pronouns="él ella ellos ellas su sus eso esto allí",
    reason_prefix="por",
    months_and_weekdays="""
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre lunes
martes miércoles jueves viernes sábado domingo
""",
    date_words="año años siglo mes día",
    amount_words="""
mil millón millones ciento dólares dos tres cuatro cinco seis siete ocho nueve diez
""",
    determiners=r"\b(?:un|una|unos|unas|el|la|los|las)\b",
    example_questions={
        "number": "¿A qué se refiere «{}»?",
        "date": "¿Qué ocurrió en «{}»?",
        "quote": "¿Quién dijo «{}»?",
    },
    refusal="El artículo no lo dice.",
    yes_no_openings="""
es son fue fueron era eran está están estaba ha han había habrá hay hubo tiene tienen tuvo puede
pueden podrá será serán va van
""",
    requests=(
        "puede usted",
        "puedes",
        "podría usted",
    ),
    card={
        "sure": "Encontrado en el artículo",
        "likely": "Probablemente",
        "not sure": "Coincidencia débil: compruebe el pasaje",
        "quoted": "citado en {}",
        "answer in": "La respuesta está en {}:",
        "evidence": "Lo que el artículo dice al respecto:",
        "own words": "con las palabras del artículo",
        "romanised": "en letras latinas",
        "perhaps": "quizá: {}",
        "matched": "Palabras que coinciden",
        "why": "¿Por qué?",
        "closest": "El pasaje más cercano",
        "copy": "Copiar",
        "copied": "Copiado",
        "translate": "Traducir",
        "translation": "Traducción automática",
        "understood": "Leído junto con «{}»",
        "unsupported": "(los pasajes no lo confirman)",
        "paragraph": "párrafo",
        "page": "página",
        "slide": "diapositiva",
        "sheet": "hoja",
        "chapter": "capítulo",
        "time": "tiempo",
    },
    small_talk=(
        "hola",
        "buenos días",
        "buenas tardes",
        "buenas noches",
        "buenas",
        "gracias",
        "muchas gracias",
        "mil gracias",
        "ok",
        "okay",
        "vale",
        "de acuerdo",
        "perfecto",
        "genial",
        "sí",
        "no",
        "adiós",
        "hasta luego",
        "cómo estás",
        "qué tal",
        "quién eres",
        "cómo te llamas",
        "qué puedes hacer",
        "ayuda",
        "por favor",
        "perdón",
        "lo siento",
        "muchísimas gracias",
        "entendido",
        "nada",
        "estás ahí",
        "puedes ayudarme",
        "a todos",
        "amigo",
        "amigos",
        "por tu ayuda",
        "por su ayuda",
        "muy amable",
        "tengo una pregunta",
        "puedo preguntar algo",
        "qué bien",
        "excelente",
        "bueno",
        "claro",
        "jaja",
        "buen día",
        "hasta mañana",
        "chao",
        "nos vemos",
        "hey",
    ),
    greetings="""
hola holaa holi buenas buenos gracias grax grcs graci ok okey vale adiós chao chau jaja jajaja
perdón saludos bye
""",
    chat_words="""
q qué que tal tío tio amigo amiga amigos todo todos bien muy mucho muchas mil eres lo máximo
genial crack por la ayuda tu su días tardes noches día buen buena hasta luego mañana bueno
perfecto
""",
    chat_spellings={
        "q": "que",
        "k": "que",
        "kien": "quien",
        "x": "por",
        "xq": "por que",
        "d": "de",
    },
    article_words="artículo texto noticia página documento nota reportaje historia",
    article_pronouns="este esto eso",
    about_words={
        "title": "título titular",
        "byline": "autor autora escribió escrito redactor periodista",
        "date": "publicado publicada publicó publicación",
        "source": "fuente",
        "language": "idioma lengua",
        "summary": """
resume resumir resumen resuma resúmelo tema trata habla puntos idea ideas síntesis contenido
""",
    },
    about_words_of_article={
        "date": "fecha",
        "length": "largo longitud palabras caracteres",
    },
    about_phrases={
        "title": ("cómo se (llama|titula) {article}",),
        "byline": (
            "quien (escribio|firmo|redacto) (esto|{article})",
            "quién (escribió|firma|redactó) {article}",
            "de quién es {article}",
        ),
        "date": (
            "(cuál es la )?fecha (de publicación|de {article})?",
            "cuándo (se )?(publicó|escribió|salió) {article}",
            "de cuándo es {article}",
            "es reciente {article}",
        ),
        "source": (
            "de dónde (es|viene|procede) {article}",
            "dónde se publicó {article}",
            "en qué (periódico|diario|sitio|medio) (se publicó|salió|está) {article}",
            "quién publicó {article}",
        ),
        "length": (
            "cuánto (tiempo )?(se tarda en leer|tarda en leerse|toma leer) {article}",
            "tiempo de lectura( de {article})?",
            "cuántas palabras( (tiene|hay en) {article})?",
        ),
        "summary": (
            "de que va (esto|{article})",
            "(aún |un poco )?más (corto|largo|breve)",
            "qué (pasó|ha pasado|ocurrió|sucedió|está pasando)",
            "(de qué|sobre qué) (va|trata|es|habla) {article}",
            "(hazme|haz|dame|escribe|quiero)( un| el)?( breve| pequeño)? resumen( de {article})?",
            "(los )?puntos (clave|principales|importantes)( de {article})?",
            "de qué trata",
            "de qué se trata",
            "de qué va",
            "de qué habla",
            "qué (dice|cuenta|explica) {article}",
            "en (resumen|breve|pocas palabras)",
            "(explica|describe|explícame) {article}",
            "qué (pasa|pasó|ocurre|ocurrió) en {article}",
            "(cuáles son )?(las )?(ideas|noticias) principales",
            "háblame de {article}",
        ),
    },
    fillers="""
frase frases oración oraciones dame puedes haz breve brevemente corto principal principales
línea líneas nombre
""",
    courtesies=(
        "y|por favor|porfa|hola|oye|oiga|bueno|pues|gracias|a ver|rápido",
        "(me )?(puedes|podrías|puede|podría)( decirme| decir| dar| darme| hacer| explicar)?",
        "(sabes|sabe usted|dime|dígame)",
        "(quiero|quisiera|me gustaría) (saber)?",
        "en (una|dos|tres|cuatro|cinco|[1-9]) (frase|frases|líneas|oraciones|palabras|puntos)",
    ),
    small_numbers="una dos tres cuatro cinco",
    mention_counts=(
        "cuántas veces (se menciona|se nombra|se cita) (a )?(la palabra |el nombre )?{word}"
        "( en .*)?",
        "cuántas veces (aparece|sale) (la palabra|el nombre) {word}( en .*)?",
        "cuántas veces (aparece|sale) {word} en el (artículo|texto)",
        "cuántas veces (la palabra |el nombre )?{word} (se menciona|es mencionad[oa])( en .*)?",
        "número de (menciones|apariciones) de {word}",
    ),
    mention_places=(
        "(qué|cuáles) {places} (se (mencionan|nombran|citan)|aparecen|son mencionad[oa]s)( .*)?",
    ),
    mention_people=(
        "(quién|quiénes) (se menciona|se mencionan|es mencionado|aparece|aparecen)( .*)?",
        "qué (personas|nombres) (se mencionan|aparecen)( .*)?",
    ),
    person_question="¿qué persona se menciona?",
    place_words={"country": "países estados", "city": "ciudades", "place": "lugares sitios"},
    length_text="{words} palabras, {characters} caracteres",
    mentions_text="«{word}» se menciona: {count} ×",
    help="Pregunte lo que el artículo pueda responder: quién, qué, cuándo, dónde, cuánto.",
    scales={3: "mil", 6: "millón millones", 12: "billón billones"},
    percent_words=("por ciento",),
    date_particles="en el de del año",
    amount_particles="de",
    after_million="de ",
    currencies={
        "dollar": (
            "dólar",
            "dólares",
        ),
        "euro": (
            "euro",
            "euros",
        ),
        "pound": (
            "libra",
            "libras",
        ),
        "ruble": (
            "rublo",
            "rublos",
        ),
        "dinar": (
            "dinar",
            "dinares",
        ),
        "dirham": (
            "dírham",
            "dírhams",
        ),
        "riyal": (
            "riyal",
            "riyales",
        ),
        "lira": (
            "lira",
            "liras",
        ),
        "yuan": (
            "yuan",
            "yuanes",
        ),
        "yen": (
            "yen",
            "yenes",
        ),
        "franc": (
            "franco",
            "francos",
        ),
    },
)
