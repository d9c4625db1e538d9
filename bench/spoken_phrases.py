"""Phrasings of bench/spoken_secrets.py, in two halves: see there. {} is what is said; {6} is a drawn number of 6 digits."""

from __future__ import annotations

Phrasings = dict[str, dict[str, list[str]]]

ASKED: dict[str, Phrasings] = {
    "card_number": {
        "en": {
            "development": [
                "Could I take the long number on the front of your card, please?",
                "What's the card number?",
            ],
            "apart": ["And which card would you like to pay with?", "Can you read me the sixteen digits of your Visa?"],
        },
        "fr": {
            "development": [
                "Quel est le numéro de votre carte bancaire, s'il vous plaît ?",
                "Je vous écoute pour le numéro de carte.",
            ],
            "apart": [
                "Vous pouvez me donner les seize chiffres de votre carte bleue ?",
                "Avec quelle carte souhaitez-vous régler ?",
            ],
        },
    },
    "security_code": {
        "en": {
            "development": ["And the three digits on the back of the card?", "What's the security code?"],
            "apart": [
                "Could you give me the CVV as well?",
                "And the last three numbers on the signature strip, please.",
            ],
        },
        "fr": {
            "development": ["Et le cryptogramme au dos de la carte ?", "Il me faut aussi les trois chiffres au dos."],
            "apart": ["Quel est le code de sécurité, au verso ?", "Et les trois derniers chiffres derrière la carte ?"],
        },
    },
    "bank_account": {
        "en": {
            "development": ["Which bank account should the refund go to?", "What's your sort code and account number?"],
            "apart": ["Could you read out your IBAN?", "I need the bank details for the direct debit."],
        },
        "fr": {
            "development": ["Sur quel compte bancaire faut-il vous rembourser ?", "Pouvez-vous me donner votre IBAN ?"],
            "apart": ["Il me faudrait votre RIB, s'il vous plaît.", "Quel est votre numéro de compte ?"],
        },
    },
    "national_id": {
        "en": {
            "development": ["What's your national insurance number?", "Can I have your social security number?"],
            "apart": ["Could you confirm your social, please?", "I need your N I number to find you."],
        },
        "fr": {
            "development": ["Quel est votre numéro de sécurité sociale ?", "Votre numéro de sécu, s'il vous plaît ?"],
            "apart": [
                "Il me faut les quinze chiffres de votre carte Vitale.",
                "Vous avez votre numéro d'assuré social ?",
            ],
        },
    },
    "password": {
        "en": {
            "development": ["What's the password on the account?", "Can you give me your PIN?"],
            "apart": ["And your memorable word, please?", "What is the passcode we sent you?"],
        },
        "fr": {
            "development": ["Quel est le mot de passe du compte ?", "Donnez-moi votre code secret."],
            "apart": ["Vous avez votre code confidentiel ?", "Quel code avez-vous reçu par SMS ?"],
        },
    },
    "email": {
        "en": {
            "development": ["What's your e-mail address?", "Where can I send the confirmation?"],
            "apart": ["Which email do we have for you?", "Could you spell your email for me?"],
        },
        "fr": {
            "development": ["Quelle est votre adresse e-mail ?", "À quelle adresse j'envoie la confirmation ?"],
            "apart": ["Vous avez un mail ?", "Votre courriel, s'il vous plaît ?"],
        },
    },
    "phone": {
        "en": {
            "development": ["What's the best number to call you back on?", "Can I take your phone number?"],
            "apart": ["And a mobile for you?", "Which number should the driver ring?"],
        },
        "fr": {
            "development": ["Quel est votre numéro de téléphone ?", "À quel numéro peut-on vous rappeler ?"],
            "apart": ["Vous avez un portable ?", "On vous joint à quel numéro ?"],
        },
    },
}

ANSWERS: Phrasings = {
    "en": {
        "development": ["{}.", "Yes, it's {}.", "Sure, hang on. {}, is that all right?"],
        "apart": ["Okay, that would be {}.", "Um, {}, I think.", "Let me see, I've got {} here."],
    },
    "fr": {
        "development": ["{}.", "Oui, c'est {}.", "Attendez, voilà, {}, c'est bon ?"],
        "apart": ["Alors ce serait {}.", "Euh, {}, je crois.", "Je regarde, j'ai {} sous les yeux."],
    },
}

PASSED: Phrasings = {
    "en": {
        "development": ["Blue Tiger", "four four one nine", "marmalade seven"],
        "apart": ["Willow", "eight two zero six", "2 9 5 7"],
    },
    "fr": {
        "development": ["Tournesol", "quatre deux un neuf", "soleil douze"],
        "apart": ["Marguerite", "soixante-deux vingt", "8 4 0 1"],
    },
}

MAILED: Phrasings = {
    "en": {
        "development": [
            "jane.miller@example.com",
            "anna dot berg at example dot org",
            "t o m at mail dot example dot net",
        ],
        "apart": ["rob underscore ford at example dot co dot uk", "sue_lane99@example.net", "kim at example dot com"],
    },
    "fr": {
        "development": [
            "paul.morel@example.fr",
            "julie point roche arobase example point fr",
            "l u c arobase example point com",
        ],
        "apart": [
            "marie tiret blanc arobase example point org",
            "denis_petit@example.com",
            "leo underscore sept arobase example point net",
        ],
    },
}

CHATTER: Phrasings = {
    "en": {
        "development": ["Hello, I want to pay for two tickets.", "Hi, it's about the delivery on the 4th of March."],
        "apart": ["Morning, I'd like to settle my bill.", "Good afternoon, I moved house three weeks ago."],
    },
    "fr": {
        "development": ["Bonjour, je voudrais payer deux billets.", "Bonjour, c'est pour la livraison du 4 mars."],
        "apart": ["Bonjour, je souhaite régler ma facture.", "Bonjour, j'ai déménagé il y a trois semaines."],
    },
}

HARMLESS: dict[str, dict[str, list[list[str]]]] = {
    "en": {
        "development": [
            ["What's your order number?", "It's {8}."],
            ["How much were you charged?", "They took {3} pounds, it should have been {2}."],
            ["Do you have the tracking number?", "Yes, {14}."],
            ["When did you travel?", "On the 12/03/2025, at about ten fifteen."],
            ["Which extension did you dial?", "I think it was {4}."],
            ["And the last four digits of the card, please?", "{4}."],
        ],
        "apart": [
            ["Can I have the booking reference?", "Sure, {10}."],
            ["What does the parcel label say?", "It says {12}, and it's from March 2024."],
            ["How many did you order?", "I ordered twenty-five, and got two hundred and fifty."],
            ["Which invoice is it about?", "Invoice {9}, for {4} euros."],
            ["What reading does the meter show?", "It shows {6}."],
            ["Which flight were you on?", "Flight {4} on the third of May twenty twenty-five."],
        ],
    },
    "fr": {
        "development": [
            ["Quel est votre numéro de commande ?", "C'est le {8}."],
            ["Combien vous a-t-on prélevé ?", "On m'a pris {3} euros au lieu de {2}."],
            ["Vous avez le numéro de suivi ?", "Oui, {14}."],
            ["Vous êtes parti quand ?", "Le 12/03/2025, vers dix heures quinze."],
            ["Quel poste avez-vous demandé ?", "Le poste {4}, je crois."],
            ["Et les quatre derniers chiffres de la carte ?", "{4}."],
        ],
        "apart": [
            ["Vous avez la référence du dossier ?", "Oui, {10}."],
            ["Qu'est-ce qui est écrit sur le colis ?", "C'est marqué {12}, envoyé en mars deux mille vingt-quatre."],
            ["Vous en aviez commandé combien ?", "J'en ai commandé vingt-cinq et j'en ai reçu deux cent cinquante."],
            ["C'est pour quelle facture ?", "La facture {9}, de {4} euros."],
            ["Que dit le compteur ?", "Il affiche {6}."],
            ["Quel était le numéro du train ?", "Le train {4}, le trois mai deux mille vingt-cinq."],
        ],
    },
}
