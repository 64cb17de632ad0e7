"""Turkish."""

from qa.languages.record import Language

LANGUAGE = Language(
    code="tr",
    function_words="""
acaba ama ancak artık aslında ayrıca az bana bazen bazı bazıları belki ben benden beni benim
beri bile biri birkaç birşey biz bize bizi bizim bu buna bunda bundan bunlar bunlara bunlardan
bunları bunların bunu bunun burada böyle böylece da daha dahi de defa değil diye diğer dolayı
dolayısıyla en eğer fakat gibi göre hakkında hala halde halen hangi hatta hem hemen henüz hep
hepsi her herhangi herkes herkesin hiç hiçbir hiçbiri ile ilgili ise itibaren itibariyle için
işte kadar karşın kendi kendilerine kendini kendisi kendisine kendisini kez ki kim kimden kime
kimi kimler kimse lakin madem mi mu mü mı nasıl ne neden nedir nerde nerede nereden nereye niye
niçin o ona ondan onlar onlara onlardan onları onların onu onun oysa pek rağmen sadece sanki sen
senden seni senin siz sizden sizi sizin ta tarafından tüm tümü ve veya veyahut ya yani yerine
yine yoksa zaten zira çok çünkü üzere şey şu şuna şunda şundan şunlar şunlara şunlardan şunu
şunun şöyle kimin hangisi kaç kaçıncı kimdir nelerdir oldu
""",
    question_words={
        "quantity": "kaç",
        "person": "kim kimi kime kimin kimler kimdir",
        "place": "nerede nereye nereden neresi neresidir nerededir",
        "reason": "neden niçin niye",
        "manner": "nasıl",
        "thing": "ne nedir neyi neye neler nelerdir hangi hangisi hangileri",
    },
    question_nouns={
        "quantity": "sayı yüzde miktar nüfus kadar yaş yükseklik uzunluk hız oran fiyat mesafe",
        "date": "yıl tarih ay yüzyıl gün zaman",
        "person": "kişi kral kraliçe başkan yazar",
        "place": "şehir ülke yer bölge kent eyalet başkent kıta nehir",
        "organisation": "şirket firma örgüt kurum takım üniversite parti",
        "reason": "sebep nedeni",
    },
    conjunctions="ve",
    disjunctions="yoksa veya",
    comparisons={
        "{} ne kadar uzun?": ("daha uzun", "daha kısa"),
        "{} kaç para?": ("daha pahalı", "daha ucuz"),
        "{} hangi yıldan?": ("daha eski", "daha yeni"),
        "{} kaç yaşında?": ("daha yaşlı", "daha genç"),
        "{} ne kadar yüksek?": ("daha yüksek", "daha alçak"),
        "{} ne kadar büyük?": ("daha büyük", "daha küçük"),
        "{} kaç kilo?": ("daha ağır", "daha hafif"),
        "": ("daha",),
    },
    follow_up_openings="ve ama peki",
    pronouns="onu ona onun onlar onların bunu buna bunun orada",
    months_and_weekdays="""
ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık pazartesi salı
çarşamba perşembe cuma cumartesi pazar
""",
    date_words="yıl yılı yılında yüzyıl ay gün",
    amount_words="milyon milyar bin yüzde dolar iki üç dört beş altı yedi sekiz dokuz",
    example_questions={
        "number": "“{}” neyi anlatıyor?",
        "date": "“{}” ne oldu?",
        "quote": "“{}” kimin sözü?",
    },
    refusal="Makale bunu söylemiyor.",
    yes_no_words="""
mı mi mu mü mıdır midir mudur müdür mıydı miydi muydu müydü mıyım miyim mısın misin mıyız miyiz
mısınız misiniz mılar miler
""",
    card={
        "sure": "Makalede bulundu",
        "likely": "Büyük olasılıkla",
        "not sure": "Zayıf eşleşme: bölümü kontrol edin",
        "quoted": "alıntının dili: {}",
        "answer in": "Yanıtın dili {}:",
        "evidence": "Makalenin bu konuda söylediği:",
        "own words": "makalenin sözleriyle",
        "romanised": "Latin harfleriyle",
        "perhaps": "belki: {}",
        "matched": "Eşleşen sözcükler",
        "why": "Neden?",
        "closest": "En yakın bölüm",
        "copy": "Kopyala",
        "copied": "Kopyalandı",
        "translate": "Çevir",
        "translation": "Makine çevirisi",
        "understood": "Şu soruyla birlikte okundu: “{}”",
        "unsupported": "(bölümler doğrulamıyor)",
        "paragraph": "paragraf",
        "page": "sayfa",
        "slide": "slayt",
        "sheet": "sayfa",
        "chapter": "bölüm",
        "time": "zaman",
    },
    small_talk=(
        "merhaba",
        "selam",
        "selamlar",
        "günaydın",
        "iyi günler",
        "iyi akşamlar",
        "iyi geceler",
        "teşekkürler",
        "teşekkür ederim",
        "çok teşekkürler",
        "sağ ol",
        "sağol",
        "tamam",
        "peki",
        "evet",
        "hayır",
        "güle güle",
        "hoşça kal",
        "görüşürüz",
        "nasılsın",
        "nasılsınız",
        "sen kimsin",
        "siz kimsiniz",
        "adın ne",
        "ne yapabilirsin",
        "yardım",
        "lütfen",
        "pardon",
        "süper",
        "harika",
        "çok teşekkür ederim",
        "anladım",
        "naber",
        "orada mısın",
        "yardım et",
        "hiç",
        "herkese",
        "arkadaşlar",
        "arkadaşım",
        "dostum",
        "yardımın için",
        "yardımınız için",
        "bir sorum var",
        "soru sorabilir miyim",
        "çok iyi",
        "mükemmel",
        "bravo",
        "eyvallah",
        "iyi",
        "kolay gelsin",
        "haha",
    ),
    greetings="""
selam slm selamlar merhaba mrb merhabalar sağol saol sağolun teşekkürler teşekkür tşk tamam tmm
naber nbr haha hahaha bye görüşürüz
""",
    chat_words="""
kanka dostum arkadaşım arkadaşlar nasılsın nasılsınız iyi iyiyim çok ne haber ederim size sana
hocam abi abla herkese günler akşamlar geceler
""",
    chat_spellings={
        "ya": "",
        "yaa": "",
        "napıyo": "ne yapıyor",
        "bi": "bir",
    },
    article_words="""
makale makalenin makaleyi makalede yazı yazının yazıyı yazıda haber haberin haberi haberde metin
metnin metni metinde belge belgenin sayfa sayfanın
""",
    article_pronouns="bu o",
    about_words={
        "title": "başlık başlığı",
        "byline": "yazar yazarı yazdı yazan yazmış gazeteci",
        "date": "yayınlandı yayımlandı yayınlanmış yayın",
        "source": "kaynak kaynağı",
        "language": "dil dilde dili",
        "summary": """
özet özetle özetler özeti özetleyin konu konusu anlatıyor bahsediyor fikir fikri noktalar
""",
    },
    about_words_of_article={
        "date": "tarih tarihi",
        "length": "uzun uzunluğu kelime karakter",
    },
    about_phrases={
        "title": ("{article} (adı|başlığı) ne(dir)?",),
        "date": (
            "{article} ne zaman (yayınlanmış|yayımlanmış|çıkmış)",
            "(yayın|yayınlanma|yayım) tarihi( ne(dir)?)?",
            "ne zaman (yayınlandı|yayımlandı|yazıldı|çıktı)",
            "{article} ne zaman (yayınlandı|yayımlandı|yazıldı|çıktı)",
            "{article} (güncel|yeni|eski) mi",
        ),
        "source": (
            "{article} (nerede|hangi gazetede|hangi sitede) (yayınlandı|yayımlandı|çıktı)",
            "{article} nereden( alındı)?",
            "kim (yayınladı|yayımladı)",
        ),
        "length": (
            "{article}( okumak)? kaç dakika( sürer)?",
            "okuma süresi",
            "(kaç kelime|kaç karakter)",
            "{article} kaç (kelime|karakter)(den oluşuyor)?",
        ),
        "summary": (
            "ne (oldu|olmuş)( ya)?",
            "ne (oldu|oluyor|olmuş)",
            "(kısa )?(bir )?özet( ver| yap| geç)?( lütfen)?",
            "ne hakkında",
            "konu ne",
            "ne anlatıyor",
            "neden bahsediyor",
            "{article} ne (diyor|söylüyor|anlatıyor)",
            "{article}( bana)? (açıkla|anlat|tarif et)",
            "{article} ne (oldu|oluyor)",
            "(ana|önemli) (fikirler|noktalar)( ne(dir)?)?",
            "kısaca( anlat)?",
        ),
    },
    fillers="cümle cümlede cümleyle lütfen kısa kısaca ana önemli hakkında misin",
    courtesies=(
        "ve|lütfen|merhaba|selam|peki|şey|hey|acaba|bana|kısaca",
        "(söyler|anlatır|verir|yapar) (misin|mısın|misiniz|mısınız)",
        "(biliyor musun|biliyor musunuz|söyle|söyleyin)",
        "(bir|iki|üç|dört|beş|[1-9]) (cümlede|cümleyle|satırda|kelimeyle)",
    ),
    small_numbers="bir iki üç dört beş",
    mention_counts=(
        "((bu )?(metinde|makalede|yazıda|haberde) )?{word} (kelimesi |sözcüğü |adı |ismi )?kaç "
        "(kez|defa|kere) (geçiyor|geçer|geçmektedir|geçmiş|anılıyor|yazıyor|kullanılıyor)",
        "{word}('[dt]en|'[dt]an)? kaç (kez|defa|kere) (bahsediliyor|söz ediliyor)",
    ),
    mention_places=(
        "((bu )?(metinde|makalede|yazıda|haberde) )?hangi {places} (geçiyor|anılıyor|var)",
        "hangi ({places})(den|dan)? (bahsediliyor|söz ediliyor)",
    ),
    mention_people=(
        "((bu )?(metinde|makalede|yazıda|haberde) )?(kimler|kim|hangi kişiler) (geçiyor|anılıyor|"
        "var)",
        "(kimlerden|kimden|hangi kişilerden) (bahsediliyor|söz ediliyor)( .*)?",
    ),
    person_question="kim?",
    place_words={
        "country": "ülkeler ülke",
        "city": "şehirler kentler şehir",
        "place": "yerler yer",
    },
    length_text="{words} kelime, {characters} karakter",
    mentions_text="“{word}” geçiyor: {count} ×",
    help="Makalenin yanıtlayabileceği bir şey sorun: kim, ne, ne zaman, nerede, neden.",
    scales={3: "bin", 6: "milyon", 9: "milyar", 12: "trilyon"},
    percent_words=("yüzde",),
    date_particles="yılında yılı",
    currencies={
        "dollar": (
            "dolar",
            "dolar",
        ),
        "euro": (
            "avro",
            "avro euro",
        ),
        "ruble": (
            "ruble",
            "ruble",
        ),
        "dinar": (
            "dinar",
            "dinar",
        ),
        "dirham": (
            "dirhem",
            "dirhem",
        ),
        "riyal": (
            "riyal",
            "riyal",
        ),
        "lira": (
            "lira",
            "lira",
        ),
        "yuan": (
            "yuan",
            "yuan",
        ),
        "yen": (
            "yen",
            "yen",
        ),
        "franc": (
            "frank",
            "frank",
        ),
    },
)
