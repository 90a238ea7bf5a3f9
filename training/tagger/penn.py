# SPDX-License-Identifier: Apache-2.0
"""Penn Treebank tags in the order of the model file, and the words of English's closed classes."""

TAGS = ("CC CD DT EX FW IN JJ JJR JJS MD NN NNS NNP NNPS PDT POS PRP PRP$ RB RBR RBS RP SYM TO UH "
        "VB VBD VBG VBN VBP VBZ WDT WP WP$ WRB . , : '' ( ) HYPH").split()
INDEX = {tag: index for index, tag in enumerate(TAGS)}

# Marks have one tag each.
MARKS = {".": ".", "?": ".", "!": ".", ",": ",", ";": ":", ":": ":", "--": ":", "...": ":",
         "---": ":", "/": ":", "-": "HYPH", "'": "''", '"': "''", "``": "''", "''": "''",
         "(": "(", "[": "(", "{": "(", ")": ")", "]": ")", "}": ")", "%": "NN", "$": "SYM"}

# Words whose tags we list in full, with how often each is right (our estimate, in hundredths).
CLOSED = """
the DT | a DT | an DT | this DT | these DT | those DT | every DT | each DT | another DT | any DT
some DT | no DT 95 RB 3 UH 2 | either DT 40 CC 50 RB 10 | neither DT 40 CC 60
both DT 50 CC 35 PDT 15 | all DT 75 PDT 20 RB 5 | half NN 70 PDT 15 JJ 15 | such JJ 85 PDT 15
that IN 55 DT 20 WDT 24 RB 1 | which WDT | what WP 75 WDT 20 PDT 5 | whatever WDT 60 WP 40
who WP | whom WP | whoever WP | whose WP$ | when WRB | where WRB | why WRB | how WRB | whenever WRB
wherever WRB | and CC | or CC | but CC 95 IN 4 RB 1 | nor CC | yet RB 70 CC 30 | plus CC 60 IN 40
& CC | i PRP 90 CD 5 NNP 5 | you PRP | he PRP | she PRP | it PRP | we PRP | they PRP | me PRP
him PRP | us PRP | them PRP | her PRP$ 65 PRP 35 | his PRP$ 97 PRP 3 | its PRP$ | my PRP$
your PRP$ | our PRP$ | their PRP$ | mine PRP 40 NN 50 VB 5 VBP 5 | yours PRP | hers PRP | ours PRP
theirs PRP | myself PRP | yourself PRP | himself PRP | herself PRP | itself PRP | ourselves PRP
themselves PRP | yourselves PRP | one CD 75 NN 15 PRP 10 | two CD | three CD | four CD | five CD
six CD | seven CD | eight CD | nine CD | ten CD | eleven CD | twelve CD | twenty CD | thirty CD
hundred CD | thousand CD | million CD | billion CD | dozen NN | zero CD
of IN | in IN 97 RP 2 RB 1 | on IN 93 RP 6 RB 1 | at IN | by IN 99 RB 1 | for IN | with IN
from IN | as IN 85 RB 15 | into IN | onto IN | upon IN | about IN 75 RB 24 RP 1 | over IN 75 RP 15 RB 10
under IN 97 RB 3 | after IN 98 RB 2 | before IN 95 RB 5 | between IN | through IN 92 RP 6 RB 2
during IN | without IN | within IN | against IN | among IN | amongst IN | across IN 93 RB 4 RP 3
along IN 75 RB 15 RP 10 | around IN 60 RB 30 RP 10 | behind IN 90 RB 8 RP 2 | below IN 70 RB 30
above IN 75 RB 15 JJ 10 | beside IN | besides IN 60 RB 40 | beyond IN 96 RB 4 | despite IN
except IN | inside IN 60 RB 20 NN 10 JJ 10 | outside IN 55 JJ 15 RB 20 NN 10 | near IN 75 JJ 15 RB 10
off RP 45 IN 40 RB 15 | out RP 60 IN 20 RB 20 | up RP 65 IN 15 RB 20 | down RP 45 RB 30 IN 25
away RB | back RB 60 NN 25 JJ 10 RP 3 VB 1 VBP 1 | per IN | since IN 95 RB 5 | than IN | though IN 75 RB 25
although IN | because IN | if IN | unless IN | until IN | till IN | while IN 90 NN 10 | whereas IN
whether IN | like IN 75 VB 12 VBP 8 JJ 5 | unlike IN | toward IN | towards IN | throughout IN
via IN | versus IN | vs IN | amid IN | atop IN | past JJ 35 NN 35 IN 25 RB 5 | so RB 75 IN 25
once RB 70 IN 30 | opposite JJ 50 IN 25 NN 25 | notwithstanding IN | aboard IN | concerning VBG 60 IN 40
to TO | not RB | n't RB | 's POS 75 VBZ 23 PRP 2 | 're VBP | 've VBP 70 VB 30 | 'll MD | 'd MD 60 VBD 40
'm VBP | ' POS 30 '' 70 | will MD 94 NN 4 NNP 2 | would MD | can MD 97 NN 3 | ca MD 40 NN 60 | could MD
may MD 80 NNP 20 | might MD 97 NN 3 | must MD 99 NN 1 | shall MD | should MD | wo MD | ought MD
be VB | am VBP 80 NN 15 RB 5 | is VBZ | are VBP | was VBD | were VBD | been VBN | being VBG 95 NN 5
have VBP 55 VB 45 | has VBZ | had VBD 80 VBN 20 | having VBG | do VBP 50 VB 50 | does VBZ
did VBD | done VBN 97 JJ 3 | doing VBG | there EX 75 RB 25 | here RB | then RB 98 JJ 2 | now RB | also RB
very RB 95 JJ 5 | too RB | only RB 80 JJ 20 | just RB 95 JJ 5 | even RB 92 JJ 8 | still RB 88 JJ 8 NN 4
ever RB | never RB | always RB | often RB | again RB | almost RB | already RB | quite RB 95 PDT 5
rather RB | perhaps RB | maybe RB | however RB 95 WRB 5 | therefore RB | thus RB | hence RB
soon RB | later RB 60 JJ 20 RBR 20 | more JJR 45 RBR 52 RB 3 | most JJS 45 RBS 50 RB 5
less JJR 40 RBR 55 IN 5 | least JJS 75 RBS 25 | much JJ 50 RB 50 | many JJ | few JJ | fewer JJR
several JJ | other JJ | others NNS | own JJ 85 VBP 8 VB 7 | same JJ | first JJ 75 RB 22 NN 3 | last JJ 85 RB 5 VB 4 VBP 3 NN 3
next JJ 80 IN 10 RB 10 | better JJR 65 RBR 30 RB 5 | best JJS 80 RBS 15 NN 5 | well RB 88 NN 5 UH 4 JJ 3
enough RB 45 JJ 55 | far RB 70 JJ 30 | long JJ 65 RB 35 | little JJ 75 RB 20 NN 5 | ago RB
together RB 90 RP 10 | today NN 85 RB 15 | yesterday NN 85 RB 15 | tomorrow NN 85 RB 15 | everyone NN
everybody NN | everything NN | someone NN | somebody NN | something NN | anyone NN | anybody NN
anything NN | nothing NN | nobody NN | none NN | according VBG | including VBG | due JJ 85 NN 10 RB 5
yes UH | oh UH | hello UH | ah UH | hey UH | please UH 60 VB 30 VBP 10 | let VB 60 VBD 15 VBN 20 VBP 5
people NNS | etc FW | et FW 60 CC 40 | al FW 70 NNP 30 | e.g. FW | i.e. FW | de FW 50 NNP 50 | la FW 50 NNP 50
left VBD 30 VBN 30 JJ 25 NN 10 RB 5 | mr NNP | mrs NNP | ms NNP | dr NNP | st NNP | jr NNP
a.m. RB | p.m. RB | monday NNP | tuesday NNP | wednesday NNP | thursday NNP | friday NNP
saturday NNP | sunday NNP | january NNP | february NNP | april NNP | june NNP | july NNP
september NNP | october NNP | november NNP | december NNP | german JJ 75 NNP 25 | french JJ 85 NNP 15
american JJ 90 NNP 10 | americans NNPS | germans NNPS | british JJ 92 NNPS 8 | english JJ 55 NNP 45
"""

# Verbs whose past tense and past participle differ: "VBD VBN" ("/" parts spellings).
IRREGULAR = """
arose arisen | awoke awoken | became become | befell befallen | began begun | bit bitten
blew blown | bore borne/born | broke broken | came come | chose chosen | did done | drank drunk
drew drawn | drove driven | ate eaten | fell fallen | flew flown | forbade forbidden
forgave forgiven | forgot forgotten | froze frozen | gave given | went gone | got gotten/got
grew grown | hid hidden | knew known | lay lain | mistook mistaken | overcame overcome
overthrew overthrown | overtook overtaken | ran run | rang rung | rode ridden | rose risen
sang sung | sank sunk | saw seen | shook shaken | shrank shrunk | sowed sown/sowed | spoke spoken
sprang sprung | stank stunk | stole stolen | strode stridden | strove striven | swam swum
swore sworn | swelled swollen/swelled | took taken | threw thrown | tore torn | trod trodden
undertook undertaken | underwent undergone | was been | were been | withdrew withdrawn | woke woken
wore worn | wove woven | wrote written | outgrew outgrown | overran overrun | rewrote rewritten
redid redone | undid undone | foresaw foreseen | oversaw overseen | partook partaken | beat beaten
showed shown/showed | proved proven/proved | mowed mown/mowed | sewed sewn/sewed | slew slain
smote smitten | bade bidden | begot begotten | clove cloven | forewent foregone | forsook forsaken
hewed hewn/hewed | sawed sawn/sawed | strewed strewn/strewed | shaved shaven/shaved | bid bid
"""

# Verbs whose past tense and past participle are written as the verb itself.
UNCHANGED = """
bet burst cast cost cut hit hurt let put quit read rid set shed shut slit split spread thrust upset
wed wet broadcast forecast offset outbid recast reset beset knit input output proofread reread
sublet typecast telecast miscast bid spit
""".split()


def closed_classes():
    """{word: {tag: share}} of CLOSED."""
    words = {}
    for entry in CLOSED.replace("\n", " | ").split("|"):
        parts = entry.split()
        if not parts:
            continue
        rest = parts[1:]
        shares = {rest[0]: 100} if len(rest) == 1 else dict(
            zip(rest[::2], (int(share) for share in rest[1::2])))
        words[parts[0]] = {tag: share / 100 for tag, share in shares.items()}
    return words


def irregular_pasts():
    """{form: set of VBD, VBN} of IRREGULAR."""
    forms = {}
    for entry in IRREGULAR.replace("\n", " | ").split("|"):
        if not entry.split():
            continue
        past, participle = entry.split()
        for tag, spellings in (("VBD", past), ("VBN", participle)):
            for form in spellings.split("/"):
                forms.setdefault(form, set()).add(tag)
    return forms
