"""English."""

from qa.languages.record import Language

LANGUAGE = Language(
    code="en",
    function_words="""
a about above after again against ain all am an and any are aren aren't as at be because been
before being below between both but by can couldn couldn't d did didn didn't do does doesn
doesn't doing don don't down during each few for from further had hadn hadn't has hasn hasn't
have haven haven't having he her here hers herself him himself his how i if in into is isn isn't
it it's its itself just ll m ma me mightn mightn't more most mustn mustn't my myself needn
needn't no nor not now o of off on once only or other our ours ourselves out over own re s same
shan shan't she she's should should've shouldn shouldn't so some such t than that that'll the
their theirs them themselves then there these they this those through to too under until up ve
very was wasn wasn't we were weren weren't what when where which while who whom why will with
won won't wouldn wouldn't y you you'd you'll you're you've your yours yourself yourselves much
many
""",
    question_words={
        "date": "when",
        "person": "who whom whose",
        "place": "where",
        "reason": "why",
        "manner": "how",
        "thing": "what which whats wat wats",
    },
    question_nouns={
        "quantity": """
number percent volume amount population age height length size cost price value rate speed
weight distance
""",
        "date": "year date month century day decade",
        "person": "person president king queen author",
        "place": "city country place state region capital continent river",
        "organisation": """
company organisation organization team university group party committee agency
""",
        "reason": "reason cause why",
    },
    measures="""
many much old tall far large big often long high deep wide fast heavy hot cold early late soon
""",
    noun_phrase_ends="did does do have has had can could will would should",
    subordinators="that which",
    conjunctions="and",
    disjunctions="or",
    comparisons={
        "how long is {}?": ("longer", "shorter"),
        "how much does {} cost?": ("cheaper", "dearer", "pricier", "expensive"),
        "what year is {} from?": ("older", "newer"),
        "how old is {}?": ("younger",),
        "how high is {}?": ("higher", "taller", "lower"),
        "how large is {}?": ("larger", "bigger", "smaller"),
        "how fast is {}?": ("faster", "slower"),
        "how far is {}?": ("nearer", "closer", "farther", "further"),
        "how heavy is {}?": ("heavier", "lighter"),
        "how deep is {}?": ("deeper", "shallower"),
        "how wide is {}?": ("wider", "broader", "narrower"),
        "": ("more", "less", "fewer", "better", "worse", "earlier", "later"),
    },
    follow_up_openings="and but then so",
    pronouns="he him his she her hers it its they them their theirs this these those",
    follow_up_phrases=("what about", "how about"),
    months_and_weekdays="""
january february march april may june july august september october november december monday
tuesday wednesday thursday friday saturday sunday
""",
    date_words="year years century month day decade since",
    amount_words="""
million billion thousand hundred dozen percent dollars euros one two three four five six seven
eight nine ten twelve twenty thirty half
""",
    determiners=r"\b(?:a|an|the)\b",
    example_questions={
        "number": "What does “{}” refer to?",
        "date": "What happened in “{}”?",
        "quote": "Who said “{}”?",
    },
    refusal="The article does not say.",
    yes_no_openings="""
is are was were am do does did has have had will would can could shall should may might must isn
aren wasn weren don doesn didn hasn haven hadn won wouldn couldn shouldn
""",
    requests=(
        "can you",
        "could you",
        "will you",
        "would you",
    ),
    card={
        "sure": "Found in the article",
        "likely": "Probably",
        "not sure": "Weak match: check the passage",
        "quoted": "quoted in {}",
        "answer in": "The answer is in {}:",
        "evidence": "What the article says about it:",
        "own words": "in the article's words",
        "romanised": "in Latin letters",
        "perhaps": "perhaps: {}",
        "matched": "Words that match",
        "why": "Why?",
        "closest": "The closest passage",
        "copy": "Copy",
        "copied": "Copied",
        "translate": "Translate",
        "translation": "Machine translation",
        "understood": "Read together with “{}”",
        "unsupported": "(not supported by the passages)",
        "paragraph": "paragraph",
        "page": "page",
        "slide": "slide",
        "sheet": "sheet",
        "chapter": "chapter",
        "time": "time",
    },
    small_talk=(
        "good morning",
        "good afternoon",
        "good evening",
        "good night",
        "how are you",
        "how are you doing",
        "what is up",
        "whats up",
        "what's up",
        "k",
        "fine",
        "great",
        "nice",
        "cool",
        "good",
        "perfect",
        "got it",
        "i see",
        "yes",
        "no",
        "yep",
        "nope",
        "sure",
        "see you",
        "who are you",
        "what are you",
        "what is your name",
        "what can you do",
        "how do you work",
        "are you a robot",
        "are you human",
        "help",
        "help me",
        "test",
        "testing",
        "please",
        "hmm",
        "wow",
        "sup",
        "how's it going",
        "how is it going",
        "how are things",
        "good evening everyone",
        "good morning everyone",
        "hello world",
        "never mind",
        "nevermind",
        "are you there",
        "can you help me",
        "i need help",
        "what's your name",
        "who made you",
        "who built you",
        "lorem ipsum",
        "blah blah",
        "la la la",
        "nothing",
        "just testing",
        "mate",
        "dude",
        "bro",
        "buddy",
        "friend",
        "my friend",
        "guys",
        "folks",
        "again",
        "a lot",
        "so much",
        "very much",
        "for your help",
        "for the help",
        "for that",
        "for the answer",
        "nice one",
        "well done",
        "good job",
        "great job",
        "awesome",
        "amazing",
        "can i ask you something",
        "can i ask a question",
        "i have a question",
        "how r u",
        "good to know",
        "makes sense",
        "understood",
        "omg",
        "idk",
        "whatever",
        "never mind that",
        "see ya",
        "later",
        "good day",
        "have a nice day",
        "you too",
        "that's all",
        "thats all",
    ),
    greetings="""
hello hi hey hiya yo gm gn thanks thank thx thnx ty tysm cheers bye goodbye cya lol lmao rofl
haha hahaha ok okay kk okey sorry sry nvm brb afk wassup wazzup howdy greetings welcome congrats
bored
""",
    chat_words="""
mate bro dude buddy pal friend friends guys everyone everybody all folks star legend best smart
clever robot bot machine pretty fair enough found it wrong window getting coffee lunch later
just really so very much lot lots help helping nite night day morning evening afternoon good
great nice cool awesome amazing brilliant perfect fine ur u r youre im ive whats up going go
appreciate it that this now then well done man sir madam team back again here there tbh tho ya
yeah
""",
    chat_spellings={
        "u": "you",
        "ur": "your",
        "wat": "what",
        "wut": "what",
        "whats": "what's",
        "whos": "who's",
        "wheres": "where's",
        "hows": "how's",
        "r": "are",
        "lang": "language",
        "goin": "going",
        "gimme": "give me",
        "lemme": "let me",
        "pls": "please",
        "plz": "please",
        "b4": "before",
        "abt": "about",
        "wrote": "wrote",
        "writen": "written",
        "dis": "this",
        "da": "the",
        "originaly": "originally",
    },
    article_words="article text story report page document news piece post",
    article_pronouns="it this that",
    about_words={
        "title": "title headline heading",
        "byline": "author byline wrote writer written journalist reporter",
        "date": "published publication posted",
        "source": "source",
        "language": "language",
        "summary": """
summary summarise summarize summarised summarized overview gist tldr topic subject theme point
points idea message content
""",
    },
    about_words_of_article={
        "date": "date dated old",
        "length": "long length words characters short",
    },
    about_phrases={
        "title": (
            "(give|show|tell)( me)? the (exact |full |whole )?(title|headline)( again| of "
            "{article})?",
            "how is {article} (titled|called|named|headed)",
            "what( is|'s|s| was) {article} (called|titled|named)",
            "what is the name of {article}",
        ),
        "byline": (
            "who('s| is| was)( the)? (journalist|reporter|author|writer|person)? ?behind {article}",
            "who wrote (this|the) (news|thing)",
            "who (reported|signed|authored|penned) {article}",
        ),
        "date": (
            "(what|which) (day|date|year|month) (was|is) {article} (posted|published|written|from)",
            "is {article} from (today|yesterday|this week|last week|this year|last year)( or .*)?",
            "how (recent|fresh|new) is {article}",
            "(publication|publishing|release) date( of {article})?",
            "(date|day) of publication( of {article})?",
            "when (was|is) {article} (written|dated)",
            "when did {article} (come out|appear)",
            "how (old|recent|new) is {article}",
            "is {article} (recent|new|old)",
        ),
        "source": (
            "(which|what) (news )?(newspaper|paper|website|site|magazine|outlet|agency|"
            "publisher) (published|posted|printed|ran) {article}",
            "who('s| is| was) the (publisher|source)( of {article})?",
            "(where('s| is)|give me|show me)? ?the (link|url|address)( to| of)?( {article}| the "
            "original| it)?",
            "where (did|do) you (get|find|take|have) {article}( from)?",
            "where('s| is) {article} from",
            "where (was|is) (it|this|(the|this) (article|text|story|piece)) (published"
            "|posted|from|taken from)",
            "(which|what) (newspaper|paper|website|site|magazine|outlet|agency) (is|was|did)"
            " {article} (published )?(from|in|by|on|come from|appear in)",
            "where (does|did) {article} (come from|appear)",
            "(who|(which|what) (newspaper|paper|website|site|magazine|outlet|agency)) "
            "(published|publishes|printed|posted) {article}",
        ),
        "language": (
            "(was|is) {article} (written )?in .{2,20} or .{2,20}",
            "(what|which) language is {article} in",
            "is {article} (written )?in (arabic|english|french|russian|spanish|german"
            "|turkish|chinese)",
        ),
        "length": (
            "(how many|what number of) (words|characters|pages|lines)( is| are in| in)?( "
            "{article})?",
            "is {article} (a )?(long|short|quick|big)( read| text| article| one)?( or (not|short|"
            "long))?",
            "how (many minutes|much time|long) (does it take|would it take|will it take|do i "
            "need|is it)( me)? to read( {article})?",
            "(reading|read) time( of {article})?",
            "how many minutes( is {article})?( to read)?",
            "how long is (this|the) (thing|news|one)",
            "how (long|short|big) is {article}",
            "(word|character) count( of {article})?",
            "how many (words|characters)( (are|is|are there)( there)? in {article}| does"
            " {article} have)?",
        ),
        "summary": (
            "break {article} down( for (me|us))?",
            "explain {article} (like i'm (5|five)|simply|in simple words)",
            "(what('s| is) )?{article}( all)? about",
            "(can't be bothered to read .*|too long.*|i('m| am) (too )?lazy.*),? ?(what('s| is) "
            "it about|summary|summarise|summarize)?",
            "what('s| is) going on( in| with)?( this one| here| {article})?",
            "(make it |a bit |even |much )?(shorter|briefer|longer)",
            "what( has)? happened",
            "what's happening",
            "what is happening",
            "what('s| is|s) (going on|up|new|the deal)( (in|with) {article})?",
            "why (should i care|does it matter|does this matter|is (it|this|{article}) important)",
            "(the )?(short|shorter|quick|simple) version( of {article})?",
            "(the )?bullet points( of {article})?",
            "(a |the )?(quick|short|brief)? ?(summary|recap|overview|rundown)( of {article})?",
            "(give|show|write|make|get|do)( me| us)?( a| the)?( quick| short| brief)? "
            "(summary|recap|overview|rundown|gist)( of {article})?",
            "(the )?(main|key|important|essential) (points|ideas|facts|bits|parts|details)( "
            "of {article})?",
            "(what|which) are the (main|key|important) (points|ideas|facts|bits|parts|"
            "details)( of {article})?",
            "eli5",
            "what( is|'s|s) {article} (all )?about",
            "what (does|did) {article} (say|tell|discuss|cover)( us)?",
            "tl ?;? ?dr",
            "sum {article} up",
            "sum up {article}",
            "(the )?(key|main) (takeaway|takeaways|message|messages|facts|news)",
            "what are (the )?(key|main) (takeaways|messages|facts)",
            "(please )?(explain|describe|outline|recap|condense|shorten) {article}( to me|"
            " for me| briefly)?",
            "in (short|brief|a nutshell|a few words|one sentence)",
            "what (happened|happens|is happening) in {article}",
            "(please )?(tell me|what can you tell me) about {article}",
            "what is {article} (talking about|saying|telling)",
            "brief me( on {article})?",
            "what is {article} trying to say",
            "what should i know( about {article})?",
            "what is (going on|the story|the news)( in {article})?",
        ),
    },
    fillers="""
please pls plz u ur tell give show write make can could would short brief briefly quick quickly
main key most
important sentence sentences line lines paragraph entire full whole name
""",
    courtesies=(
        "hey|hi|hello|hiya|yo|ok|okay|so|well|um|and|please|pls|plz|thanks|thank you|thx|mate|"
        "bro|dude|quickly|briefly|real quick|just",
        "(hey )?(can|could|would|will) (you|u)( please| pls| kindly| just| maybe| quickly)*( "
        "tell me| give me| say| explain)?",
        "(do|would) (you|u) (know|happen to know)|any idea",
        "(i|we) (want|need|would like|wanna|'d like) (to know|you to)?",
        "tell me|let me know|i wonder|i was wondering|remind me|i'm curious",
        "in (a|one|two|three|four|five|[1-9]) (short |simple |brief )?(sentence|sentences|"
        "line|lines|bullet points|bullets|points|words)",
        "(just )?for me|if you can|if possible",
    ),
    small_numbers="one two three four five",
    mention_counts=(
        "(does|do) (it|{article}|the (article|text|story)) (mention|name) {word}( anywhere| at "
        "all)?",
        "how (often|many times) (does|do|did) (it|they|he|{article}|the (article|text|story)) "
        "(say|mention|name|use|write|contain|repeat|talk about|speak of) "
        "(the (word|name|term) )?{word}",
        "how (often|many times) (is|are|was|were) (the )?((word|name|term) )?{word} "
        "(mentioned|named|cited|referred to)( in .*)?",
        "how (often|many times) (does|do|did) (the )?(word|name|term) {word} "
        "(appear|occur|come up|stand|get mentioned)( in .*)?",
        "how (often|many times) (does|do|did) (the )?{word} (appear|occur|come up|stand) in "
        "(the|this) (article|text|story|page|document)",
        "how many (mentions|occurrences) of (the )?((word|name|term) )?{word} (are there|does .*)",
        "(number|count) of (mentions|occurrences) of (the )?((word|name|term) )?{word}",
        "count (the )?(mentions|occurrences) of (the )?((word|name|term) )?{word}",
    ),
    mention_places=(
        "(which|what) (other )?{places} (come|show|turn|pop) up( in .*)?",
        "(which|what) (other )?{places} (are|is) (there|involved|in there|in {article})( in .*)?",
        "(which|what) (other )?{places} (are|were|get) (mentioned|named)( in .*)?",
        "(which|what) {places} (does|do|did) .* (mention|name)",
        "(list|name) (all )?(the )?{places}( that are)?( mentioned)?( in .*)?",
    ),
    mention_people=(
        "who (all )?(is|are|was|were|gets) (mentioned|named|quoted)( in {article})?",
        "(which|what) (people|persons|names|politicians|figures) (are|were|get|is) (mentioned|"
        "named|in {article}|in there)( in {article})?",
        "who are the (main |key |important )?(people|persons|figures|protagonists)"
        "( (mentioned|named|involved))?( in {article})?",
        "(list|name) (all )?(the )?(people|persons|names)( that are| who are)?( mentioned)?( in "
        "{article})?",
    ),
    person_question="which person is mentioned?",
    place_words={
        "country": "countries states",
        "city": "cities towns",
        "place": "places locations",
    },
    length_text="{words} words, {characters} characters",
    mentions_text="“{word}” is mentioned: {count} ×",
    help="Ask something that the article may answer: who, what, when, where, why or how much.",
    scales={
        3: "thousand thousands",
        6: "million millions",
        9: "billion billions",
        12: "trillion trillions",
    },
    percent_words=("percent", "per cent"),
    date_particles="in on of the year st nd rd th",
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
            "pound",
            "pounds",
        ),
        "ruble": (
            "ruble",
            "rubles rouble roubles",
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
            "lira",
            "lira liras",
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
            "franc",
            "francs",
        ),
    },
)
